/**
 * Where in the photo the subject is.
 *
 * The matte is surveyed once, in square cells, so that what follows costs little at any size. A matte also holds specks: islands that
 * the model saw in a busy background. Neighbouring cells belong together, and an island that weighs less than a hundredth of the
 * largest is no part of the subject; the tip of a finger or a whisker, however thin, hangs together with the rest and is.
 *
 * Nothing stands out where the model nowhere holds a subject for likelier than none, or where all it does is specks: haze and noise
 * are no product, whatever frame is asked for.
 *
 * @typedef {{ x: number, y: number, width: number, height: number }} Box in the photo's pixels
 *
 * @typedef {object} Subject
 * @property {Box} box of all of it that can be seen, to the pixel
 * @property {number} cell side of a cell in pixels
 * @property {number} columns
 * @property {number} rows
 * @property {Float32Array} cover `rows` x `columns`, mean alpha 0..1 of each cell, 0 where the subject is not
 */

import { pairsOf, VISIBLE } from '../matte/levels.js';
import { LIKELY } from '../matte/matte.js';

/** Cells along the photo's longer side, at most. */
const CELLS = 512;

/** Part of the largest island's weight below which one is a speck. */
const SPECK = 0.01;

/** Part of the photo below which a whole subject is one: 24 x 24 pixels of 12 megapixels, of which a model sees 5 of its own. */
const LEAST = 1 / 20_000;

/**
 * @param {Uint16Array} matte
 * @param {number} width
 * @param {number} height
 * @param {number} [most] 0..255, the most opaque that the photo is by itself: of a picture at half transparency no matte is 1
 * @returns {Subject | null} null when nothing stands out
 */
export function findSubject(matte, width, height, most = 255) {
  const grid = survey(matte, width, height);
  const sure = Math.max(VISIBLE, most * 257 * LIKELY);
  if (!dropSpecks(grid, sure, (LEAST * width * height * most) / (255 * grid.cell ** 2))) return null;
  const box = boxOf(grid, matte, width, height);
  return box && { box, cell: grid.cell, columns: grid.columns, rows: grid.rows, cover: grid.cover };
}

/**
 * @typedef {{ cell: number, columns: number, rows: number, cover: Float32Array, peak: Uint16Array, seen: Uint8Array }} Grid `peak` is the
 *   largest value of each cell, `seen` 1 for a cell with any pixel that can be seen
 */

/**
 * @param {Uint16Array} matte
 * @param {number} width
 * @param {number} height
 * @returns {Grid}
 */
function survey(matte, width, height) {
  const cell = Math.ceil(Math.max(width, height) / CELLS);
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  const cover = new Float32Array(columns * rows);
  const peak = new Uint16Array(columns * rows);
  const sums = new Float64Array(columns);
  const pairs = cell % 2 === 0 ? pairsOf(matte, width) : null;
  for (let row = 0; row < rows; row++) {
    const bottom = Math.min(height, (row + 1) * cell);
    sums.fill(0);
    for (let y = row * cell; y < bottom; y++) {
      for (let column = 0, at = y * width; column < columns; column++) {
        const end = Math.min((y + 1) * width, at + cell);
        let sum = 0;
        let most = 0;
        if (pairs && isFlat(pairs, at >> 1, end >> 1)) {
          most = matte[at];
          sum = most * (end - at);
          at = end;
        }
        for (; at < end; at++) {
          const value = matte[at];
          sum += value;
          if (value > most) most = value;
        }
        sums[column] += sum;
        const i = row * columns + column;
        if (most > peak[i]) peak[i] = most;
      }
    }
    // Cells at the far edges are smaller; as parts of a whole one, they weigh what they cover.
    for (let column = 0; column < columns; column++) cover[row * columns + column] = sums[column] / (65535 * cell * cell);
  }
  return { cell, columns, rows, cover, peak, seen: Uint8Array.from(peak, (value) => (value > VISIBLE ? 1 : 0)) };
}

/**
 * @param {Int32Array} pairs of values
 * @param {number} from
 * @param {number} end
 * @returns {boolean} whether all are 0, or all are 65535
 */
function isFlat(pairs, from, end) {
  const first = pairs[from];
  if (first !== 0 && first !== -1) return false;
  for (let at = from + 1; at < end; at++) if (pairs[at] !== first) return false;
  return true;
}

/**
 * Clear the cells that are not the subject's.
 * @param {Grid} grid
 * @param {number} sure a value that one of a subject's pixels has at least
 * @param {number} least that a subject weighs, in cells
 * @returns {boolean} whether there is a subject
 */
function dropSpecks({ columns, rows, cover, peak, seen }, sure, least) {
  const island = new Int32Array(seen.length);
  const weights = [0];
  let largest = 0;
  const open = new Int32Array(seen.length);
  for (let from = 0; from < seen.length; from++) {
    if (!seen[from] || island[from]) continue;
    const name = weights.length;
    let weight = 0;
    let most = 0;
    let count = 1;
    open[0] = from;
    island[from] = name;
    while (count > 0) {
      const at = open[--count];
      weight += cover[at];
      most = Math.max(most, peak[at]);
      const x = at % columns;
      const y = (at - x) / columns;
      for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) {
          const near = v * columns + u;
          if (!seen[near] || island[near]) continue;
          island[near] = name;
          open[count++] = near;
        }
      }
    }
    weights.push(weight);
    if (most >= sure) largest = Math.max(largest, weight);
  }
  for (let i = 0; i < seen.length; i++) {
    if (seen[i] && weights[island[i]] >= largest * SPECK) continue;
    seen[i] = 0;
    cover[i] = 0;
  }
  return largest > 0 && largest >= least;
}

/**
 * @param {Grid} grid
 * @param {Uint16Array} matte
 * @param {number} width
 * @param {number} height
 * @returns {Box | null}
 */
function boxOf({ cell, columns, rows, seen }, matte, width, height) {
  const outer = { left: columns, top: rows, right: -1, bottom: -1 };
  for (let i = 0; i < seen.length; i++) if (seen[i]) include(outer, i % columns, Math.floor(i / columns));
  if (outer.right < 0) return null;

  // Only the outermost cells decide where the box ends.
  const box = { left: width, top: height, right: -1, bottom: -1 };
  for (let i = 0; i < seen.length; i++) {
    const column = i % columns;
    const row = Math.floor(i / columns);
    const isOuter = column === outer.left || column === outer.right || row === outer.top || row === outer.bottom;
    if (!seen[i] || !isOuter) continue;
    for (let y = row * cell; y < Math.min(height, (row + 1) * cell); y++) {
      for (let x = column * cell; x < Math.min(width, (column + 1) * cell); x++) {
        if (matte[y * width + x] > VISIBLE) include(box, x, y);
      }
    }
  }
  return { x: box.left, y: box.top, width: box.right - box.left + 1, height: box.bottom - box.top + 1 };
}

/**
 * @param {{ left: number, top: number, right: number, bottom: number }} bounds
 * @param {number} x
 * @param {number} y
 */
function include(bounds, x, y) {
  if (x < bounds.left) bounds.left = x;
  if (x > bounds.right) bounds.right = x;
  if (y < bounds.top) bounds.top = y;
  if (y > bounds.bottom) bounds.bottom = y;
}
