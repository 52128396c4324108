/**
 * A language that nobody speaks: English with accents, a third longer, in brackets. What is read on the page without them is no message,
 * and brackets within brackets are messages that are glued.
 */
import ENGLISH from './en.js';

/** @type {Record<string, string>} */
const ACCENTS = { a: 'á', c: 'ç', d: 'ð', e: 'é', g: 'ĝ', h: 'ĥ', i: 'í', j: 'ĵ', k: 'ķ', l: 'ļ', n: 'ñ', o: 'ó', r: 'ŕ', s: 'š', t: 'ţ', u: 'ú', w: 'ŵ', y: 'ý', z: 'ž', A: 'Á', C: 'Ç', D: 'Ð', E: 'É', G: 'Ĝ', H: 'Ĥ', I: 'Í', J: 'Ĵ', K: 'Ķ', L: 'Ļ', N: 'Ñ', O: 'Ó', R: 'Ŕ', S: 'Š', T: 'Ţ', U: 'Ú', W: 'Ŵ', Y: 'Ý', Z: 'Ž' };

/** What only puts pieces together, and what is no word. @param {string} key */
const isPlain = (key) => /^(?:join|unit|share|language)\.(?!bytes)/u.test(key);

/** @param {string} pattern */
function accented(pattern) {
  const words = pattern.replace(/\{[\w-]+\}|[A-Za-z]/gu, (found) => ACCENTS[found] ?? found);
  const letters = pattern.replace(/\{[\w-]+\}/gu, '').length;
  return `⟦${words}${'~'.repeat(Math.ceil(letters / 3))}⟧`;
}

/** @param {import('./index.js').Message} message @returns {import('./index.js').Message} */
const pseudo = (message) => (typeof message === 'string' ? accented(message) : /** @type {any} */ (Object.fromEntries(Object.entries(message).map(([category, pattern]) => [category, accented(pattern)]))));

const PSEUDO = Object.entries(ENGLISH).map(([key, message]) => [key, isPlain(key) ? message : pseudo(message)]);
export default /** @type {import('./en.js').Language} */ (Object.fromEntries(PSEUDO));
