/**
 * The stage: what is seen of the photo that is open, and the way from pointers to the tool that is chosen.
 *
 * @typedef {import('./viewport.js').View} View
 * @typedef {import('./viewport.js').Size} Size
 * @typedef {import('./viewport.js').Point} Point
 * @typedef {import('./edited-photo.js').EditedPhoto} EditedPhoto
 * @typedef {object} Shown how the photo is seen
 * @property {'cutout' | 'split' | 'matte'} look
 * @property {boolean} isOriginal the photo is seen as it was
 * @property {import('./grounds.js').GroundName} ground
 * @property {{ colour: string | null, image: CanvasImageSource | null }} chosen
 */
import { t } from '../messages/editor.js';
import { element } from '../ui/element.js';
import { Divider } from '../ui/divider.js';
import { Pointer } from './pointer.js';
import { Surface } from './surface.js';
import { fitScale, fitted, levelFor, nextStop, panned, recentred, revealed, visibleBox, zoomed } from './viewport.js';

/** CSS pixels that are left free around a photo that fits. */
const MARGIN = 20;
/** And below it, where the bar lies over the stage that says how it is seen. */
const FOOT = 56;
/** Of the stage, that a key moves the photo by. */
const PAN = 0.1;
const ARROWS = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] });

export class Stage {
  #canvas = element('canvas', { class: 'editor-canvas' });
  #overlay = element('canvas', { class: 'editor-canvas' });
  #divider;
  element;
  #surface;
  #pointer;
  /** @type {EditedPhoto | null} */
  #photo = null;
  /** @type {View} */
  #view = { scale: 1, left: 0, top: 0 };
  /** All of the photo is seen, whatever size the stage is given. */
  #isFit = true;
  #isSpaceHeld = false;
  #hooks;

  /**
   * @param {object} hooks
   * @param {() => Shown} hooks.shown
   * @param {() => import('./tools.js').Tool} hooks.tool
   * @param {(scale: number) => void} hooks.onScale
   * @param {AbortSignal} signal
   */
  constructor(hooks, signal) {
    this.#hooks = hooks;
    this.#divider = new Divider(() => this.#surface.redraw());
    this.element = element('div', { class: 'editor-stage', tabindex: 0, role: 'application', 'aria-label': t('editor.stage') }, this.#canvas, this.#overlay, this.#divider.element);
    this.#surface = new Surface(this.element, this.#canvas, this.#overlay, {
      scene: () => this.#scene(),
      drawOver: (context) => { if (this.#photo) hooks.tool().draw(context, this.#view); },
      onResize: (before) => this.#resize(before),
      onBusy: (isBusy) => { if (this.element.getAttribute('aria-busy') !== String(isBusy)) this.element.setAttribute('aria-busy', String(isBusy)); },
    });
    this.#pointer = new Pointer(this.element, this.#canvas, {
      onPress: (press) => hooks.tool().press(press),
      onDrag: (points) => hooks.tool().drag(points),
      onRelease: () => hooks.tool().release(),
      onCancel: () => void hooks.tool().cancel(),
      onHover: (at, held) => hooks.tool().hover?.(at, held),
      onPan: (x, y) => this.#pan(x, y),
      onZoom: (ratio, at) => this.zoomTo(this.#view.scale * ratio, at),
      isPanning: () => this.#isSpaceHeld,
    }, signal);
  }

  get density() {
    return this.#surface.density;
  }

  get view() {
    return this.#view;
  }

