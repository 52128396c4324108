/**
 * The colours of the foreground while a matte is edited: known for the cells of a grid, from which those of any part are made as they are
 * for a file. After an edit only the cells that it touched are summed anew.
 *
 * @typedef {import('../edits.js').Box} Box
 * @typedef {import('../../image/read/decode.js').Pixels} Pixels
 * @typedef {import('../../image/matte/foreground.js').Colours} Colours
 */
import { estimateColours, meansOf, sum, updateMeans } from '../../image/matte/cell-colours.js';
import { fieldOf, fillForeground } from '../../image/matte/foreground.js';
import { meanColour } from '../../image/matte/hidden.js';

/** Levels of 255 by which a cell's colour may change unseen. */
const SAME = 0.5;

export class EditColours {
  #pixels;
  #field;
  #means;
  /** Null where there is no foreground. @type {Colours | null} */
  #colours;
  #isPlain;

  /**
   * @param {Pixels} pixels of the whole photo
   * @param {Uint16Array} matte without the photo's own transparency
   * @param {boolean} isPlain whether the photo's own colours are seen
   */
  constructor(pixels, matte, isPlain) {
    this.#isPlain = isPlain;
    this.#pixels = pixels;
    this.#field = fieldOf(pixels);
    this.#means = meansOf(pixels, matte, this.#field.grid);
    this.#colours = isPlain ? null : estimateColours(this.#means, this.#field.grid);
  }

  /**
   * @returns {number} packed: of all that is seen, nearly. A file gives it to what is cut away; what little of that is left (`HAZE`) has it in
   *   pictures, too, to no more than a level
   */
  get mean() {
    const { squared, front } = this.#means;
    return meanColour([sum(front[0]), sum(front[1]), sum(front[2]), sum(squared)]);
  }

  /**
   * @param {Uint16Array} matte
   * @param {Box} box in which it is another now
   * @returns {Box | null} where colours that are seen may be others now
   */
  renew(matte, box) {
    const before = this.#colours;
    updateMeans(this.#means, this.#pixels, matte, this.#field.grid, box);
    if (this.#isPlain) return null;
    this.#colours = estimateColours(this.#means, this.#field.grid);
    return this.#changed(before, this.#colours);
  }

  /**
   * @param {Pixels} part of the photo, whose colours become the foreground's where it is not opaque
   * @param {Uint16Array} matte of that part, without the photo's own transparency
   * @param {{ x: number, y: number }} at where it lies
   */
  fill(part, matte, at) {
    if (this.#colours) fillForeground(part, matte, at, this.#field, this.#colours);
  }

  /** @param {Colours | null} before @param {Colours | null} after @returns {Box | null} */
  #changed(before, after) {
    const { grid: { step, width: columns, height: rows } } = this.#field;
    const { width, height } = this.#pixels;
    if (!before || !after) return before === after ? null : { x: 0, y: 0, width, height };
    const isOther = new Uint8Array(columns * rows);
    for (const [planes, others] of [[before.front, after.front], [before.back, after.back]]) planes.forEach((plane, c) => mark(isOther, plane, others[c]));
    const { alpha } = this.#means;
    let [left, right, top, bottom] = [columns, -1, rows, -1];
    for (let y = 0, i = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++, i++) {
        if (!isOther[i] || isFlat(alpha, columns, rows, x, y)) continue;
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = y;
      }
    }
    if (right < 0) return null;
    // A cell's colour is seen as far as the middles of those around it.
    const [x, y] = [Math.max(0, (left - 1) * step), Math.max(0, (top - 1) * step)];
    return { x, y, width: Math.min(width, (right + 2) * step) - x, height: Math.min(height, (bottom + 2) * step) - y };
  }
}

/** @param {Uint8Array} isOther @param {Float32Array} plane @param {Float32Array} other */
function mark(isOther, plane, other) {
  for (let i = 0; i < plane.length; i++) if (Math.abs(plane[i] - other[i]) >= SAME) isOther[i] = 1;
}

/**
 * @param {Float32Array} alpha
 * @param {number} columns
 * @param {number} rows
 * @param {number} x
 * @param {number} y
 * @returns {boolean} whether nothing around a cell shows an estimated colour: all of it clear, or all opaque
 */
function isFlat(alpha, columns, rows, x, y) {
  const value = alpha[y * columns + x];
  if (value !== 0 && value !== 1) return false;
  for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++) {
    for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) if (alpha[v * columns + u] !== value) return false;
  }
  return true;
}
