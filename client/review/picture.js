/**
 * One result, large: moved and made larger where a person wants to look, beside the photo as it was.
 *
 * @typedef {import('../editor/viewport.js').Size} Size
 * @typedef {import('../editor/viewport.js').View} View
 * @typedef {import('../editor/viewport.js').Point} Point
 * @typedef {{ image: Blob, size: Size, alt: string, before: { image: Blob, alt: string } | null }} Shown `size` in the pixels that the file has: the image may have fewer; `before`, the photo
 *   as it was, lies over its left part, up to a line that can be moved
 */
import { clamped, nextStop, panned, recentred, zoomed } from '../editor/viewport.js';
import { t } from '../messages/review.js';
import { Divider } from '../ui/divider.js';
import { element } from '../ui/element.js';
import { Gestures } from './gestures.js';

/** CSS pixels that are left free around a picture that fits. */
const MARGIN = 16;
/** CSS pixels for each of the picture's, at most, where all of it is seen. */
const MOST_FIT = 2;
/** Of the stage, that a key moves the picture by. */
const STEP = 0.1;
/** Of the stage, that a finger moves across before it means another photo. */
const SWIPE = 0.15;
/** From this scale on, pixels are seen as such. */
const COARSE = 3;

/**
 * @typedef {object} Hooks
 * @property {(scale: number) => void} onScale device pixels per pixel of the picture
 * @property {(step: -1 | 1) => void} onSwipe across a picture that is seen whole
 */

