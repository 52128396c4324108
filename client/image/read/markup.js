/**
 * Files that are texts: what such a file is, by the root of its markup.
 *
 * @typedef {import('./sniff.js').Kind} Kind
 */

const GZIP = 0x1f8b;

const DOCTYPE = /<!DOCTYPE/iy;
/** An SVG's root, at the beginning of a text. */
export const ROOT = /^<(?:[\w-]+:)?svg[\s/>]/;

/**
 * @param {Uint8Array} head the first `SNIFF_BYTES` of a file that has no signature, or all of it
 * @returns {Kind | null} null when its root is unknown
 */
export function markupKind(head) {
  const text = markupOf(head);
  const root = text.slice(rootAt(text));
  if (ROOT.test(root)) return { type: 'SVG', isPhoto: true };
  return /^<(?:html|head|body|title)\b/i.test(root) ? { type: 'HTML', isPhoto: false } : null;
}

/**
 * @param {Uint8Array} head
 * @returns {boolean} whether more of the file may tell that it is a drawing: it is packed, or only what comes before a root is seen
 */
export function mayBeDrawing(head) {
  if (head[0] * 256 + head[1] === GZIP) return true;
  const text = markupOf(head);
  return /^\uFEFF?\s*</.test(text) && rootAt(text) >= text.length;
}

/**
 * @param {Uint8Array} raw
 * @returns {string} as UTF-16 where its first bytes are so, with a mark or without, else as UTF-8
 */
export function markupOf(raw) {
  const first = raw[0] * 256 + raw[1];
  const isLittle = first === 0xfffe || first === 0x3c00;
  return new TextDecoder(isLittle ? 'utf-16le' : first === 0xfeff || first === 0x003c ? 'utf-16be' : 'utf-8').decode(raw);
}

/**
 * @param {string} text of an XML document
 * @returns {number} where its root begins, behind spaces, instructions, comments and a document type; the text's length where these do
 *   not end in it
 */
export function rootAt(text) {
  for (let at = text.search(/[^\uFEFF\s]/); at >= 0 && at < text.length; ) {
    DOCTYPE.lastIndex = at;
    if (text.startsWith('<?', at)) at = behind(text, '?>', at);
    else if (text.startsWith('<!--', at)) at = behind(text, '-->', at + 4);
    else if (DOCTYPE.test(text)) at = behindDoctype(text, at + 9);
    else return at;
    const blanks = /\s*/y;
    blanks.lastIndex = at;
    at += blanks.exec(text)?.[0].length ?? 0;
  }
  return text.length;
}

/** @param {string} text @param {string} what @param {number} from */
function behind(text, what, from) {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at + what.length;
}

/**
 * @param {string} text
 * @param {number} from within a document type, which may hold declarations in brackets, comments, and names in quotes
 */
function behindDoctype(text, from) {
  const parts = /<!--|"|'|\[|\]|>/g;
  let isInside = false;
  for (let at = from; at < text.length; ) {
    parts.lastIndex = at;
    const found = parts.exec(text);
    if (!found) break;
    at = found.index + found[0].length;
    if (found[0] === '<!--') at = behind(text, '-->', at);
    else if (found[0] === '"' || found[0] === "'") at = behind(text, found[0], at);
    else if (found[0] === '>' && !isInside) return at;
    else if (found[0] !== '>') isInside = found[0] === '[';
  }
  return text.length;
}
