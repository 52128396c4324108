/**
 * Whose a photo is, by its IPTC records (IPTC-IIM 4.2, chapters 3 and 6), which lie in Photoshop's image resources.
 */
import { decodeText } from './exif.js';

const RESOURCE = 0x3842494d; // 8BIM
const IPTC = 0x0404;
const MARK = 0x1c;
const BYLINE = 80;
const COPYRIGHT = 116;

/**
 * @param {Uint8Array<ArrayBuffer>} bytes image resources, or the records themselves
 * @returns {import('./metadata.js').Rights}
 */
export function rightsInIptc(bytes) {
  const records = bytes[0] === MARK ? bytes : resource(bytes);
  const found = /** @type {Map<number, string | null>} */ (new Map());
  for (let at = 0; at + 5 <= records.length && records[at] === MARK; ) {
    const length = (records[at + 3] << 8) | records[at + 4];
    // Longer data sets say so in the highest bit, and none of them is a text.
    if (length & 0x8000) break;
    const [record, set] = [records[at + 1], records[at + 2]];
    if (record === 2 && !found.has(set)) found.set(set, decodeText(records.subarray(at + 5, at + 5 + length)));
    at += 5 + length;
  }
  return { copyright: found.get(COPYRIGHT) ?? null, artist: found.get(BYLINE) ?? null };
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function resource(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 12 <= bytes.length && view.getUint32(at) === RESOURCE; ) {
    // Its name, and then its data, are padded to an even length.
    const name = at + 6 + ((bytes[at + 6] + 2) & ~1);
    if (name + 4 > bytes.length) break;
    const length = view.getUint32(name);
    if (view.getUint16(at + 4) === IPTC) return bytes.subarray(name + 4, name + 4 + length);
    at = name + 4 + ((length + 1) & ~1);
  }
  return bytes.subarray(0, 0);
}
