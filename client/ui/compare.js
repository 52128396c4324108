import { t } from '../messages/work.js';
import { part, setText } from './dom.js';

/** A photo this large is only shown once it is done: decoding it here would compete with the engine for memory. */
const PREVIEW_LIMIT = 40_000_000;

/** @typedef {{ image: HTMLImageElement, url: string }} Picture */
/**
 * @typedef {object} Shown
 * @property {Blob} image
 * @property {{ width: number, height: number }} frame its size in pixels
 * @property {Blob | null} original to be shown instead of the file from now on
 * @property {boolean} isWhole its frame is the photo's own, not a crop
 * @property {boolean} isMatte
 */

/**
 * Original on the left, cutout on the right of a line that can be dragged anywhere on the picture or moved with the keyboard. A
 * crop has no point in common with its original, so it stands alone; so does a photo of which there is nothing that this browser can show. Works
 * with object URLs only: no pixel is touched on the page's thread.
 */
export class Compare {
  #frame;
  #range;
  #tag;
  #name;
  #input;
  /** @type {Picture | null} */
  #before = null;
  #isBeforeShown = false;
  /** To be shown instead of the file. @type {Blob | null} */
  #original = null;
  /** @type {Picture | null} */
  #after = null;
  /** On its way: the one before it stays until it can be seen. @type {Picture | null} */
  #next = null;
  #isWhole = true;

  /**
   * @param {ParentNode} root
   * @param {string} name of the photo
   * @param {Blob} input the photo
   */
  constructor(root, name, input) {
    this.#frame = part(root, 'compare', HTMLElement);
    this.#range = part(root, 'range', HTMLInputElement);
    this.#tag = part(root, 'tag', HTMLElement);
    this.#name = name;
    this.#input = input;
    this.#range.setAttribute('aria-label', t('job.compare', { name }));
    this.#range.addEventListener('input', () => this.#move());
    this.#frame.addEventListener('pointerdown', (event) => this.#grab(event));
    this.#frame.addEventListener('pointermove', (event) => this.#drag(event));
    if (input.size <= PREVIEW_LIMIT) this.#showBefore();
  }

  /**
   * @param {Shown} shown
   */
  showAfter({ image, frame, original, isWhole, isMatte }) {
    if (original && original !== this.#original) {
      this.#original = original;
      this.#isBeforeShown = false;
      this.#showBefore();
    }
    if (!this.#before) this.#showBefore();
    this.#drop(this.#next);
    const next = this.#picture('after', t(isMatte ? 'job.matte.of' : 'job.cutout.of', { name: this.#name }), image);
    this.#next = next;
    const put = () => {
      if (this.#next !== next) return;
      this.#next = null;
      this.#drop(this.#after);
      this.#after = next;
      this.#fit(frame.width, frame.height);
      setText(this.#tag, t(isMatte ? 'job.matte' : 'job.cutout'));
      this.#isWhole = isWhole;
      this.#arrange();
    };
    if (!this.#after) put();
    // A browser that cannot show it can still save it.
    for (const type of ['load', 'error']) {
      next.image.addEventListener(type, () => {
        put();
        this.#frame.toggleAttribute('data-compared', true);
      }, { once: true });
    }
  }

  /** @param {Blob} input the same photo, whose file may be gone by the time it comes into view */
  replace(input) {
    this.#input = input;
    if (this.#before && !this.#isBeforeShown && !this.#original) this.#showBefore();
  }

  /** Gives the memory behind the pictures back. */
  release() {
    for (const picture of [this.#before, this.#after, this.#next]) this.#drop(picture);
    this.#before = null;
    this.#after = null;
    this.#next = null;
  }

  #showBefore() {
    this.#drop(this.#before);
    const before = this.#picture('before', t('job.original', { name: this.#name }), this.#original ?? this.#input);
    this.#before = before;
    const { image } = before;
    image.addEventListener('load', () => {
      if (this.#before !== before) return;
      this.#isBeforeShown = true;
      if (!this.#after) this.#fit(image.naturalWidth, image.naturalHeight);
      this.#arrange();
    }, { once: true });
    // A browser that cannot show it may still be told why by the engine: leave the empty frame.
    image.addEventListener('error', () => image.remove(), { once: true });
  }

  /** One beside the other, or the result alone. */
  #arrange() {
    if (!this.#after) return;
    const isAlone = !this.#isWhole || !this.#isBeforeShown;
    this.#frame.toggleAttribute('data-alone', isAlone);
    this.#range.hidden = isAlone;
    this.#move();
  }

  /**
   * @param {string} name
   * @param {string} alt
   * @param {Blob} blob
   * @returns {Picture}
   */
  #picture(name, alt, blob) {
    const image = new Image();
    image.className = `compare-${name}`;
    image.alt = alt;
    image.decoding = 'async';
    image.loading = 'lazy';
    image.draggable = false;
    const url = URL.createObjectURL(blob);
    image.src = url;
    this.#frame.prepend(image);
    return { image, url };
  }

  /** @param {Picture | null} picture */
  #drop(picture) {
    if (!picture) return;
    picture.image.remove();
    URL.revokeObjectURL(picture.url);
  }

  /** @param {number} width @param {number} height */
  #fit(width, height) {
    if (width <= 0 || height <= 0) return;
    this.#frame.style.setProperty('--ratio', String(width / height));
    this.#frame.toggleAttribute('data-fitted', true);
  }

  #move() {
    const percent = Number(this.#range.value);
    this.#frame.style.setProperty('--split', `${percent}%`);
    this.#range.setAttribute('aria-valuetext', t('job.compare.value', { before: Math.round(percent), after: 100 - Math.round(percent) }));
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (this.#range.hidden || event.button !== 0) return;
    this.#frame.setPointerCapture(event.pointerId);
    this.#range.focus({ preventScroll: true });
    // Otherwise the press moves the focus to the picture again and starts selecting text.
    event.preventDefault();
    this.#drag(event);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.#frame.hasPointerCapture(event.pointerId)) return;
    const { left, width } = this.#frame.getBoundingClientRect();
    this.#range.value = String(Math.round(((event.clientX - left) / width) * 100));
    this.#move();
  }
}
