/**
 * An icon holds its picture in several sizes, and a browser may take the smallest: here it is given the largest only.
 *
 * @typedef {import('./bytes.js').Bytes} Bytes
 */
import { damaged } from './bytes.js';

const HEAD = 6;
const ENTRY = 16;

/**
 * @param {Bytes} bytes
 * @returns {Promise<Blob>} an icon of one size
 * @throws {import('../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function largestIcon(bytes) {
  const count = (await bytes.need(0, HEAD, 'ICO')).getUint16(4, true);
  const table = await bytes.need(HEAD, count * ENTRY, 'ICO');
  const entries = Array.from({ length: count }, (_, i) => {
    const at = i * ENTRY;
    // A side of 256 is written as 0. Of equal ones, the one with more colours.
    const area = (table.getUint8(at) || 256) * (table.getUint8(at + 1) || 256);
    const start = table.getUint32(at + 12, true);
    return { at, rank: area * 64 + table.getUint16(at + 6, true), start, end: start + table.getUint32(at + 8, true) };
  });
  const best = entries.sort((a, b) => b.rank - a.rank)[0];
  if (!best || best.end > bytes.size) throw damaged('ICO', 'no picture');
  const head = new Uint8Array(HEAD + ENTRY);
  head.set([0, 0, 1, 0, 1, 0]);
  head.set(new Uint8Array(table.buffer, table.byteOffset + best.at, ENTRY), HEAD);
  new DataView(head.buffer).setUint32(HEAD + 12, head.length, true);
  return new Blob([head, await bytes.copy(best)]);
}
