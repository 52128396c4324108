/**
 * The stage as it is drawn: the photo on its ground, at the screen's own pixels, and above it, on a canvas of its own, what the tools draw.
 * Nothing is drawn more than once in a frame.
 *
 * @typedef {import('./viewport.js').View} View
 * @typedef {import('./viewport.js').Size} Size
 * @typedef {import('../document/edits.js').Box} Box
 * @typedef {import('../shared/protocol-edit.js').Look} Look
 * @typedef {object} Scene
 * @property {import('./edited-photo.js').EditedPhoto} photo
 * @property {View} view
 * @property {'cutout' | 'matte' | 'photo' | 'split'} look
 * @property {boolean} isRestSeen what is not in the cutout is seen faintly below it
 * @property {number} split 0..1 of the stage's width: left of it, the photo as it was
 * @property {import('./grounds.js').GroundName} ground
 * @property {{ colour: string | null, image: CanvasImageSource | null }} chosen
 */
import { layGround } from './grounds.js';
import { overlap } from './tile-grid.js';
import { levelFor, visibleBox } from './viewport.js';

/** How opaque what is not in the cutout is, where it is seen below it. */
const REST = 0.3;

/** From here on, pixels are shown as the squares they are. */
const SQUARE_SCALE = 2;

export class Surface {
  density = 1;
  #canvas;
  #overlay;
  #hooks;
  #frame = 0;
  #isStageDue = false;
  /** All that is due of the stage; null for the whole of it. @type {Box | null} */
  #due = null;
  #isOverlayDue = false;
  #watcher;

  /**
   * @param {HTMLElement} stage
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLCanvasElement} overlay
   * @param {object} hooks
   * @param {() => Scene | null} hooks.scene what is to be drawn
   * @param {(context: CanvasRenderingContext2D) => void} hooks.drawOver
   * @param {(before: Size) => void} hooks.onResize
   * @param {(isBusy: boolean) => void} hooks.onBusy what is seen is not yet, or is now, all that there is to be seen
   */
  constructor(stage, canvas, overlay, hooks) {
    this.#canvas = canvas;
    this.#overlay = overlay;
    this.#hooks = hooks;
    this.#watcher = new ResizeObserver(([entry]) => this.#resize(entry));
    this.#watcher.observe(stage);
  }

  /** @returns {Size} in device pixels */
  get size() {
    return { width: this.#canvas.width, height: this.#canvas.height };
  }

  /** @param {Box | null} [box] of the photo that is another; all of the stage when left out */
  redraw(box = null) {
    // What else is due then is drawn with it: all of it, unless a box is all that is.
    this.#due = this.#isStageDue && !(this.#due && box) ? null : box && this.#due ? around(this.#due, box) : box;
    this.#isStageDue = true;
    this.#hooks.onBusy(true);
    this.redrawOver();
  }

  /** What the tools draw is another. */
  redrawOver() {
    this.#isOverlayDue = true;
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  close() {
    this.#watcher.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  /** @param {ResizeObserverEntry} entry */
  #resize({ contentRect }) {
    const density = devicePixelRatio;
    const [width, height] = [Math.max(1, Math.round(contentRect.width * density)), Math.max(1, Math.round(contentRect.height * density))];
    const before = this.size;
    if (width === before.width && height === before.height && density === this.density) return;
    this.density = density;
    for (const canvas of [this.#canvas, this.#overlay]) {
      canvas.width = width;
      canvas.height = height;
    }
    this.#hooks.onResize(before);
    this.#due = null;
    this.#isStageDue = true;
    this.#isOverlayDue = true;
    // At once: a canvas that was given another size is empty.
    this.#draw();
  }

  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#isStageDue) {
      const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext('2d'));
      const scene = this.#hooks.scene();
      context.save();
      if (scene && this.#due) clipTo(context, scene.view, this.#due);
      context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
      if (scene) drawScene(context, scene, this.size, this.density, this.#due);
      context.restore();
      this.#due = null;
      this.#hooks.onBusy(scene !== null && !scene.photo.tiles.isWhole);
    }
    if (this.#isOverlayDue) {
      const context = /** @type {CanvasRenderingContext2D} */ (this.#overlay.getContext('2d'));
      context.clearRect(0, 0, this.#overlay.width, this.#overlay.height);
      this.#hooks.drawOver(context);
    }
    this.#isStageDue = false;
    this.#isOverlayDue = false;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {Size} stage
 * @param {number} density
 * @param {Box | null} due all that has to be drawn, where that is not all
 */
function drawScene(context, { photo, view, look, isRestSeen, split, ground, chosen }, stage, density, due) {
  const visible = visibleBox(view, photo.size, stage);
  if (!visible) return;
  const level = levelFor(view.scale, photo.size);
  const [x, y] = [view.left, view.top];
  const area = { x, y, width: Math.round(x + photo.size.width * view.scale) - x, height: Math.round(y + photo.size.height * view.scale) - y };
  context.imageSmoothingEnabled = view.scale < SQUARE_SCALE;
  const isRestDrawn = isRestSeen && look === 'cutout';
  photo.tiles.want(isRestDrawn ? ['cutout', 'photo'] : looksOf(look), level, visible);
  // A pixel of the level more on each side, which the clip cuts off: what lies there is blended with it.
  const part = due ? overlap(visible, grown(due, 4 * 2 ** level)) : visible;
  if (!part) return;
  const edge = look === 'split' ? Math.round(split * stage.width) : 0;
  context.save();
  clip(context, edge, stage.width, stage.height);
  const main = look === 'split' ? 'cutout' : look;
  if (main === 'cutout') layGround(context, ground, area, density, chosen);
  if (isRestDrawn) {
    context.globalAlpha = REST;
    photo.tiles.draw(context, view, 'photo', level, part);
    context.globalAlpha = 1;
  }
  photo.tiles.draw(context, view, main, level, part);
  context.restore();
  if (look !== 'split') return;
  context.save();
  clip(context, 0, edge, stage.height);
  photo.tiles.draw(context, view, 'photo', level, part);
  context.restore();
}

/** @param {Box} box @param {number} by pixels on each side @returns {Box} */
const grown = ({ x, y, width, height }, by) => ({ x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by });

/** @param {Box} a @param {Box} b @returns {Box} that holds both */
function around(a, b) {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y };
}

/** @param {CanvasRenderingContext2D} context @param {View} view @param {Box} box of the photo */
function clipTo(context, { scale, left, top }, box) {
  // What scaling blends lies within a pixel on either side.
  const [x, y] = [Math.floor(left + box.x * scale) - 2, Math.floor(top + box.y * scale) - 2];
  context.beginPath();
  context.rect(x, y, Math.ceil(left + (box.x + box.width) * scale) + 2 - x, Math.ceil(top + (box.y + box.height) * scale) + 2 - y);
  context.clip();
}

/** @param {Scene['look']} look @returns {Look[]} */
const looksOf = (look) => (look === 'split' ? ['cutout', 'photo'] : [look]);

/** @param {CanvasRenderingContext2D} context @param {number} left @param {number} right @param {number} height */
function clip(context, left, right, height) {
  context.beginPath();
  context.rect(left, 0, right - left, height);
  context.clip();
}
