/**
 * A matte from the model's size to the photo's, with nothing but the matte: what the model gave, made larger or smaller
 * as Pillow's `LANCZOS` does it in float, and quantised once at the end. The full-size matte never exists in float:
 * 12 megapixels would be 48 MB of it.
 */
import { snapped } from './levels.js';
import { kernel } from '../scale/lanczos.js';
import { filterRows, weighRows } from '../scale/plane.js';

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
  const across = filterRows(matte, width, height, kernel(width, toWidth));
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
        weighRows(across, toWidth, top, weights, line, start, end);
        for (let x = start, at = y * toWidth + start; x < end; x++, at++) out[at] = snapped(line[x]);
      }
    }
  }
  return out;
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
