/**
 * A matte from the model's size to the photo's, with nothing but the matte: what the model gave, made larger or smaller
 * as Pillow's `LANCZOS` does it in float, and quantised once at the end. The full-size matte never exists in float:
 * 12 megapixels would be 48 MB of it.
 */
import { snapped } from './levels.js';
import { kernel } from '../scale/resample.js';

/** Columns that are skipped together where the matte is flat. */
const TILE = 64;

/**
 * Below this distance from 0 (or 1) everywhere under the kernel, the result rounds to 0 (or 255) in 8 bit: half a level, over
 * the most that the absolute weights of the kernel can sum to (1.54, half way between two inputs).
 */
const FLAT = 0.5 / 255 / 1.6;

const ZERO = 0;
const ONE = 1;
const MIXED = 2;

/**
 * @param {Float32Array} matte `height` x `width`, 0..1
 * @param {number} width
 * @param {number} height
 * @param {number} toWidth
 * @param {number} toHeight
 * @returns {Uint16Array<ArrayBuffer>} `toHeight` x `toWidth`, 0..65535, the ends snapped
 */
export function enlargeMatte(matte, width, height, toWidth, toHeight) {
  const down = kernel(height, toHeight);
  const across = stretchRows(matte, width, height, toWidth);
  const tiles = tileStates(across, toWidth, height);
  const perRow = Math.ceil(toWidth / TILE);
  const line = new Float32Array(toWidth);
  const out = new Uint16Array(toWidth * toHeight);
  for (let y = 0; y < toHeight; y++) {
    const top = down.first[y];
    const weights = down.weights.subarray(y * down.taps, (y + 1) * down.taps);
    for (let t = 0; t < perRow; t++) {
      const start = t * TILE;
      const end = Math.min(start + TILE, toWidth);
      const state = together(tiles, perRow, top, down.taps, t);
      if (state === ONE) out.fill(65535, y * toWidth + start, y * toWidth + end);
      else if (state === MIXED) {
        weigh(across, toWidth, top, weights, line, start, end);
        for (let x = start, at = y * toWidth + start; x < end; x++, at++) out[at] = snapped(line[x]);
      }
    }
  }
  return out;
}

/**
 * `matte` at the places of a grid whose cells cover `extentX` x `extentY` of its pixels together (a little more than there are
 * where the last cells are only partly covered), as float.
 * @param {Float32Array} matte `height` x `width`, 0..1
 * @param {number} width
 * @param {number} height
 * @param {{ width: number, height: number, extentX: number, extentY: number }} grid
 * @returns {Float32Array<ArrayBuffer>} `grid.height` x `grid.width`, 0..1
 */
export function resampleMatte(matte, width, height, grid) {
  const across = stretchRows(matte, width, height, grid.width, grid.extentX);
  const down = kernel(height, grid.height, grid.extentY);
  const out = new Float32Array(grid.width * grid.height);
  for (let y = 0; y < grid.height; y++) {
    const line = out.subarray(y * grid.width, (y + 1) * grid.width);
    weigh(across, grid.width, down.first[y], down.weights.subarray(y * down.taps, (y + 1) * down.taps), line, 0, grid.width);
    for (let x = 0; x < grid.width; x++) line[x] = line[x] < 0 ? 0 : line[x] > 1 ? 1 : line[x];
  }
  return out;
}

/**
 * @param {Float32Array} matte
 * @param {number} width
 * @param {number} height
 * @param {number} toWidth
 * @param {number} [extent]
 * @returns {Float32Array} `height` x `toWidth`, not clipped
 */
function stretchRows(matte, width, height, toWidth, extent) {
  const { taps, first, weights } = kernel(width, toWidth, extent);
  const rows = new Float32Array(toWidth * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, k = 0; x < toWidth; x++, to++) {
      let sum = 0;
      for (let at = y * width + first[x], end = at + taps; at < end; at++, k++) sum += weights[k] * matte[at];
      rows[to] = sum;
    }
  }
  return rows;
}

/**
 * line[start..end] = the rows from `top` on, weighed. Enlarging takes 7 taps, of which one is 0; that case is unrolled and takes half
 * the time.
 * @param {Float32Array} rows
 * @param {number} width
 * @param {number} top
 * @param {Float32Array} weights
 * @param {Float32Array} line
 * @param {number} start
 * @param {number} end
 */
function weigh(rows, width, top, weights, line, start, end) {
  if (weights.length === 7) {
    const [a, b, c, d, e, f, g] = weights;
    for (let x = start, i = top * width + start; x < end; x++, i++) {
      line[x] = a * rows[i] + b * rows[i + width] + c * rows[i + width * 2] + d * rows[i + width * 3] +
        e * rows[i + width * 4] + f * rows[i + width * 5] + g * rows[i + width * 6];
    }
    return;
  }
  line.fill(0, start, end);
  for (let k = 0; k < weights.length; k++) {
    const w = weights[k];
    for (let x = start, i = (top + k) * width + start; x < end; x++, i++) line[x] += w * rows[i];
  }
}

/**
 * @param {Float32Array} rows
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array} for each tile of each row ZERO, ONE or MIXED
 */
function tileStates(rows, width, height) {
  const perRow = Math.ceil(width / TILE);
  const states = new Uint8Array(perRow * height);
  for (let y = 0; y < height; y++) {
    for (let t = 0; t < perRow; t++) {
      let least = Infinity;
      let most = -Infinity;
      for (let i = y * width + t * TILE, end = y * width + Math.min((t + 1) * TILE, width); i < end; i++) {
        if (rows[i] < least) least = rows[i];
        if (rows[i] > most) most = rows[i];
      }
      states[y * perRow + t] = least > -FLAT && most < FLAT ? ZERO : least > 1 - FLAT && most < 1 + FLAT ? ONE : MIXED;
    }
  }
  return states;
}

/**
 * @param {Uint8Array} states
 * @param {number} perRow
 * @param {number} top first row
 * @param {number} count rows
 * @param {number} tile
 */
function together(states, perRow, top, count, tile) {
  const state = states[top * perRow + tile];
  for (let k = 1; k < count; k++) if (states[(top + k) * perRow + tile] !== state) return MIXED;
  return state;
}
