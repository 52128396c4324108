/**
 * The one colour that a file gives to what is cut away (image/matte/hidden.js), while the matte is edited: what it is made of is known
 * tile by tile, and found anew where it may be another.
 *
 * @typedef {import('../edits.js').Box} Box
 * @typedef {import('../../image/matte/hidden.js').Sums} Sums
 */
import { HAZE, meanColour, survey } from '../../image/matte/hidden.js';
import { cutPixels } from './edit-picture.js';
import { cutMatte } from './edits/boxes.js';
import { boxOfTile, columnsOf, TILE, tilesIn } from './edits/tiles.js';

export class HiddenColour {
  #view;
  /** By tile; null where it is not known. @type {(Sums | null)[]} */
  #sums;
  /** Tiles with colours that are estimated. @type {Set<number>} */
  #estimated = new Set();

  /** @param {import('./edit-picture.js').View} view */
  constructor(view) {
    this.#view = view;
    this.#sums = new Array(columnsOf(view.pixels) * Math.ceil(view.pixels.height / TILE)).fill(null);
  }

  /** @param {Box} box in which the matte is another now */
  touch(box) {
    for (const id of tilesIn(box, this.#view.pixels)) this.#sums[id] = null;
  }

  /** The foreground's colours are others now. */
  renew() {
    for (const id of this.#estimated) this.#sums[id] = null;
  }

  /** @returns {number} packed */
  get colour() {
    /** @type {Sums} */
    const all = [0, 0, 0, 0];
    for (let id = 0; id < this.#sums.length; id++) {
      const sums = (this.#sums[id] ??= this.#survey(id));
      for (let i = 0; i < 4; i++) all[i] += sums[i];
    }
    return meanColour(all);
  }

  /** @param {number} id @returns {Sums} */
  #survey(id) {
    const { pixels, isOpaque, matte, fill } = this.#view;
    const box = boxOfTile(id, pixels);
    const part = cutPixels(pixels, box);
    const values = cutMatte(matte, pixels.width, box);
    const isEstimated = fill !== null && values.some((value) => value !== 0 && value !== 65535);
    this.#estimated[isEstimated ? 'add' : 'delete'](id);
    if (isEstimated) fill?.(part, values, box);
    return survey(part, values, isOpaque ? HAZE : 0).sums;
  }
}
