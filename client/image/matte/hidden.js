/**
 * What is cut away is gone from the file: under transparency too, where no viewer shows it and anyone can bring it back.
 *
 * Around what can be seen a rim keeps its colours, since programs that make a picture smaller mix in the pixels beside an edge. Beyond
 * it there is one colour, the mean of what can be seen: black or white would show in such mixing, and any single colour packs alike.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 */
import { packed } from '../scale/blocks.js';

/** Side in pixels of the squares in which the rim is counted: it is as wide as one at least, and less than two. */
const CELL = 4;

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
export function removeHidden({ data, width, height }, matte, unseen = HAZE) {
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const pixels = packed(data);
  const { seen, colour } = survey(data, matte, width, height, columns, rows, unseen);
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

/**
 * @param {Uint8ClampedArray} data
 * @param {Uint16Array} matte
 * @param {number} width
 * @param {number} height
 * @param {number} columns
 * @param {number} rows
 * @param {number} unseen
 * @returns {{ seen: Uint8Array, colour: number }} the cells with anything that can be seen, and the mean of the surest pixel of each
 */
function survey(data, matte, width, height, columns, rows, unseen) {
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
      if (most <= unseen) continue;
      seen[cell] = 1;
      red += most * data[at];
      green += most * data[at + 1];
      blue += most * data[at + 2];
      weight += most;
    }
  }
  const mean = (/** @type {number} */ sum) => (weight > 0 ? Math.round(sum / weight) : 0);
  return { seen, colour: mean(red) | (mean(green) << 8) | (mean(blue) << 16) };
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
    for (let u = left; u <= right; u++) if (seen[v * columns + u]) return true;
  }
  return false;
}
