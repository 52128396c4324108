import { part } from './dom.js';
import { text } from './strings.js';

/** A photo this large is only shown once it is done: decoding it here would compete with the engine for memory. */
const PREVIEW_LIMIT = 40_000_000;

/**
 * Original on the left, cutout on the right of a line that can be dragged anywhere on the picture or
 * moved with the keyboard. Works with object URLs only: no pixel is touched on the page's thread.
 */
export class Compare {
  #frame;
  #range;
  #name;
  #input;
  /** @type {{ image: HTMLImageElement, url: string } | null} */
  #before = null;
  /** @type {{ image: HTMLImageElement, url: string } | null} */
  #after = null;

  /**
   * @param {ParentNode} root
   * @param {string} name of the photo
   * @param {Blob} input the photo
   */
  constructor(root, name, input) {
    this.#frame = part(root, 'compare', HTMLElement);
    this.#range = part(root, 'range', HTMLInputElement);
    this.#name = name;
    this.#input = input;
    this.#range.setAttribute('aria-label', text.job.compare(name));
    this.#range.addEventListener('input', () => this.#move());
    this.#frame.addEventListener('pointerdown', (event) => this.#grab(event));
    this.#frame.addEventListener('pointermove', (event) => this.#drag(event));
    if (input.size <= PREVIEW_LIMIT) this.#showBefore();
  }

  /**
   * @param {Blob} cutout
   * @param {{ width: number, height: number } | null} size of both pictures
   */
  showAfter(cutout, size) {
    if (!this.#before) this.#showBefore();
    if (size) this.#fit(size.width, size.height);
    this.#after = this.#picture('after', text.job.cutout(this.#name), cutout);
    this.#after.image.addEventListener('load', () => this.#frame.toggleAttribute('data-compared', true), { once: true });
    this.#range.hidden = false;
    this.#move();
  }

  /** @returns {string | null} object URL of the cutout, valid until `release` */
  get cutoutUrl() {
    return this.#after?.url ?? null;
  }

  /** Gives the memory behind both pictures back. */
  release() {
    for (const picture of [this.#before, this.#after]) {
      if (!picture) continue;
      picture.image.remove();
      URL.revokeObjectURL(picture.url);
    }
    this.#before = null;
    this.#after = null;
  }

  #showBefore() {
    this.#before = this.#picture('before', text.job.original(this.#name), this.#input);
    const { image } = this.#before;
    image.addEventListener('load', () => this.#fit(image.naturalWidth, image.naturalHeight), { once: true });
    // A browser that cannot show it may still be told why by the engine: leave the empty frame.
    image.addEventListener('error', () => image.remove(), { once: true });
  }

  /**
   * @param {string} name
   * @param {string} alt
   * @param {Blob} blob
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

  /** @param {number} width @param {number} height */
  #fit(width, height) {
    if (width <= 0 || height <= 0) return;
    this.#frame.style.setProperty('--ratio', String(width / height));
    this.#frame.toggleAttribute('data-fitted', true);
  }

  #move() {
    const percent = Number(this.#range.value);
    this.#frame.style.setProperty('--split', `${percent}%`);
    this.#range.setAttribute('aria-valuetext', text.job.compareValue(Math.round(percent)));
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
