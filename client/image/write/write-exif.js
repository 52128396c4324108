/**
 * Exif with a copyright, an artist, a density, and how the picture is to be turned, and nothing else: no place, no time, no
 * camera.
 *
 * The texts are ASCII by the letter (CIPA DC-008, 4.6.2); UTF-8 is what programs write and read there.
 *
 * @typedef {{ tag: number, type: number, count: number, bytes: Uint8Array }} Field
 */
import { TAG } from '../read/exif.js';
import { concat } from '../join.js';

const ASCII = 2;
const SHORT = 3;
const RATIONAL = 5;
const INCH = 2;
/** Of a density's fraction, where it is no whole number. */
const DENOMINATOR = 10_000;

/**
 * @param {{ artist?: string | null, copyright?: string | null, density?: import('../read/density.js').Density | null, orientation?: number }} facts
 *   `orientation` 2..8, left out when upright
 * @returns {Uint8Array<ArrayBuffer> | null} a TIFF structure, little-endian; null when there is nothing to tell
 */
export function writeExif({ artist, copyright, density, orientation = 1 }) {
  // In the order that TIFF demands (TIFF 6.0, section 2).
  const fields = [...turn(orientation), ...(density ? resolution(density) : []), ...words(TAG.artist, artist), ...words(TAG.copyright, copyright)];
  if (fields.length === 0) return null;
  const table = 8;
  const end = table + 2 + fields.length * 12 + 4;
  const values = fields.reduce((sum, { bytes }) => sum + outside(bytes.length), 0);
  const out = new Uint8Array(end + values);
  const view = new DataView(out.buffer);
  view.setUint32(0, 0x002a4949, true); // "II", 42
  view.setUint32(4, table, true);
  view.setUint16(table, fields.length, true);
  let to = end;
  fields.forEach(({ tag, type, count, bytes }, i) => {
    const at = table + 2 + i * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    const isInline = outside(bytes.length) === 0;
    if (!isInline) view.setUint32(at + 8, to, true);
    out.set(bytes, isInline ? at + 8 : to);
    to += outside(bytes.length);
  });
  return out;
}

/** @param {number} orientation @returns {Field[]} */
function turn(orientation) {
  return orientation > 1 ? [{ tag: TAG.orientation, type: SHORT, count: 1, bytes: Uint8Array.of(orientation, 0) }] : [];
}

/** @param {import('../read/density.js').Density} density @returns {Field[]} */
function resolution({ x, y }) {
  const unit = { tag: TAG.resolutionUnit, type: SHORT, count: 1, bytes: Uint8Array.of(INCH, 0) };
  return [{ tag: TAG.xResolution, type: RATIONAL, count: 1, bytes: fraction(x) }, { tag: TAG.yResolution, type: RATIONAL, count: 1, bytes: fraction(y) }, unit];
}

/** @param {number} value */
function fraction(value) {
  const denominator = Number.isInteger(value) ? 1 : DENOMINATOR;
  return concat(...[Math.round(value * denominator), denominator].map((part) => Uint8Array.of(part, part >> 8, part >> 16, part >> 24)));
}

/** @param {number} tag @param {string | null} [text] @returns {Field[]} */
function words(tag, text) {
  if (!text) return [];
  const bytes = new TextEncoder().encode(`${text}\0`);
  return [{ tag, type: ASCII, count: bytes.length, bytes }];
}

/**
 * Up to four bytes stand in the entry itself; what is longer stands behind the table, at an even offset.
 * @param {number} length of a value
 * @returns {number} bytes behind the table
 */
function outside(length) {
  return length <= 4 ? 0 : length + (length & 1);
}
