/**
 * Grey dilation: each pixel becomes the largest value around it, within an octagon. An octagon is a sum of short lines in four directions,
 * and along a line the largest value in a window costs three comparisons, however long it is (van Herk 1992; Gil and Werman 1993): values
 * are gathered forwards and backwards within blocks as long as the window, and each window spans two blocks at most.
 */

/**
 * @typedef {object} Octagon as nearly round as lines of whole pixels make it; the larger holds the smaller
 * @property {number} straight half-length of the line across, and of the one down
 * @property {number} diagonal half-length of the two diagonal ones, in steps
 * @property {number} cross 1 where a pixel and its four neighbours are added, by which it grows half as much along diagonals
 */

/**
 * @param {number} radius whole
 * @returns {Octagon}
 */
export function octagon(radius) {
  // Along the axes it reaches as far as the radius says, along diagonals as near to it as halves of a step come.
  const halves = Math.round(2 * radius * (1 - Math.SQRT1_2));
  const cross = halves % 2;
  const diagonal = (halves - cross) / 2;
  return { straight: radius - 2 * diagonal - cross, diagonal, cross };
}

/**
 * @param {Uint16Array} values row by row, changed in place; within a radius of its rim they are not the largest of all around
 * @param {number} width
 * @param {number} height
 * @param {number} radius not below 0; what lies between two whole numbers of pixels is mixed of what these give
 */
export function dilate(values, width, height, radius) {
  const whole = Math.floor(radius);
  const part = radius - whole;
  const scratch = { width, height, forth: new Uint16Array(values.length), back: new Uint16Array(values.length) };
  const less = octagon(whole);
  if (part === 0) {
    addLines(values, scratch, less);
    return;
  }
  const more = octagon(whole + 1);
  const common = { straight: Math.min(less.straight, more.straight), diagonal: Math.min(less.diagonal, more.diagonal), cross: less.cross & more.cross };
  addLines(values, scratch, common);
  const larger = values.slice();
  addLines(values, scratch, without(less, common));
  addLines(larger, scratch, without(more, common));
  for (let i = 0; i < values.length; i++) values[i] += (larger[i] - values[i]) * part + 0.5;
}

/**
 * @param {Octagon} octagon
 * @param {Octagon} part
 * @returns {Octagon} what is to be added to the part
 */
const without = ({ straight, diagonal, cross }, part) => ({ straight: straight - part.straight, diagonal: diagonal - part.diagonal, cross: cross - part.cross });

/** @typedef {{ width: number, height: number, forth: Uint16Array, back: Uint16Array }} Scratch */

/** @param {Uint16Array} values @param {Scratch} scratch @param {Octagon} lines */
function addLines(values, { width, height, forth, back }, { straight, diagonal, cross }) {
  alongRows(values, width, height, straight, forth, back);
  acrossRows(values, width, height, 0, straight, forth, back);
  acrossRows(values, width, height, 1, diagonal, forth, back);
  acrossRows(values, width, height, -1, diagonal, forth, back);
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
  for (let y = 0; y < height; y++) {
    const start = y * width;
    forth.set(values.subarray(start, start + width), start);
    if (y % block !== 0) keepLarger(forth, start, start - step, width);
    const under = (height - 1 - y) * width;
    back.set(values.subarray(under, under + width), under);
    if ((height - 1 - y) % block !== block - 1 && y > 0) keepLarger(back, under, under + step, width);
  }
  const shift = reach * step;
  const side = Math.abs(lean) * reach;
  for (let y = reach; y < height - reach; y++) {
    for (let i = y * width + side, end = (y + 1) * width - side; i < end; i++) {
      const before = back[i - shift];
      const after = forth[i + shift];
      values[i] = before > after ? before : after;
    }
  }
}

/**
 * @param {Uint16Array} values of which a row becomes the larger of itself and of another; its ends stay
 * @param {number} start
 * @param {number} other where that row begins
 * @param {number} width
 */
function keepLarger(values, start, other, width) {
  for (let i = start + 1, j = other + 1, end = start + width - 1; i < end; i++, j++) {
    const value = values[j];
    if (value > values[i]) values[i] = value;
  }
}

/** @param {Uint16Array} values @param {number} width @param {number} height @param {Uint16Array} before */
function addCross(values, width, height, before) {
  before.set(values);
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1, end = (y + 1) * width - 1; i < end; i++) {
      let most = before[i];
      if (before[i - 1] > most) most = before[i - 1];
      if (before[i + 1] > most) most = before[i + 1];
      if (before[i - width] > most) most = before[i - width];
      if (before[i + width] > most) most = before[i + width];
      values[i] = most;
    }
  }
}
