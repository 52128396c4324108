/**
 * A colour profile, credits and a density into a WebP file (RFC 9649).
 *
 * @typedef {import('./embed.js').Metadata} Metadata
 * @typedef {{ name: string, at: number, end: number }} Chunk `end` is after the padding
 */
import { contentsWithDensity } from './embed.js';
import { concat, latin } from '../join.js';

/**
 * In the order of RFC 9649, 2.7.
 * @param {Uint8Array<ArrayBuffer>} file WebP, one picture
 * @param {Metadata | null} metadata
 * @returns {Promise<Uint8Array<ArrayBuffer>[]>} the new file in parts, so that the picture is not copied
 */
export async function embedInWebp(file, metadata) {
  const { profile, exif } = await contentsWithDensity(metadata);
  if (!profile && !exif) return [file];
  const picture = riffChunks(file).filter(({ name }) => name === 'ALPH' || name === 'VP8 ' || name === 'VP8L');
  const { width, height, hasAlpha } = shape(file, picture);
  const extended = new Uint8Array(10);
  const view = new DataView(extended.buffer);
  extended[0] = (profile ? 0x20 : 0) | (hasAlpha ? 0x10 : 0) | (exif ? 0x08 : 0);
  view.setUint32(4, width - 1, true);
  view.setUint16(7, (height - 1) & 0xffff, true);
  extended[9] = (height - 1) >> 16;
  const parts = [riffChunk('VP8X', extended)];
  if (profile) parts.push(riffChunk('ICCP', profile));
  for (const { at, end } of picture) parts.push(file.subarray(at, end));
  if (exif) parts.push(riffChunk('EXIF', exif));
  const head = latin('RIFF\0\0\0\0WEBP');
  new DataView(head.buffer).setUint32(4, 4 + parts.reduce((sum, { length }) => sum + length, 0), true);
  return [head, ...parts];
}

/**
 * Sizes as the picture's own header has them (2.5 to 2.7).
 * @param {Uint8Array} file
 * @param {Chunk[]} picture
 */
function shape(file, picture) {
  const hasAlphaChunk = picture.some(({ name }) => name === 'ALPH');
  const { name, at } = picture[picture.length - 1];
  const view = new DataView(file.buffer, file.byteOffset + at + 8);
  if (name === 'VP8L') {
    const bits = view.getUint32(1, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, hasAlpha: ((bits >>> 28) & 1) === 1 };
  }
  return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff, hasAlpha: hasAlphaChunk };
}

/**
 * @param {Uint8Array} file
 * @returns {Chunk[]}
 */
function riffChunks(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks = [];
  for (let at = 12; at + 8 <= file.length; ) {
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length + (length & 1);
    chunks.push({ name: String.fromCharCode(...file.subarray(at, at + 4)), at, end });
    at = end;
  }
  return chunks;
}

/**
 * @param {string} name
 * @param {Uint8Array} data
 */
function riffChunk(name, data) {
  const head = latin(`${name}\0\0\0\0`);
  new DataView(head.buffer).setUint32(4, data.length, true);
  return concat(head, data, new Uint8Array(data.length & 1));
}
