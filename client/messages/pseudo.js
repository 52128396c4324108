/**
 * Languages that nobody speaks, made of English. `en-XA` has accents, is a third longer and stands in brackets: what is read on the page
 * without them is no message, and brackets within brackets are messages that are glued. `ar-XB` is the same, read from right to left.
 */

/** @type {Record<string, string>} */
const ACCENTS = { a: 'á', c: 'ç', d: 'ð', e: 'é', g: 'ĝ', h: 'ĥ', i: 'í', j: 'ĵ', k: 'ķ', l: 'ļ', n: 'ñ', o: 'ó', r: 'ŕ', s: 'š', t: 'ţ', u: 'ú', w: 'ŵ', y: 'ý', z: 'ž', A: 'Á', C: 'Ç', D: 'Ð', E: 'É', G: 'Ĝ', H: 'Ĥ', I: 'Í', J: 'Ĵ', K: 'Ķ', L: 'Ļ', N: 'Ñ', O: 'Ó', R: 'Ŕ', S: 'Š', T: 'Ţ', U: 'Ú', W: 'Ŵ', Y: 'Ý', Z: 'Ž' };

/** What only puts pieces together, and what is no word. @param {string} key */
const isPlain = (key) => /^(?:join|unit|share)\.(?!bytes)/u.test(key);

/** @param {string} pattern */
function accented(pattern) {
  const words = pattern.replace(/\{[\w-]+\}|[A-Za-z]/gu, (found) => ACCENTS[found] ?? found);
  const letters = pattern.replace(/\{[\w-]+\}/gu, '').length;
  // In pieces as long as words are: one that fills a line by itself is none of any language.
  const longer = '~'.repeat(Math.ceil(letters / 3)).replace(/~{8}(?=~)/gu, '$& ');
  return `⟦${words}${longer}⟧`;
}

/** Every word from right to left, as letters of Arabic are (U+202E, U+202C); what is put in keeps its own way. @param {string} pattern */
const mirrored = (pattern) => accented(pattern).replace(/[^\s{}⟦⟧]+(?![^{]*\})/gu, (word) => `\u202e${word}\u202c`);

/** @type {Record<string, (pattern: string) => string>} */
const WAYS = { 'en-XA': accented, 'ar-XB': mirrored };

/**
 * @param {string} tag
 * @param {string} part of English
 * @returns {Promise<import('./index.js').Messages>}
 */
export async function pseudo(tag, part) {
  const { default: english } = await import(`./en/${part}.js`);
  const way = WAYS[tag];
  const said = (/** @type {import('./index.js').Message} */ message) => (typeof message === 'string' ? way(message) : Object.fromEntries(Object.entries(message).map(([category, pattern]) => [category, way(pattern)])));
  const entries = Object.entries(/** @type {import('./index.js').Messages} */ (english));
  return /** @type {import('./index.js').Messages} */ (Object.fromEntries(entries.map(([key, message]) => [key, isPlain(key) ? message : said(message)])));
}
