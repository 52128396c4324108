/**
 * The stage as it is drawn: the photo on its ground, at the screen's own pixels, and above it, on a canvas of its own, what the tools draw.
 * Nothing is drawn more than once in a frame.
 *
 * @typedef {import('./viewport.js').View} View
 * @typedef {import('./viewport.js').Size} Size
 * @typedef {import('../shared/protocol-edit.js').Look} Look
 * @typedef {object} Scene
 * @property {import('./edited-photo.js').EditedPhoto} photo
 * @property {View} view
 * @property {'cutout' | 'matte' | 'photo' | 'split'} look
 * @property {number} split 0..1 of the stage's width: left of it, the photo as it was
 * @property {import('./grounds.js').GroundName} ground
 * @property {{ colour: string | null, image: CanvasImageSource | null }} chosen
 */
import { layGround } from './grounds.js';
import { levelFor, visibleBox } from './viewport.js';

/** From here on, pixels are shown as the squares they are. */
const SQUARE_SCALE = 2;

export class Surface {
  density = 1;
  #canvas;
  #overlay;
  #hooks;
  #frame = 0;
  #isStageDue = false;
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

  /** The photo, its ground, or where it lies is another. */
  redraw() {
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
      context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
      const scene = this.#hooks.scene();
      if (scene) drawScene(context, scene, this.size, this.density);
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
 */
function drawScene(context, { photo, view, look, split, ground, chosen }, stage, density) {
  const visible = visibleBox(view, photo.size, stage);
  if (!visible) return;
  const level = levelFor(view.scale, photo.size);
  const [x, y] = [view.left, view.top];
  const area = { x, y, width: Math.round(x + photo.size.width * view.scale) - x, height: Math.round(y + photo.size.height * view.scale) - y };
  context.imageSmoothingEnabled = view.scale < SQUARE_SCALE;
  context.imageSmoothingQuality = 'high';
  photo.tiles.want(looksOf(look), level, visible);
  const edge = look === 'split' ? Math.round(split * stage.width) : 0;
  context.save();
  clip(context, edge, stage.width, stage.height);
  const main = look === 'split' ? 'cutout' : look;
  if (main === 'cutout') layGround(context, ground, area, density, chosen);
  photo.tiles.draw(context, view, main, level, visible);
  context.restore();
  if (look !== 'split') return;
  context.save();
  clip(context, 0, edge, stage.height);
  photo.tiles.draw(context, view, 'photo', level, visible);
  context.restore();
}

/** @param {Scene['look']} look @returns {Look[]} */
const looksOf = (look) => (look === 'split' ? ['cutout', 'photo'] : [look]);

/** @param {CanvasRenderingContext2D} context @param {number} left @param {number} right @param {number} height */
function clip(context, left, right, height) {
  context.beginPath();
  context.rect(left, 0, right - left, height);
  context.clip();
}
