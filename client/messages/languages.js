/**
 * The languages that the page speaks. One more is a row here and a folder of its name, with the same files as en/: in each, the same
 * messages with the same parameters (CONTRIBUTING.md).
 */
import { LocalEntry } from '../shared/local-store.js';
import { speakEnglish } from './index.js';

/**
 * @typedef {object} Row
 * @property {string} name in the language itself
 * @property {'ltr' | 'rtl'} direction
 */

/** By BCP 47 tag, in the order in which they are offered. @type {Readonly<Record<string, Row>>} */
export const LANGUAGES = Object.freeze({
  ar: { name: 'العربية', direction: 'rtl' },
  de: { name: 'Deutsch', direction: 'ltr' },
  en: { name: 'English', direction: 'ltr' },
  es: { name: 'Español', direction: 'ltr' },
  fr: { name: 'Français', direction: 'ltr' },
  it: { name: 'Italiano', direction: 'ltr' },
  ja: { name: '日本語', direction: 'ltr' },
  nl: { name: 'Nederlands', direction: 'ltr' },
  pl: { name: 'Polski', direction: 'ltr' },
  'pt-BR': { name: 'Português (Brasil)', direction: 'ltr' },
  'zh-Hans': { name: '简体中文', direction: 'ltr' },
});

/** For tests and translators, asked for by name only: nothing that is read may look like English then. @type {Readonly<Record<string, Row>>} */
export const PSEUDO = Object.freeze({
  'en-XA': { name: 'Pseudo', direction: 'ltr' },
  'ar-XB': { name: 'Pseudo, right to left', direction: 'rtl' },
});

/** @param {import('../shared/local-store.js').OpenStorage} [open] @returns {string | null} a language that was chosen at an earlier visit */
export function recallLanguage(open) {
  const tag = new LocalEntry('language', open).read();
  return Object.hasOwn(LANGUAGES, tag) ? tag : null;
}

/** @param {string} tag @param {import('../shared/local-store.js').OpenStorage} [open] @returns {boolean} whether the next visit will know it */
export const rememberLanguage = (tag, open) => new LocalEntry('language', open).write(tag);

/** Traditional characters are another way to write, which whoever prefers it has a reason for. @param {string} tag */
const isTraditional = (tag) => /^zh-(?:Hant|TW|HK|MO)\b/iu.test(tag);

/** @param {string} tag that somebody prefers @returns {string | undefined} what we have of it, by the language alone if need be */
function ours(tag) {
  if (Object.hasOwn(LANGUAGES, tag)) return tag;
  const [language] = tag.split('-');
  return isTraditional(tag) ? undefined : Object.keys(LANGUAGES).find((one) => one.split('-')[0] === language.toLowerCase());
}

/**
 * @param {string | null} asked by the address; an unknown one asks for nothing
 * @param {string | null} chosen by the person, at an earlier visit
 * @param {readonly string[]} preferred BCP 47 tags, best first: `navigator.languages`
 * @returns {string} a key of `LANGUAGES` or `PSEUDO`
 */
export function pickLanguage(asked, chosen, preferred) {
  if (asked !== null && Object.hasOwn(PSEUDO, asked)) return asked;
  const named = asked === null ? undefined : ours(asked);
  return named ?? chosen ?? preferred.flatMap((tag) => ours(tag) ?? [])[0] ?? 'en';
}

/** @param {string} tag @returns {(part: string) => Promise<import('./index.js').Messages>} by the names of English's files */
export function partsOf(tag) {
  if (Object.hasOwn(PSEUDO, tag)) return (part) => import('./pseudo.js').then(({ pseudo }) => pseudo(tag, part));
  return (part) => import(`./${tag}/${part}.js`).then(({ default: words }) => words);
}

/**
 * Has the page speak this language from now on, what stands in it included. A language that cannot be had leaves English.
 * @param {string} tag a key of `LANGUAGES` or `PSEUDO`
 * @param {Document} [page]
 */
export async function speakIn(tag, page = document) {
  if (tag === 'en') return speakEnglish();
  const part = partsOf(tag);
  const [{ translatePage }, ...words] = await Promise.all([import('./page.js'), part('page'), part('first'), part('models')]);
  translatePage(tag, { ...LANGUAGES, ...PSEUDO }[tag].direction, Object.assign({}, ...words), part, page);
  if (Object.hasOwn(LANGUAGES, tag)) page.querySelector('link[rel=manifest]')?.setAttribute('href', `manifest.${tag}.webmanifest`);
}
