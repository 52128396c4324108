/**
 * The languages that the page speaks. One more is a row here and the file it names, whose default export is a `Language` (en.js): its
 * messages by the same keys, with the same parameters.
 *
 * @typedef {import('./en.js').Language} Language
 */
import { speakEnglish } from './index.js';

/** By BCP 47 tag. English is here already. @type {Record<string, () => Promise<{ default: Language }>>} */
export const LANGUAGES = {
  en: () => import('./en.js'),
  // For tests and translators: nothing that is read may look like English then.
  'en-XA': () => import('./pseudo.js'),
};

/** Asked for by name only. */
const PSEUDO = ['en-XA'];

/**
 * @param {string | null} asked by the address; an unknown one asks for nothing
 * @param {readonly string[]} preferred BCP 47 tags, best first: `navigator.languages`
 * @returns {string} a key of `LANGUAGES`
 */
export function pickLanguage(asked, preferred) {
  if (asked !== null && Object.hasOwn(LANGUAGES, asked)) return asked;
  const offered = Object.keys(LANGUAGES).filter((tag) => !PSEUDO.includes(tag));
  const [best] = preferred.flatMap((tag) => offered.find((one) => one === tag) ?? offered.find((one) => one === tag.split('-')[0]) ?? []);
  return best ?? 'en';
}

/**
 * Has the page speak this language from now on, what stands in it included. A language that cannot be had leaves English.
 * @param {string} tag a key of `LANGUAGES`
 * @param {Document} [page]
 */
export async function speakIn(tag, page = document) {
  if (tag === 'en') return speakEnglish();
  const [{ translatePage }, { default: messages }] = await Promise.all([import('./page.js'), LANGUAGES[tag]()]);
  translatePage(tag, messages, page);
}
