import { t } from '../messages/work.js';
import { part, setText } from './dom.js';
import { thumbnail } from './thumbnail.js';

/** A photo this large is only shown once it is done: decoding it here would compete with the engine for memory. */
const PREVIEW_LIMIT = 40_000_000;

/** Bytes of a file from which on a photo is shown as a thumbnail until there is something smaller of it. */
const LARGE = 1_500_000;
/** Pixels across, at most. */
const THUMBNAIL = 1600;

/** @typedef {{ image: HTMLElement, url: string | null }} Picture */
/**
 * @typedef {object} Shown
 * @property {Blob} image
 * @property {{ width: number, height: number }} frame its size in pixels
 * @property {Blob | null} original to be shown instead of the file from now on
 * @property {boolean} isWhole its frame is the photo's own, not a crop
 * @property {boolean} isMatte
 * @property {boolean} [isEarly] another one takes its place soon
 */

/**
 * Original on the left, cutout on the right of a line that can be dragged anywhere on the picture or moved with the keyboard. A
 * crop has no point in common with its original, so it stands alone; so does a photo of which there is nothing that this browser can show. No
 * pixel is touched on the page's thread.
 */
export class Compare {
  #stage;
  #frame;
  #range;
  #tag;
  #name;
  #input;
  /** What the picture before is of, from when it is wanted on. @type {Blob | null} */
  #photo = null;
  /** As it can be seen. @type {Picture | null} */
  #before = null;
  /** On its way: the one before it stays until it can be seen. @type {Picture | null} */
  #coming = null;
  /** To be shown instead of the file. @type {Blob | null} */
  #original = null;
  /** @type {Picture | null} */
  #after = null;
  /** On its way: the one before it stays until it can be seen. @type {Picture | null} */
  #next = null;
  #isWhole = true;
  /** Of a large photo, whose thumbnail is made when its card comes into view. @type {IntersectionObserver | null} */
  #view = null;

  /**
   * @param {ParentNode} root
   * @param {string} name of the photo
   * @param {Blob} input the photo
   */
  constructor(root, name, input) {
    this.#stage = part(root, 'stage', HTMLElement);
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

  /** @param {Shown} shown */
  showAfter({ image, frame, original, isWhole, isMatte, isEarly = false }) {
    const isOther = original !== null && original !== this.#original;
    if (isOther) this.#original = original;
    if (isOther || !this.#photo) this.#showBefore();
    this.#drop(this.#next);
    const next = this.#picture('after', t(isEarly ? 'job.preview.of' : isMatte ? 'job.matte.of' : 'job.cutout.of', { name: this.#name }), image);
    this.#next = next;
    const put = () => {
      if (this.#next !== next) return;
      this.#next = null;
      this.#drop(this.#after);
      this.#after = next;
      this.#fit(frame.width, frame.height);
      setText(this.#tag, t(isEarly ? 'job.preview' : isMatte ? 'job.matte' : 'job.cutout'));
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
    if (!this.#photo || this.#before || this.#original) return;
    if (this.#view) this.#photo = input;
    else this.#showBefore();
  }

  /** Only the photo is to be seen again. */
  withdraw() {
    for (const picture of [this.#after, this.#next]) this.#drop(picture);
    [this.#after, this.#next, this.#isWhole] = [null, null, true];
    for (const mark of ['data-alone', 'data-compared']) this.#frame.toggleAttribute(mark, false);
    this.#range.hidden = true;
  }

  /** Gives the memory behind the pictures back. */
  release() {
    this.#view?.disconnect();
    this.#view = null;
    this.withdraw();
    for (const picture of [this.#before, this.#coming]) this.#drop(picture);
    [this.#photo, this.#before, this.#coming] = [null, null, null];
  }

  #showBefore() {
    const photo = this.#original ?? this.#input;
    this.#photo = photo;
    this.#view?.disconnect();
    this.#view = null;
    this.#drop(this.#coming);
    this.#coming = null;
    if (photo.size > LARGE) {
      const view = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && void this.#showThumbnail(view));
      this.#view = view;
      view.observe(this.#frame);
    } else {
      this.#showWhole(photo);
    }
  }

  /** @param {Blob} photo */
  #showWhole(photo) {
    const coming = this.#picture('before', this.#originalName, photo);
    const { image } = coming;
    this.#coming = coming;
    image.addEventListener('load', () => {
      if (this.#coming !== coming) return;
      this.#coming = null;
      this.#putBefore(coming, image.naturalWidth, image.naturalHeight);
    }, { once: true });
    // A browser that cannot show it may still be told why by the engine: leave the empty frame.
    image.addEventListener('error', () => image.remove(), { once: true });
  }

  /** @param {IntersectionObserver} view that has seen it; another one by the time that it is made, or none: it is not wanted any more */
  async #showThumbnail(view) {
    view.disconnect();
    const width = Math.min(THUMBNAIL, Math.max(1, Math.ceil(this.#frame.clientWidth * devicePixelRatio)));
    const photo = () => (this.#view === view ? this.#photo : null);
    const canvas = await thumbnail(photo, width);
    if (this.#view !== view || !this.#photo) return;
    if (!canvas) {
      this.#view = null;
      this.#showWhole(this.#photo);
      return;
    }
    canvas.className = 'compare-before';
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', this.#originalName);
    this.#frame.prepend(canvas);
    this.#putBefore({ image: canvas, url: null }, canvas.width, canvas.height);
  }

  /** @param {Picture} before that can be seen now @param {number} width @param {number} height */
  #putBefore(before, width, height) {
    this.#drop(this.#before);
    this.#before = before;
    if (!this.#after) this.#fit(width, height);
    this.#arrange();
  }

  get #originalName() {
    return t('job.original', { name: this.#name });
  }

  /** One beside the other, or the result alone. */
  #arrange() {
    if (!this.#after) return;
    const isAlone = !this.#isWhole || !this.#before;
    this.#frame.toggleAttribute('data-alone', isAlone);
    this.#range.hidden = isAlone;
    this.#move();
  }

  /**
   * @param {string} name
   * @param {string} alt
   * @param {Blob} blob
   * @returns {Picture & { image: HTMLImageElement }}
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
    if (picture.url !== null) URL.revokeObjectURL(picture.url);
  }

  /** @param {number} width @param {number} height */
  #fit(width, height) {
    if (width <= 0 || height <= 0) return;
    this.#stage.style.setProperty('--ratio', String(width / height));
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
