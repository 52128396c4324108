/**
 * Turning pixels upright, for decoders that leave it to us.
 *
 * @typedef {import('./decode.js').Pixels} Pixels
 */
import { isSideways } from './heads/head.js';

/** By EXIF's number: whether columns and rows are read backwards, before they are exchanged. */
const BACKWARDS = /** @type {Record<number, [boolean, boolean]>} */ ({
  2: [true, false],
  3: [true, true],
  4: [false, true],
  5: [false, false],
  6: [false, true],
  7: [true, true],
  8: [true, false],
});

/**
 * @param {Pixels} pixels as stored
 * @param {number} orientation 1..8, as EXIF counts
 * @returns {Pixels} upright; itself where there is nothing to turn
 */
export function orient(pixels, orientation) {
  const backwards = BACKWARDS[orientation];
  if (!backwards) return pixels;
  const { data, width, height } = pixels;
  const from = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const to = new Uint32Array(width * height);
  const [columns, rows] = backwards;
  const sideways = isSideways(orientation);
  const [across, down] = sideways ? [height, width] : [width, height];
  // A step to the right, and one down, in the result is this far in the source.
  const stepX = columns ? -1 : 1;
  const stepY = rows ? -width : width;
  const first = (columns ? width - 1 : 0) + (rows ? (height - 1) * width : 0);
  const [right, below] = sideways ? [stepY, stepX] : [stepX, stepY];
  for (let y = 0, out = 0; y < down; y++) {
    for (let x = 0, at = first + y * below; x < across; x++, at += right) to[out++] = from[at];
  }
  return { data: new Uint8ClampedArray(to.buffer), width: across, height: down };
}
