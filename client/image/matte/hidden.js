/**
 * What is cut away is gone from the file: under transparency too, where no viewer shows it and anyone can bring it back.
 *
 * Around what can be seen a rim keeps its colours, since programs that make a picture smaller mix in the pixels beside an edge. Beyond
 * it there is one colour, the mean of what can be seen: black or white would show in such mixing, and any single colour packs alike.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 */
import { packed } from '../scale/blocks.js';
import { LAST_CLEAR, pairsOf } from './levels.js';

/** Side in pixels of the squares in which the rim is counted: it is as wide as one at least, and less than two. */
export const CELL = 4;

/**
 * The largest matte that 8 bits round to 3. A model leaves such a haze over wide areas: on any background it is at most 3 levels
 * of 255, which no eye finds, and to divide by it brings back what is behind.
 */
export const HAZE = 4 * 257 - 129;

/**
 * @typedef {object} Visible what can be seen of a photo, or of a part of it that begins where one of its cells does
 * @property {Uint8Array} seen for each cell SEEN, CLEAR or HAZY
 * @property {Uint8Array} near 1 for each cell that is seen, or beside one that is; elsewhere a file has one colour
 * @property {Int32Array} surest the pixel of each cell with the most alpha
 */

/** Cells: nothing is there, or what 8 bits round to nothing; something that can be seen; something that cannot, and yet is left. */
const SEEN = 1;
const HAZY = 2;

/**
 * @param {Pixels} pixels colours are changed in place, alpha is not looked at and becomes 0 where they are
 * @param {Uint16Array} matte 0..65535, one per pixel
 * @param {number} [unseen] the largest value that does not count as seen
 * @param {Visible} [visible] where it is known already
 */
export function removeHidden(pixels, matte, unseen = HAZE, visible = visibleOf(pixels, matte, unseen)) {
  fillHidden(pixels, visible, meanColour(sumsOf(pixels, matte, visible)));
}

/**
 * @param {{ width: number, height: number }} size
 * @param {Uint16Array} matte 0..65535, one per pixel
 * @param {number} unseen the largest value that does not count as seen
 * @returns {Visible}
 */
export function visibleOf({ width, height }, matte, unseen) {
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const seen = new Uint8Array(columns * rows);
  const near = new Uint8Array(columns * rows);
  const surest = new Int32Array(columns * rows);
  const pairs = pairsOf(matte, width);
  for (let row = 0, cell = 0; row < rows; row++) {
    const bottom = Math.min(height, (row + 1) * CELL);
    for (let x = 0; x < width; x += CELL, cell++) {
      if (pairs && x + CELL <= width && isEmpty(pairs, (row * CELL * width + x) >> 1, (bottom * width) >> 1, width >> 1)) continue;
      const right = Math.min(width, x + CELL);
      let at = row * CELL * width + x;
      let most = matte[at];
      // Whether a cell is the subject's alone is told by its first pixel: none has more.
      for (let y = row * CELL; y < bottom && most < 65535; y++) {
        for (let i = y * width + x, end = y * width + right; i < end; i++) {
          if (matte[i] <= most) continue;
          most = matte[i];
          at = i;
        }
      }
      if (most > unseen) {
        seen[cell] = SEEN;
        surest[cell] = at;
        markAround(near, columns, rows, row, cell);
      } else if (most > LAST_CLEAR) seen[cell] = HAZY;
    }
  }
  return { seen, near, surest };
}

/**
 * @param {Int32Array} pairs of values
 * @param {number} from where a cell begins
 * @param {number} end of its rows
 * @param {number} stride
 */
function isEmpty(pairs, from, end, stride) {
  for (let at = from; at < end; at += stride) if ((pairs[at] | pairs[at + 1]) !== 0) return false;
  return true;
}

/**
 * @param {Uint8Array} near
 * @param {number} columns
 * @param {number} rows
 * @param {number} row
 * @param {number} cell
 */
function markAround(near, columns, rows, row, cell) {
  const column = cell - row * columns;
  const left = column > 0 ? cell - 1 : cell;
  const right = column < columns - 1 ? cell + 1 : cell;
  const up = row > 0 ? columns : 0;
  const down = row < rows - 1 ? columns : 0;
  for (let at = left; at <= right; at++) {
    near[at - up] = 1;
    near[at] = 1;
    near[at + down] = 1;
  }
}

/**
 * @param {Visible} visible of a part
 * @returns {boolean} whether anything is left where `fillHidden` gives a colour, so that a file has that colour there
 */
export function isHazy({ seen, near }) {
  return seen.some((state, cell) => state === HAZY && near[cell] === 0);
}

/**
 * @param {Pixels} pixels changed in place where nothing is seen near
 * @param {Visible} visible
 * @param {number} colour packed
 */
export function fillHidden({ data, width, height }, { near }, colour) {
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const pixels = packed(data);
  for (let row = 0, start = 0; row < rows; row++, start += columns) {
    const bottom = Math.min(height, (row + 1) * CELL);
    for (let from = 0; from < columns; from++) {
      if (near[start + from]) continue;
      let to = from + 1;
      while (to < columns && !near[start + to]) to++;
      const right = Math.min(width, to * CELL);
      for (let y = row * CELL; y < bottom; y++) pixels.fill(colour, y * width + from * CELL, y * width + right);
      from = to;
    }
  }
}

/** @typedef {[red: number, green: number, blue: number, weight: number]} Sums of colours; whole numbers, so in any order they are the same */

/**
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 * @param {Visible} visible
 * @returns {Sums} the colours of the surest pixel of each cell that is seen, weighed by it
 */
function sumsOf({ data }, matte, { seen, surest }) {
  let [red, green, blue, weight] = [0, 0, 0, 0];
  for (let cell = 0; cell < seen.length; cell++) {
    if (seen[cell] !== SEEN) continue;
    const most = matte[surest[cell]];
    const at = surest[cell] * 4;
    red += most * data[at];
    green += most * data[at + 1];
    blue += most * data[at + 2];
    weight += most;
  }
  return [red, green, blue, weight];
}

/** @param {Sums} sums @returns {number} packed, its alpha 0; black where there is nothing */
export function meanColour([red, green, blue, weight]) {
  const mean = (/** @type {number} */ sum) => (weight > 0 ? Math.round(sum / weight) : 0);
  return mean(red) | (mean(green) << 8) | (mean(blue) << 16);
}
