/**
 * A photo on a coarser grid, whose cells are whole blocks of its pixels: what filters of the matte and of its colours work on,
 * so that their cost does not grow with the photo.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {object} Grid
 * @property {number} step pixels along a cell's side; the last cells of a row and a column may cover fewer
 * @property {number} width cells
 * @property {number} height cells
 */
import { eachRowOfBlocks } from '../scale/blocks.js';

/**
 * @param {number} width of the photo
 * @param {number} height
 * @param {number} step
 * @returns {Grid}
 */
export function gridOf(width, height, step) {
  return { step, width: Math.ceil(width / step), height: Math.ceil(height / step) };
}

/**
 * The finest grid with at most `cells` cells.
 * @param {number} width of the photo
 * @param {number} height
 * @param {number} cells
 * @returns {Grid}
 */
export function gridWithin(width, height, cells) {
  let step = Math.max(1, Math.floor(Math.sqrt((width * height) / cells)));
  while (Math.ceil(width / step) * Math.ceil(height / step) > cells && step < Math.max(width, height)) step++;
  return gridOf(width, height, step);
}

/**
 * Mean colour of each cell.
 * @param {Pixels} pixels
 * @param {Grid} grid
 * @returns {[Float32Array, Float32Array, Float32Array]} red, green and blue, 0..1
 */
export function meanColours(pixels, grid) {
  const { step } = grid;
  const size = grid.width * grid.height;
  const red = new Float32Array(size);
  const green = new Float32Array(size);
  const blue = new Float32Array(size);
  eachRowOfBlocks(pixels, step, step, (row, rows, sums) => {
    for (let x = 0, s = 0, cell = row * grid.width; x < grid.width; x++, s += 4, cell++) {
      const scale = 1 / (255 * rows * Math.min(step, pixels.width - x * step));
      red[cell] = sums[s] * scale;
      green[cell] = sums[s + 1] * scale;
      blue[cell] = sums[s + 2] * scale;
    }
  });
  return [red, green, blue];
}

/**
 * Where pixels lie between the middles of cells.
 * @param {number} length pixels
 * @param {number} cells
 * @param {number} step
 * @returns {Places}
 *
 * @typedef {object} Places
 * @property {Int32Array} first the first pixel between each cell's middle and the next one's; one more, the end of the last
 * @property {Float32Array} share of each pixel, of the way from the middle before it to the next one's
 */
export function places(length, cells, step) {
  const first = new Int32Array(cells + 1).fill(length);
  const share = new Float32Array(length);
  for (let i = length - 1; i >= 0; i--) {
    const place = Math.min(Math.max((i + 0.5) / step - 0.5, 0), cells - 1);
    const cell = Math.floor(place);
    share[i] = place - cell;
    first[cell] = i;
  }
  return { first, share };
}

/** @type {(from: number, to: number, share: number) => number} linear interpolation: what lies between two values, `share` of the way */
export const lerp = (from, to, share) => from + share * (to - from);
