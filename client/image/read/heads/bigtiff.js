/**
 * BigTIFF: TIFF whose places have 64 bits (libtiff's design of 2007). Its first directory, as that of a TIFF.
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('../exif.js').Directory} Directory
 */

/** Bytes of one value, by type; the last ones have 64 bits. */
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
const MOST_ENTRIES = 4096;

/**
 * @param {Bytes} bytes
 * @returns {Promise<Directory | null>} null where there is none to be read
 */
export async function readBigDirectory(bytes) {
  const head = await bytes.view(0, 16);
  if (head.byteLength < 16) return null;
  const little = head.getUint16(0) === 0x4949;
  const at = Number(head.getBigUint64(8, little));
  const counted = await bytes.view(at, 8);
  if (head.getUint16(4, little) !== 8 || counted.byteLength < 8) return null;
  const count = Math.min(Number(counted.getBigUint64(0, little)), MOST_ENTRIES);
  const table = await bytes.view(at + 8, count * 20);
  const entries = new Map();
  for (let i = 0; i + 20 <= table.byteLength; i += 20) {
    const [tag, type] = [table.getUint16(i, little), table.getUint16(i + 2, little)];
    const values = Number(table.getBigUint64(i + 4, little));
    const length = values * (SIZES[type] ?? 0);
    const start = length <= 8 ? at + 8 + i + 12 : Number(table.getBigUint64(i + 12, little));
    if (length > 0 && start + length <= bytes.size && !entries.has(tag)) entries.set(tag, { type, count: values, start, bytes: length });
  }
  return { little, entries, table: { start: at + 8, end: at + 8 + table.byteLength }, next: 0 };
}