export class Picture {
  #after = new Layer('large-after');
  #before = new Layer('large-before');
  #plate = element('div', { class: 'large-plate' }, this.#after.element, this.#before.element);
  #divider = new Divider(() => this.#split());
  element = element('div', { class: 'large-stage', tabindex: 0, role: 'group', 'aria-label': t('review.stage') }, this.#plate, this.#divider.element);
  #hooks;
  /** @type {Size} */
  #size = { width: 1, height: 1 };
  /** @type {View} */
  #view = { scale: 1, left: 0, top: 0 };
  /** All of it is seen, whatever size the stage is given. */
  #isFit = true;
  #stage = { width: 1, height: 1 };
  /** How far a finger has moved across, in device pixels; not a number where two have zoomed. */
  #travelled = 0;
  #gestures = new Gestures(this.element, {
    onPress: () => { this.#travelled = 0; },
    onMove: (x, y, event) => this.#move(x, y, event),
    onZoom: (ratio, at) => {
      this.#travelled = NaN;
      this.#zoom(this.#view.scale * ratio, this.#inPixels(at));
    },
    onLift: (event) => this.#lift(event),
  });

  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.#hooks = hooks;
    new ResizeObserver(() => this.#resize()).observe(this.element);
    this.element.addEventListener('dblclick', (event) => this.toggle(this.#inPixels(this.#gestures.at(event))));
  }

  /** @returns {number} device pixels across that the stage shows of the picture, at most */
  get longest() {
    return Math.ceil(Math.max(this.#stage.width, this.#stage.height, this.#view.scale * Math.max(this.#size.width, this.#size.height)));
  }

  /** @param {Shown} shown @param {boolean} isOther another photo: it is seen whole */
  show({ image, size, alt, before }, isOther) {
    this.#after.show({ image, alt });
    this.#before.show(before);
    this.#divider.show(before !== null);
    this.#plate.toggleAttribute('data-split', before !== null);
    if (isOther || size.width * this.#size.height !== size.height * this.#size.width) this.#isFit = true;
    // The same photo in another number of pixels stays where it is.
    const ratio = this.#size.width / size.width;
    this.#size = size;
    this.#see(this.#isFit ? this.#fitted : { ...this.#view, scale: this.#view.scale * ratio });
  }

  /** @param {boolean} isPlain no squares behind it: nothing of it is transparent */
  showPlain(isPlain) {
    this.#plate.toggleAttribute('data-plain', isPlain);
  }

  /** Let go of what is shown. */
  clear() {
    for (const layer of [this.#after, this.#before]) layer.show(null);
    this.#gestures.clear();
  }

  /** @param {-1 | 1} direction */
  step(direction) {
    this.#zoom(nextStop(this.#view.scale, direction, this.#fitted.scale), this.#middle);
  }

  fit() {
    this.#isFit = true;
    this.#see(this.#fitted);
  }

  /** Between all of the picture and its own pixels. @param {Point} [at] */
  toggle(at = this.#middle) {
    if (this.#isFit) this.#zoom(this.#fitted.scale < 1 ? 1 : 2 * this.#fitted.scale, at);
    else this.fit();
  }

  /** @param {number} x @param {number} y steps that the picture moves */
  pan(x, y) {
    this.#see(panned(this.#view, x * STEP * this.#stage.width, y * STEP * this.#stage.height, this.#size, this.#stage));
  }

  /** All of it, and a small one no larger than twice its pixels on a common screen. */
  get #fitted() {
    const margin = 2 * MARGIN * devicePixelRatio;
    const scale = Math.min(MOST_FIT * devicePixelRatio, (this.#stage.width - margin) / this.#size.width, (this.#stage.height - margin) / this.#size.height);
    return clamped({ scale: Math.max(1e-3, scale), left: 0, top: 0 }, this.#size, this.#stage);
  }

  /** @returns {Point} */
  get #middle() {
    return { x: this.#stage.width / 2, y: this.#stage.height / 2 };
  }

  /** @param {number} scale @param {Point} at */
  #zoom(scale, at) {
    const view = zoomed(this.#view, scale, at, this.#size, this.#stage);
    this.#isFit = Math.abs(view.scale - this.#fitted.scale) < 1e-6;
    this.#see(view);
  }

  /** @param {View} view */
  #see(view) {
    this.#view = view;
    const { style } = this.#plate;
    const css = (/** @type {number} */ length) => `${length / devicePixelRatio}px`;
    style.translate = `${css(view.left)} ${css(view.top)}`;
    style.width = css(this.#size.width * view.scale);
    style.height = css(this.#size.height * view.scale);
    this.#plate.toggleAttribute('data-coarse', view.scale >= COARSE);
    this.element.toggleAttribute('data-fit', this.#isFit);
    this.#split();
    this.#hooks.onScale(view.scale);
  }

  /** The line stands on the stage, and the pictures are cut where it lies on them. */
  #split() {
    const share = (this.#divider.share * this.#stage.width - this.#view.left) / (this.#size.width * this.#view.scale);
    this.#plate.style.setProperty('--split', `${Math.min(1, Math.max(0, share)) * 100}%`);
  }

  #resize() {
    const { clientWidth, clientHeight } = this.element;
    if (clientWidth === 0) return;
    const before = this.#stage;
    this.#stage = { width: clientWidth * devicePixelRatio, height: clientHeight * devicePixelRatio };
    this.#see(this.#isFit ? this.#fitted : recentred(this.#view, this.#size, { before, after: this.#stage }));
  }

  /** @param {Point} at in CSS pixels @returns {Point} in those of the device */
  #inPixels({ x, y }) {
    return { x: x * devicePixelRatio, y: y * devicePixelRatio };
  }

  /** @param {number} x @param {number} y in CSS pixels @param {PointerEvent} event */
  #move(x, y, event) {
    const by = this.#inPixels({ x, y });
    if (!this.#isFit) this.#see(panned(this.#view, by.x, by.y, this.#size, this.#stage));
    else if (event.pointerType === 'touch') this.#travelled += by.x;
  }

  /** @param {PointerEvent} event */
  #lift(event) {
    if (event.type === 'pointerup' && Math.abs(this.#travelled) > SWIPE * this.#stage.width) this.#hooks.onSwipe(this.#travelled > 0 ? -1 : 1);
  }
}

/** One of the pictures that lie above each other. */
class Layer {
  element;
  /** @type {Blob | null} */
  #image = null;
  #url = '';

  /** @param {string} name */
  constructor(name) {
    this.element = element('img', { class: name, alt: '', draggable: 'false', hidden: true });
  }

  /** @param {{ image: Blob, alt: string } | null} shown null lets go of it */
  show(shown) {
    this.element.alt = shown?.alt ?? '';
    this.element.hidden = shown === null;
    if (shown?.image === this.#image) return;
    const before = this.#url;
    this.#image = shown?.image ?? null;
    this.#url = shown ? URL.createObjectURL(shown.image) : '';
    if (shown) this.element.src = this.#url;
    else this.element.removeAttribute('src');
    if (before) URL.revokeObjectURL(before);
  }
}