  /** @returns {import('./stroke.js').Seen} what of an edit is to be seen at once */
  get seen() {
    const size = this.#photo?.size ?? { width: 1, height: 1 };
    const visible = visibleBox(this.#view, size, this.#surface.size) ?? { x: 0, y: 0, width: 1, height: 1 };
    return { level: levelFor(this.#view.scale, size), look: this.#hooks.shown().look === 'matte' ? 'matte' : 'cutout', visible };
  }

  /** @param {EditedPhoto | null} photo */
  show(photo) {
    this.#photo = photo;
    this.#isFit = true;
    this.fit();
  }

  /** How the photo is seen is another. */
  showLook() {
    const { look, isOriginal } = this.#hooks.shown();
    this.#divider.show(look === 'split' && !isOriginal);
    this.showTool();
    this.#surface.redraw();
  }

  /** The tool, or what it says of itself, is another. */
  showTool() {
    const tool = this.#photo?.isOpen ? this.#hooks.tool().cursor : 'progress';
    this.element.style.cursor = this.#isSpaceHeld ? 'grab' : tool;
    this.#surface.redraw();
  }

  /** @param {import('../document/edits.js').Box | null} [box] of the photo that is another; all when left out */
  redraw(box) {
    this.#surface.redraw(box);
  }

  redrawOver() {
    this.#surface.redrawOver();
  }

  /** Give up what is being done with the pointer. */
  cancel() {
    this.#pointer.cancel();
  }

  /** @param {boolean} isHeld the space bar, with which the photo is moved */
  holdSpace(isHeld) {
    this.#isSpaceHeld = isHeld;
    this.showTool();
  }

  fit() {
    if (!this.#photo) return;
    this.#isFit = true;
    this.#put(fitted(this.#photo.size, this.#room, MARGIN * this.density));
  }

  /** @param {number} scale device pixels per pixel of the photo @param {Point} [at] that stays where it is; the middle when left out */
  zoomTo(scale, at) {
    if (!this.#photo) return;
    const { width, height } = this.#room;
    this.#isFit = false;
    this.#put(zoomed(this.#view, scale, at ?? { x: width / 2, y: height / 2 }, this.#photo.size, this.#room));
  }

  /** @param {-1 | 1} direction */
  step(direction) {
    if (this.#photo) this.zoomTo(nextStop(this.#view.scale, direction, this.#fitScale));
  }

  /** Between all of the photo and its own pixels. */
  toggle() {
    if (this.#isFit || Math.abs(this.#view.scale - this.#fitScale) < 1e-6) this.zoomTo(1);
    else this.fit();
  }

  /** @param {import('../document/edits.js').Box} box to be seen */
  reveal(box) {
    if (!this.#photo) return;
    const view = revealed(this.#view, box, this.#photo.size, this.#room);
    if (view.left === this.#view.left && view.top === this.#view.top) return;
    this.#isFit = false;
    this.#put(view);
  }

  /** @param {KeyboardEvent} event on the stage, that the tool makes nothing of @returns {boolean} it moved the photo */
  key({ key, ctrlKey, metaKey, altKey }) {
    if (!(key in ARROWS) || ctrlKey || metaKey || altKey) return false;
    const { width, height } = this.#surface.size;
    const [x, y] = ARROWS[key];
    this.#pan(x * width * PAN, y * height * PAN);
    return true;
  }

  close() {
    this.#photo = null;
    this.#surface.close();
  }

  /** @returns {Size} of the stage, where nothing lies over it */
  get #room() {
    return this.#above(this.#surface.size);
  }

  /** @param {Size} stage */
  #above({ width, height }) {
    return { width, height: Math.max(height / 2, height - FOOT * this.density) };
  }

  get #fitScale() {
    return this.#photo ? fitScale(this.#photo.size, this.#room, MARGIN * this.density) : 1;
  }

  /** @param {number} x @param {number} y */
  #pan(x, y) {
    if (!this.#photo) return;
    this.#isFit = false;
    this.#put(panned(this.#view, x, y, this.#photo.size, this.#room));
  }

  /** @param {View} view */
  #put(view) {
    this.#view = view;
    this.#hooks.onScale(view.scale);
    this.#surface.redraw();
  }

  /** @param {Size} before */
  #resize(before) {
    if (!this.#photo) return;
    if (this.#isFit) this.fit();
    else this.#put(recentred(this.#view, this.#photo.size, { before: this.#above(before), after: this.#room }));
  }

  /** @returns {import('./surface.js').Scene | null} */
  #scene() {
    if (!this.#photo) return null;
    const { look, isOriginal, ground, chosen } = this.#hooks.shown();
    return { photo: this.#photo, view: this.#view, look: isOriginal ? 'photo' : look, isRestSeen: this.#hooks.tool().isRestSeen ?? false, split: this.#divider.share, ground, chosen };
  }
}
