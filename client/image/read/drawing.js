/**
 * A drawing as text that any browser's parser takes: unpacked, decoded, and without what comes before its root. Entities are put in
 * where they are named, so that nothing is left for a parser to expand, and names that it forgot to explain are explained.
 *
 * @typedef {import('./bytes.js').Bytes} Bytes
 */
import { MatteboxError } from '../../shared/errors.js';
import { inflate } from './inflate.js';
import { markupOf, ROOT, rootAt } from './markup.js';

/** A drawing of more than this is a map or a photo in disguise, and would hold up the page. */
const MOST_BYTES = 20 * 1024 * 1024;
/** What comes before a root: comments of programs, their entities, a licence. */
const MOST_PROLOGUE = 2 ** 20;
const GZIP = 0x1f8b;
const SVG = 'http://www.w3.org/2000/svg';
const XLINK = 'http://www.w3.org/1999/xlink';
/** Other ways in which people write it. */
const NEARLY_SVG = /^https?:\/\/(?:www\.)?w3\.org\/(?:2000\/svg|svg)\/?$/i;
const ROOT_TAG = /<(?:([\w-]+):)?svg((?:\s+[^\s=>"'/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)/y;
const ENTITY = /<!ENTITY\s+([\w.-]+)\s+(?:"([^"]*)"|'([^']*)')\s*>/g;
const DECLARED = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/;

/**
 * @param {Bytes} bytes of a file that begins as markup does, or packed
 * @returns {Promise<boolean>} whether it is an SVG
 */
export async function isDrawing(bytes) {
  const start = await bytes.copy({ start: 0, end: Math.min(bytes.size, MOST_PROLOGUE) });
  const text = textOf(isPacked(start) ? await inflate(start, MOST_PROLOGUE, 'gzip') : start);
  return ROOT.test(text.slice(rootAt(text)));
}

/**
 * @param {Bytes} bytes of an SVG
 * @returns {Promise<string>} its root, and what is in it
 * @throws {MatteboxError} `unsupported-image` for one that is too large, also once it is unpacked
 */
export async function readDrawing(bytes) {
  if (bytes.size > MOST_BYTES) throw tooLarge();
  const file = await bytes.copy({ start: 0, end: bytes.size });
  const raw = isPacked(file) ? await inflate(file, MOST_BYTES + 1, 'gzip') : file;
  if (raw.length > MOST_BYTES) throw tooLarge();
  const text = textOf(raw);
  const at = rootAt(text);
  return explained(expanded(text.slice(at), entitiesIn(text.slice(0, at))));
}

const tooLarge = () => new MatteboxError('unsupported-image', { type: 'SVG', variant: 'very-large' });

/** @param {Uint8Array} file */
const isPacked = (file) => file[0] * 256 + file[1] === GZIP;

/**
 * @param {Uint8Array} raw
 * @returns {string} decoded as its first bytes say, or as its declaration does, or as UTF-8
 */
function textOf(raw) {
  const text = markupOf(raw);
  const [, name] = DECLARED.exec(text.slice(0, 1000)) ?? [];
  if (!name || /^utf-?\d/i.test(name)) return text;
  try {
    return new TextDecoder(name).decode(raw);
  } catch {
    // A name that no browser knows.
    return text;
  }
}

/**
 * @param {string} prologue
 * @returns {Map<string, string>} entities by their name; the first of each counts (XML 1.0, 4.2). What is in other files is not loaded
 */
function entitiesIn(prologue) {
  const found = new Map();
  for (const [, name, double, single] of prologue.matchAll(ENTITY)) if (!found.has(name)) found.set(name, double ?? single);
  return found;
}

/**
 * @param {string} text
 * @param {Map<string, string>} entities which are not looked through for others: no drawing needs that, and it is how a few lines
 *   become gigabytes
 */
function expanded(text, entities) {
  if (entities.size === 0) return text;
  let length = text.length;
  return text.replace(/&([\w.-]+);/g, (whole, name) => {
    const value = entities.get(name) ?? whole;
    length += value.length - whole.length;
    if (length > MOST_BYTES) throw tooLarge();
    return value;
  });
}

/**
 * Browsers show a drawing only if it says that it is one (its `xmlns`), which those that were copied out of a web page do not.
 * @param {string} text that begins with its root
 */
function explained(text) {
  ROOT_TAG.lastIndex = 0;
  const [tag, prefix, attributes] = ROOT_TAG.exec(text) ?? [];
  if (tag === undefined) return text;
  const name = prefix ? `xmlns:${prefix}` : 'xmlns';
  const said = valueOf(attributes, name);
  const added = said === null ? ` ${name}="${SVG}"` : '';
  const linked = text.includes('xlink:') && valueOf(attributes, 'xmlns:xlink') === null ? ` xmlns:xlink="${XLINK}"` : '';
  const kept = said !== null && NEARLY_SVG.test(said) ? tag.replace(said, SVG) : tag;
  return `${kept}${added}${linked}${text.slice(tag.length)}`;
}

/**
 * @param {string} attributes
 * @param {string} name
 * @returns {string | null}
 */
function valueOf(attributes, name) {
  for (const [, found, double, single] of attributes.matchAll(/\s([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) if (found === name) return double ?? single;
  return null;
}
