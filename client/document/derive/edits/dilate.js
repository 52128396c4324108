/**
 * Grey dilation: each pixel becomes the largest value around it, within an octagon. An octagon is a sum of short lines in four directions,
 * and along a line the largest value in a window costs three comparisons, however long it is (van Herk 1992; Gil and Werman 1993): values
 * are gathered forwards and backwards within blocks as long as the window, and each window spans two blocks at most.
 */

/**
 * @typedef {object} Octagon as nearly round as lines of whole pixels make it; the larger holds the smaller
 * @property {number} straight half-length of the line across, and of the one down
 * @property {number} diagonal half-length of the two diagonal ones, in steps
 * @property {0 | 1} cross whether a pixel and its four neighbours are added, by which it grows half as much along diagonals
 */

/**
 * @param {number} radius whole, at least 1
 * @returns {Octagon}
 */
export function octagon(radius) {
  // Along the axes it reaches as far as the radius says, along diagonals as near to it as halves of a step come.
  const halves = Math.round(2 * radius * (1 - Math.SQRT1_2));
  const cross = /** @type {0 | 1} */ (halves % 2);
  const diagonal = (halves - cross) / 2;
  return { straight: radius - 2 * diagonal - cross, diagonal, cross };
}

/**
 * @param {Uint16Array} values row by row, changed in place; within a radius of its rim they are not the largest of all around
 * @param {number} width
 * @param {number} height
 * @param {number} radius whole
 */
export function dilate(values, width, height, radius) {
  if (radius === 0) return;
  const { straight, diagonal, cross } = octagon(radius);
  const forth = new Uint16Array(values.length);
  const back = new Uint16Array(values.length);
  alongRows(values, width, height, straight, forth, back);
  for (const [lean, reach] of [[0, straight], [1, diagonal], [-1, diagonal]]) acrossRows(values, width, height, lean, reach, forth, back);
  if (cross) addCross(values, width, height, forth);
}

/** @param {Uint16Array} values @param {number} width @param {number} height @param {number} reach @param {Uint16Array} forth @param {Uint16Array} back */
function alongRows(values, width, height, reach, forth, back) {
  if (reach === 0) return;
  const block = 2 * reach + 1;
  for (let start = 0; start < width * height; start += width) {
    const end = start + width;
    for (let first = start; first < end; first += block) {
      const after = Math.min(first + block, end);
      let most = 0;
      for (let i = first; i < after; i++) forth[i] = most = values[i] > most ? values[i] : most;
      most = 0;
      for (let i = after - 1; i >= first; i--) back[i] = most = values[i] > most ? values[i] : most;
    }
    for (let i = start + reach; i < end - reach; i++) {
      const before = back[i - reach];
      const after = forth[i + reach];
      values[i] = before > after ? before : after;
    }
  }
}

/**
 * @param {Uint16Array} values
 * @param {number} width
 * @param {number} height
 * @param {number} lean columns to the right for each row down: 0 or 1 or -1
 * @param {number} reach rows to each side
 * @param {Uint16Array} forth
 * @param {Uint16Array} back
 */
function acrossRows(values, width, height, lean, reach, forth, back) {
  if (reach === 0) return;
  const block = 2 * reach + 1;
  const step = width + lean;
  // Where a line leaves the rows at their side, it begins anew.
  const [from, to] = [1, width - 1];
  for (let y = 0; y < height; y++) {
    const start = y * width;
    if (y % block === 0) forth.set(values.subarray(start, start + width), start);
    else larger(forth, values, start, forth, start - step, from, to, width);
    const up = height - 1 - y;
    if (up % block === block - 1 || up === height - 1) back.set(values.subarray(up * width, (up + 1) * width), up * width);
    else larger(back, values, up * width, back, up * width + step, from, to, width);
  }
  for (let y = reach; y < height - reach; y++) {
    const start = y * width;
    const shift = reach * step;
    const side = Math.abs(lean) * reach;
    for (let i = start + side, end = start + width - side; i < end; i++) {
      const before = back[i - shift];
      const after = forth[i + shift];
      values[i] = before > after ? before : after;
    }
  }
}

/**
 * A row of the larger of two; at its ends the values alone.
 * @param {Uint16Array} out
 * @param {Uint16Array} values
 * @param {number} start
 * @param {Uint16Array} others
 * @param {number} other where their row begins
 * @param {number} from
 * @param {number} to
 * @param {number} width
 */
function larger(out, values, start, others, other, from, to, width) {
  out[start] = values[start];
  out[start + width - 1] = values[start + width - 1];
  for (let x = from; x < to; x++) {
    const value = values[start + x];
    const before = others[other + x];
    out[start + x] = value > before ? value : before;
  }
}

/** @param {Uint16Array} values @param {number} width @param {number} height @param {Uint16Array} before */
function addCross(values, width, height, before) {
  before.set(values);
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1, end = (y + 1) * width - 1; i < end; i++) {
      values[i] = Math.max(before[i], before[i - 1], before[i + 1], before[i - width], before[i + width]);
    }
  }
}
