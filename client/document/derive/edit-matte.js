/**
 * The matte of a document that is being edited: as the model gave it, as edits changed it, and as it is seen, with what is done to all
 * edges. Where nothing is done to all edges, the last two are one.
 *
 * @typedef {import('../edits.js').Box} Box
 * @typedef {import('./photo.js').Photo} Photo
 */
import { withoutAlpha } from '../../image/matte/transparency.js';
import { adjusted, reachOf } from './edits/adjust.js';
import { grown, inPhoto, putMatte } from './edits/boxes.js';
import { ceilingOf } from './edits/replay.js';

/** Rows that are adjusted at a time. */
const STRIP = 1024;

export class EditMatte {
  /** 0..65535, one per pixel, changed in place by edits. @type {Uint16Array<ArrayBuffer>} */
  matte;
  /** What of it is seen. @type {Uint16Array<ArrayBuffer>} */
  seen;
  /** The most that it may be; null for an opaque photo. @type {Uint16Array<ArrayBuffer> | null} */
  ceiling;
  /** What is seen without the photo's own transparency: what colours are estimated with. @type {Uint16Array} */
  solid;
  base;
  #pixels;
  #isRefined;
  #adjust = { feather: 0, shift: 0 };

  /**
   * @param {Pick<Photo, 'pixels' | 'own'>} photo
   * @param {Uint16Array<ArrayBuffer>} base its full matte; no longer the caller's
   * @param {boolean} isRefined whether a model's matte follows the photo's edges
   */
  constructor(photo, base, isRefined) {
    this.base = base;
    this.matte = base.slice();
    this.seen = this.matte;
    this.ceiling = ceilingOf(photo);
    this.#pixels = photo.pixels;
    this.#isRefined = isRefined;
    this.solid = this.ceiling ? withoutAlpha(this.seen, this.#pixels) : this.seen;
  }

  /** @returns {import('./edits/replay.js').Canvas} what stages change */
  get canvas() {
    return { matte: this.matte, base: this.base, pixels: this.#pixels, ceiling: this.ceiling, isRefined: this.#isRefined };
  }

  /** @returns {Box} */
  get whole() {
    const { width, height } = this.#pixels;
    return { x: 0, y: 0, width, height };
  }

  /**
   * @param {Box | null} changed where the matte is another now
   * @param {import('./edits/adjust.js').Adjustment} adjust what is done to all edges now
   * @returns {Box | null} where what is seen may be another now
   */
  update(changed, adjust) {
    const isOther = adjust.feather !== this.#adjust.feather || adjust.shift !== this.#adjust.shift;
    this.#adjust = { feather: adjust.feather, shift: adjust.shift };
    const isPlain = adjust.feather === 0 && adjust.shift === 0;
    const box = isOther ? this.whole : changed && inPhoto(grown(changed, isPlain ? 0 : reachOf(adjust)), this.#pixels);
    if (!box) return null;
    if (isPlain) this.seen = this.matte;
    else this.#adjustIn(box);
    if (this.ceiling) this.#updateSolid(box);
    else this.solid = this.seen;
    return box;
  }

  /** @param {Box} box */
  #adjustIn({ x, y, width, height }) {
    if (this.seen === this.matte) this.seen = new Uint16Array(this.matte.length);
    // Of a large photo no further copy is held.
    for (let top = y; top < y + height; top += STRIP) {
      const strip = { x, y: top, width, height: Math.min(STRIP, y + height - top) };
      putMatte(this.seen, this.#pixels.width, strip, adjusted(this.matte, this.#pixels, this.#adjust, strip, this.ceiling));
    }
  }

  /** @param {Box} box */
  #updateSolid({ x, y, width, height }) {
    const columns = this.#pixels.width;
    const { data } = this.#pixels;
    for (let row = y; row < y + height; row++) {
      const start = row * columns + x;
      const line = { data: data.subarray(start * 4, (start + width) * 4), width, height: 1 };
      this.solid.set(withoutAlpha(this.seen.subarray(start, start + width), line), start);
    }
  }
}
