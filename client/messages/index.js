/**
 * What a person reads, by key, in their language.
 *
 * A message is a whole sentence, or a label, with named parameters in braces: `'{name} is ready.'`. One that counts is a pattern for each
 * plural category (https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html), chosen by its parameter `count`.
 * Numbers are written as the language writes them; anything else is put in as it is, so what needs a unit comes from format.js.
 *
 * Keys and parameters are types: an unknown key, a missing parameter and a key whose messages are not loaded yet do not compile.
 */
import first from './en/first.js';
import seam from './en/seam.js';

/** @typedef {string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>)} Message */
/** @typedef {Readonly<Record<string, Message>>} Messages */
/** @typedef {Record<string, string | number>} Params */
/**
 * @template {string} P a pattern
 * @typedef {P extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never} NamesIn
 */
/**
 * @template M a message
 * @typedef {M extends string ? NamesIn<M> : M extends { other: infer P extends string } ? NamesIn<P> | 'count' : never} Names
 */
/**
 * @template M a message
 * @typedef {[Names<M>] extends [never] ? [] : [params: { [Name in Names<M>]: Name extends 'count' ? number : string | number }]} Args
 */
/**
 * @template T a table of messages
 * @typedef {<K extends keyof T>(key: K, ...params: Args<T[K]>) => string} Say
 */

/** Shown where the language that is spoken has no message. @type {Record<string, Message>} */
const english = { ...seam, ...first };
/** English is spelled as in Britain. */
const BRITISH = 'en-GB';
let locale = BRITISH;
/** @type {Messages} */
let spoken = english;
/** Brings more of the language that is spoken; null for English. @type {((part: string) => Promise<Messages>) | null} */
let bring = null;
let isRightToLeft = false;
/** Made when first needed: a formatter costs a page milliseconds. @type {Map<string, any>} */
const formatters = new Map();

/** @returns {string} BCP 47 tag of the language that is spoken */
export const language = () => locale;

/**
 * Speaks another language from now on. What is on the page already stays as it is.
 * @param {string} tag BCP 47
 * @param {Messages} messages
 * @param {(part: string) => Promise<Messages>} [more] brings a part that is loaded later, by the name of English's
 * @param {'ltr' | 'rtl'} [direction]
 */
export function speak(tag, messages, more, direction = 'ltr') {
  locale = tag;
  spoken = messages;
  bring = more ?? null;
  isRightToLeft = direction === 'rtl';
  formatters.clear();
}

/** Speaks English again. */
export const speakEnglish = () => speak(BRITISH, english);

/** Words of the language that is spoken, on their way. @type {Set<Promise<unknown>>} */
const coming = new Set();

/**
 * Messages that came later: those of English at once, and what the language that is spoken has of them. Whoever says them waits for it (`withWords`).
 * @param {string} part
 * @param {Messages} messages
 */
export function extend(part, messages) {
  Object.assign(english, messages);
  if (!bring) return;
  const table = spoken;
  // What cannot be had is said in English.
  const words = bring(part).then((more) => Object.assign(table, more), () => {}).finally(() => coming.delete(words));
  coming.add(words);
}

/**
 * A module that is loaded later, once what it says is here, too. Not by an `await` at the top of a module: of those, WebKit gives modules away too soon, or
 * never, where two that are being loaded share one (https://bugs.webkit.org/show_bug.cgi?id=242740).
 * @template T
 * @param {Promise<T>} loading
 * @returns {Promise<T>}
 */
export async function withWords(loading) {
  const module = await loading;
  while (coming.size > 0) await Promise.all(coming);
  return module;
}

/**
 * A formatter of `Intl` for the language that is spoken.
 * @template T
 * @param {new (locale: string, options?: any) => T} Formatter
 * @param {object} [options]
 * @returns {T}
 */
export function formatter(Formatter, options = {}) {
  const key = `${Formatter.name} ${JSON.stringify(options)}`;
  if (!formatters.has(key)) formatters.set(key, new Formatter(locale, options));
  return formatters.get(key);
}

/**
 * The first number that `Intl` writes costs a page 25 ms, and 300 ms on a busy machine (measured, Chromium 156). English needs no such
 * data: whoever speaks it does not wait for it.
 * @returns {boolean}
 */
export const isEnglish = () => spoken === english;

/** @param {string} digits @returns {string} "1,234.5" */
const grouped = (digits) => digits.replace(/^-?\d{4,}/u, (whole) => whole.replace(/\B(?=(?:\d{3})+$)/gu, ','));

/** @param {unknown} count @returns {Intl.LDMLPluralRule} */
const categoryOf = (count) => (isEnglish() ? (count === 1 ? 'one' : 'other') : formatter(Intl.PluralRules).select(Number(count)));

/**
 * @param {number} value
 * @param {number} [digits] behind the point, exactly; as many as there are (three at most) when left out
 * @returns {string}
 */
export function number(value, digits) {
  if (isEnglish()) return grouped(digits === undefined ? String(Number(value.toFixed(3))) : value.toFixed(digits));
  return formatter(Intl.NumberFormat, digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/**
 * @param {Message} message
 * @param {Params} [params]
 * @returns {string}
 */
export function fill(message, params = {}) {
  const pattern = typeof message === 'string' ? message : message[categoryOf(params.count)] ?? message.other;
  return pattern.replace(/\{([\w-]+)\}/gu, (_, name) => {
    const value = params[name];
    return typeof value === 'number' ? number(value) : String(value);
  });
}

/** Names and sizes keep their own way within words that run from right to left (U+2068, U+2069). @param {Params} params @returns {Params} */
const isolated = (params) => Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === 'string' && value !== '' ? `\u2068${value}\u2069` : value]));

/**
 * For keys that are put together of a code: whoever does so makes sure, by type or by test, that each has a message. One that comes from
 * elsewhere and has none is said as it is.
 * @param {string} key
 * @param {Params} [params]
 * @returns {string}
 */
export const lookUp = (key, params) => fill(spoken[key] ?? english[key] ?? key, isRightToLeft && params && !key.startsWith('join.') ? isolated(params) : params);

/** @param {string} key @param {Params} [params] @returns {string} in English, whatever is spoken: for those who read code */
export const inEnglish = (key, params) => fill(english[key], params);

/** @param {string} key @returns {boolean} there is a message for it */
export const has = (key) => key in english;

/**
 * What our catalog says of a model. Operators have models of their own, and may call ours as they like: that stays as they wrote it.
 * @param {string} words in English
 * @returns {string}
 */
export const ofCatalog = (words) => String(spoken[`catalog.${words}`] ?? words);

/** @type {Say<typeof first>} */
export const t = (key, ...params) => lookUp(key, .../** @type {[Params?]} */ (params));
