/**
 * Sums over blocks of a photo's pixels: what every smaller picture of it begins with.
 */
import { kernelsFor } from './kernels.js';

/**
 * @param {Uint8ClampedArray} data RGBA
 * @returns {Int32Array} the same memory, a number per pixel: red is its lowest byte, as every browser's machine has it. Signed, since an
 *   opaque pixel then is a small number, which costs nothing before the code around it is optimised
 */
export function packed(data) {
  return new Int32Array(data.buffer, data.byteOffset, data.length >> 2);
}

/** Rows whose sums fit the 16 bits that they are held in. */
const MOST_ROWS = 257;

/**
 * @param {{ data: Uint8ClampedArray, width: number, height: number }} photo
 * @param {number} across pixels along a block; the last blocks may have fewer
 * @param {number} down
 * @param {(row: number, rows: number, sums: Uint32Array, mean: (scale: number, lastScale: number) => Uint8Array) => void} each called for each row of blocks
 *   with how many rows of pixels it has, and red, green, blue and alpha of each block in turn; `mean` gives them times `scale`, the last one's times
 *   `lastScale`, as RGBA with alpha 0
 */
export function eachRowOfBlocks({ data, width, height }, across, down, each) {
  const columns = Math.ceil(width / across);
  const most = Math.min(down, height, MOST_ROWS);
  const { kernels, buffer, at } = kernelsFor({ pixels: most * width * 4, line: width * 8, sums: columns * 16, out: columns * 4 });
  const pixels = new Uint8Array(buffer, at.pixels);
  const sums = new Uint32Array(buffer, at.sums, columns * 4);
  const out = new Uint8Array(buffer, at.out, columns * 4);
  const mean = (/** @type {number} */ scale, /** @type {number} */ lastScale) => {
    if (columns > 1) kernels.mean(at.sums, columns - 1, scale, at.out);
    kernels.mean(at.sums + (columns - 1) * 16, 1, lastScale, at.out + (columns - 1) * 4);
    return out;
  };
  for (let top = 0, row = 0; top < height; top += down, row++) {
    const bottom = Math.min(height, top + down);
    sums.fill(0);
    for (let y = top; y < bottom; y += most) {
      const rows = Math.min(most, bottom - y);
      pixels.set(data.subarray(y * width * 4, (y + rows) * width * 4));
      kernels.sum(at.pixels, width, rows, across, at.line, at.sums);
    }
    each(row, bottom - top, sums, mean);
  }
}
