/**
 * What is cut away is gone from the file: under transparency too, where no viewer shows it and anyone can bring it back.
 *
 * Around what can be seen a rim keeps its colours, since programs that make a picture smaller mix in the pixels beside an edge. Beyond
 * it there is one colour, the mean of what can be seen: black or white would show in such mixing, and any single colour packs alike.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 */
import { packed } from '../scale/blocks.js';
import { LAST_CLEAR } from './levels.js';

/** Side in pixels of the squares in which the rim is counted: it is as wide as one at least, and less than two. */
export const CELL = 4;

/**
 * The largest matte that 8 bits round to 3. A model leaves such a haze over wide areas: on any background it is at most 3 levels
 * of 255, which no eye finds, and to divide by it brings back what is behind.
 */
export const HAZE = 4 * 257 - 129;

/**
 * @param {Pixels} pixels colours are changed in place, alpha is not looked at and becomes 0 where they are
 * @param {Uint16Array} matte 0..65535, one per pixel
 * @param {number} [unseen] the largest value that does not count as seen
 */
export function removeHidden(pixels, matte, unseen = HAZE) {
  const { seen, sums } = survey(pixels, matte, unseen);
  fillHidden(pixels, seen, meanColour(sums));
}

/**
 * @param {{ width: number, height: number }} size of a part
 * @param {Uint8Array} seen as `survey` gives it
 * @returns {boolean} whether anything is left where `fillHidden` gives a colour, so that a file has that colour there
 */
export function isHazy({ width, height }, seen) {
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  return seen.some((state, cell) => state === HAZY && !isNear(seen, columns, rows, cell % columns, Math.floor(cell / columns)));
}

/**
 * @param {Pixels} pixels changed in place where nothing is seen near
 * @param {Uint8Array} seen as `survey` gives it
 * @param {number} colour packed
 */
export function fillHidden({ data, width, height }, seen, colour) {
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const pixels = packed(data);
  for (let row = 0; row < rows; row++) {
    const bottom = Math.min(height, (row + 1) * CELL);
    for (let from = 0; from < columns; from++) {
      if (isNear(seen, columns, rows, from, row)) continue;
      let to = from + 1;
      while (to < columns && !isNear(seen, columns, rows, to, row)) to++;
      const right = Math.min(width, to * CELL);
      for (let y = row * CELL; y < bottom; y++) pixels.fill(colour, y * width + from * CELL, y * width + right);
      from = to;
    }
  }
}

/** Cells: nothing is there, or what 8 bits round to nothing; something that can be seen; something that cannot, and yet is left. */
const SEEN = 1;
const HAZY = 2;

/** @typedef {[red: number, green: number, blue: number, weight: number]} Sums of colours; whole numbers, so in any order they are the same */

/**
 * @param {Pixels} pixels a photo, or a part of it that begins where one of its cells does
 * @param {Uint16Array} matte
 * @param {number} unseen
 * @returns {{ seen: Uint8Array, sums: Sums }} for each cell SEEN, CLEAR or HAZY; and the colours of the surest pixel of each that is seen, weighed by it
 */
export function survey({ data, width, height }, matte, unseen) {
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const seen = new Uint8Array(columns * rows);
  let [red, green, blue, weight] = [0, 0, 0, 0];
  for (let row = 0, cell = 0; row < rows; row++) {
    const bottom = Math.min(height, (row + 1) * CELL);
    for (let x = 0; x < width; x += CELL, cell++) {
      const right = Math.min(width, x + CELL);
      let most = 0;
      let at = 0;
      for (let y = row * CELL; y < bottom; y++) {
        for (let i = y * width + x, end = y * width + right; i < end; i++) {
          if (matte[i] <= most) continue;
          most = matte[i];
          at = i * 4;
        }
      }
      if (most <= unseen) {
        if (most > LAST_CLEAR) seen[cell] = HAZY;
        continue;
      }
      seen[cell] = SEEN;
      red += most * data[at];
      green += most * data[at + 1];
      blue += most * data[at + 2];
      weight += most;
    }
  }
  return { seen, sums: [red, green, blue, weight] };
}

/** @param {Sums} sums @returns {number} packed, its alpha 0; black where there is nothing */
export function meanColour([red, green, blue, weight]) {
  const mean = (/** @type {number} */ sum) => (weight > 0 ? Math.round(sum / weight) : 0);
  return mean(red) | (mean(green) << 8) | (mean(blue) << 16);
}

/**
 * @param {Uint8Array} seen
 * @param {number} columns
 * @param {number} rows
 * @param {number} column
 * @param {number} row
 * @returns {boolean} whether the cell or one of those around it is seen
 */
function isNear(seen, columns, rows, column, row) {
  const left = Math.max(0, column - 1);
  const right = Math.min(columns - 1, column + 1);
  for (let v = Math.max(0, row - 1); v <= Math.min(rows - 1, row + 1); v++) {
    for (let u = left; u <= right; u++) if (seen[v * columns + u] === SEEN) return true;
  }
  return false;
}
