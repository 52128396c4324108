/**
 * The photo below the frame of its ID photo, with a guide for the head. The frame stays, the photo is moved and made larger: by pointer,
 * fingers, wheel and keys.
 *
 * @typedef {import('./crop.js').Box} Box
 * @typedef {import('./crop.js').Size} Size
 * @typedef {import('./gestures.js').Point} Point
 */
import { t } from '../messages/review.js';
import { drawing, element } from '../ui/element.js';
import { inReach, moved, zoomed } from './crop.js';
import { Gestures } from './gestures.js';

/** CSS pixels that are left free around the frame, at least: so much of the photo is seen beside it. */
const MARGIN = 40;
/** Of the frame, that a key moves the photo by, and with Shift. */
const STEP = 0.01;
const STRIDE = 0.05;
/** How much larger a key and a button make it. */
const ZOOM = 1.03;
/** How wide a head is, in parts of its height: only the guide is drawn by it. */
const HEAD_WIDTH = 0.74;

export class CropStage {
  #image = element('img', { class: 'crop-photo', alt: '', draggable: 'false' });
  #guide = drawing('svg', { 'class': 'crop-guide', 'aria-hidden': 'true', 'preserveAspectRatio': 'none' });
  #paper = element('div', { class: 'crop-paper' });
  #window = element('div', { class: 'crop-window' }, this.#guide);
  element = element('div', { 'class': 'crop-stage', 'tabindex': 0, 'role': 'group', 'aria-label': t('crop.stage'), 'aria-describedby': 'crop-words' }, this.#paper, this.#image, this.#window);
  #onMove;
  /** @type {Box} */
  #frame = { x: 0, y: 0, width: 1, height: 1 };
  /** @type {Size} */
  #photo = { width: 1, height: 1 };
  /** On the stage, in CSS pixels. @type {Box} */
  #place = { x: 0, y: 0, width: 1, height: 1 };
  /** Height of the guide in its own unit. */
  #tall = 1;
  #url = '';
  #gestures = new Gestures(this.element, {
    onMove: (x, y) => this.#set(moved(this.#frame, -x / this.#place.width, -y / this.#place.height)),
    onZoom: (ratio, at) => this.#set(zoomed(this.#frame, ratio, this.#inFrame(at))),
  });

  /** @param {(frame: Box) => void} onMove a person has put the frame there */
  constructor(onMove) {
    this.#onMove = onMove;
    new ResizeObserver(() => this.#arrange()).observe(this.element);
    this.element.addEventListener('keydown', (event) => this.#key(event));
  }

  /** @returns {number} device pixels of the stage's longer side */
  get longest() {
    return Math.ceil(Math.max(this.element.clientWidth, this.element.clientHeight, 1) * devicePixelRatio);
  }

  /**
   * @param {Blob} image all of the photo, on its background
   * @param {Size} photo in pixels
   * @param {string} ground CSS colour that is beyond the photo
   * @param {string} alt
   */
  show(image, photo, ground, alt) {
    this.clear();
    this.#photo = photo;
    this.#url = URL.createObjectURL(image);
    this.#image.src = this.#url;
    this.#image.alt = alt;
    this.#paper.style.background = ground;
  }

  /** @param {Box} frame in the photo's pixels */
  put(frame) {
    this.#frame = frame;
    this.#arrange();
  }

  /** @param {import('../finish/id-formats.js').IdFormat} format @param {{ fill: number, above: number }} fit */
  guide({ width, height, head: [least, most] }, { fill, above }) {
    const tall = fill * height;
    const crown = above * height;
    this.#guide.setAttribute('viewBox', `0 0 ${width} ${height}`);
    const across = (/** @type {number} */ y) => drawing('path', { 'd': `M0 ${y}H${width}`, 'vector-effect': 'non-scaling-stroke' });
    const words = (/** @type {number} */ y, /** @type {string} */ dy, /** @type {string} */ text) => drawing('text', { x: width / 60, y, dy }, text);
    this.#guide.replaceChildren(
      drawing('rect', { class: 'crop-zone', x: 0, y: crown + least, width, height: most - least }),
      drawing('ellipse', { 'cx': width / 2, 'cy': crown + tall / 2, 'rx': (tall * HEAD_WIDTH) / 2, 'ry': tall / 2, 'vector-effect': 'non-scaling-stroke' }),
      across(crown), across(crown + least), across(crown + most),
      words(crown, '-0.4em', t('crop.crown')), words(crown + most, '1.15em', t('crop.chin')));
    this.#tall = height;
  }

  /** @param {1 | -1} direction */
  step(direction) {
    this.#set(zoomed(this.#frame, ZOOM ** (2 * direction)));
  }

  clear() {
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = '';
    this.#image.removeAttribute('src');
    this.#gestures.clear();
  }

  /** @param {Box} frame */
  #set(frame) {
    this.#frame = inReach(frame, this.#photo);
    this.#arrange();
    this.#onMove(this.#frame);
  }

  #arrange() {
    const { clientWidth, clientHeight } = this.element;
    const { x, y, width, height } = this.#frame;
    if (clientWidth === 0) return;
    const margin = Math.min(MARGIN, clientWidth / 10, clientHeight / 10);
    const scale = Math.min((clientWidth - 2 * margin) / width, (clientHeight - 2 * margin) / height);
    this.#place = { x: (clientWidth - width * scale) / 2, y: (clientHeight - height * scale) / 2, width: width * scale, height: height * scale };
    const { style } = this.element;
    for (const [name, length] of Object.entries(this.#place)) style.setProperty(`--crop-${name}`, `${length}px`);
    // A millimetre of the guide in pixels of the screen.
    style.setProperty('--crop-unit', String(this.#tall / this.#place.height));
    Object.assign(this.#image.style, {
      width: `${this.#photo.width * scale}px`,
      height: `${this.#photo.height * scale}px`,
      translate: `${this.#place.x - x * scale}px ${this.#place.y - y * scale}px`,
    });
  }

  /** @param {Point} point @returns {Point} in parts of the frame */
  #inFrame({ x, y }) {
    return { x: (x - this.#place.x) / this.#place.width, y: (y - this.#place.y) / this.#place.height };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = event.shiftKey ? STRIDE : STEP;
    /** @type {Record<string, Box>} */
    const frames = {
      ArrowLeft: moved(this.#frame, step, 0), ArrowRight: moved(this.#frame, -step, 0), ArrowUp: moved(this.#frame, 0, step), ArrowDown: moved(this.#frame, 0, -step),
      '+': zoomed(this.#frame, ZOOM), '=': zoomed(this.#frame, ZOOM), '-': zoomed(this.#frame, 1 / ZOOM),
    };
    if (!Object.hasOwn(frames, event.key)) return;
    event.preventDefault();
    this.#set(frames[event.key]);
  }
}
