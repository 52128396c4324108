/**
 * Exif with a copyright and an artist, and how the picture is to be turned, and nothing else: no place, no time, no camera.
 *
 * The fields are ASCII by the letter (CIPA DC-008, 4.6.2); UTF-8 is what programs write and read there.
 */

const ASCII = 2;
const SHORT = 3;
const ORIENTATION = 0x0112;
/** In the order that TIFF demands (TIFF 6.0, section 2). */
const TAGS = /** @type {const} */ ([[0x013b, 'artist'], [0x8298, 'copyright']]);

/**
 * @param {{ artist: string | null, copyright: string | null, orientation?: number }} facts `orientation` 2..8, left out when upright
 * @returns {Uint8Array<ArrayBuffer> | null} a TIFF structure, little-endian; null when there is nothing to tell
 */
export function writeCredits({ orientation = 1, ...credits }) {
  const texts = TAGS.flatMap(([tag, name]) => {
    const bytes = new TextEncoder().encode(`${credits[name]}\0`);
    return credits[name] ? [{ tag, type: ASCII, count: bytes.length, bytes }] : [];
  });
  const turn = { tag: ORIENTATION, type: SHORT, count: 1, bytes: Uint8Array.of(orientation, 0) };
  const fields = orientation > 1 ? [turn, ...texts] : texts;
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

/**
 * Up to four bytes stand in the entry itself; what is longer stands behind the table, at an even offset.
 * @param {number} length of a value
 * @returns {number} bytes behind the table
 */
function outside(length) {
  return length <= 4 ? 0 : length + (length & 1);
}
