/**
 * What PNG files are made of (PNG specification, third edition).
 */

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** CRC-32 of each byte (annex D). */
export const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/**
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to
 * @returns {number} CRC-32 of that part
 */
export function crc32(bytes, from, to) {
  let crc = 0xffffffff;
  for (let i = from; i < to; i++) crc = CRC[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/**
 * @param {string} type four letters
 * @param {Uint8Array} data
 * @returns {Uint8Array<ArrayBuffer>} the whole chunk: length, type, data, CRC
 */
export function chunk(type, data) {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  view.setUint32(data.length + 8, crc32(out, 4, data.length + 8));
  return out;
}
