/**
 * Whose a photo is, by its XMP (ISO 16684-1, 8.3). A worker has no parser of XML, and two properties need none: they are found
 * by their names under the prefix that all programs write.
 */

const ENTITIES = /** @type {Record<string, string>} */ ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" });
/** Of a creator, of whom there may be several. */
const MOST_ITEMS = 16;

/**
 * @param {string} xmp
 * @returns {import('./metadata.js').Rights}
 */
export function rightsInXmp(xmp) {
  return { copyright: property(xmp, 'dc:rights', 1), artist: property(xmp, 'dc:creator', MOST_ITEMS) };
}

/**
 * @param {string} xmp
 * @param {string} name
 * @param {number} most items: of the languages of one text the first is the default
 * @returns {string | null}
 */
function property(xmp, name, most) {
  const start = xmp.search(new RegExp(`<${name}[\\s>]`));
  if (start < 0) return null;
  const end = xmp.indexOf(`</${name}>`, start);
  if (end < 0) return null;
  const body = xmp.slice(xmp.indexOf('>', start) + 1, end);
  const items = [...body.matchAll(/<rdf:li[^>]*>([^<]*)</g)].slice(0, most).map(([, text]) => text);
  const found = items.length > 0 ? items : [body.includes('<') ? '' : body];
  return found.map((text) => unescaped(text).trim()).filter(Boolean).join(', ') || null;
}

/** @param {string} text */
function unescaped(text) {
  return text.replace(/&(#x?[\da-f]+|\w+);/gi, (whole, name) => {
    if (name[0] !== '#') return ENTITIES[name] ?? whole;
    const code = name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
