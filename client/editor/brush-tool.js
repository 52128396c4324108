/**
 * What is done by painting: *Restore*, *Erase* and *Edge*. With the keyboard, arrow keys move the brush and Enter paints where it is.
 *
 * @typedef {import('./tools.js').ToolHost} ToolHost
 * @typedef {import('./pointer.js').StagePoint} StagePoint
 * @typedef {import('./stroke.js').BrushPoint} BrushPoint
 * @typedef {{ size: number, hardness: number }} Settings
 */
import { nextHardness, nextSize } from './brush.js';
import { ARROWS } from './keys.js';
import { band, ring } from './marks.js';
import { inside, toPhoto, toStage } from './viewport.js';

/** CSS pixels by which a press may move and still be one. */
const STILL = 4;
/** Of the brush's size, that a key moves it by, at least a CSS pixel. */
const STEP = 0.25;

export class BrushTool {
  cursor = 'none';
  options;
  #host;
  #brush;
  #settings;
  #onSet;
  /** @type {import('./stroke.js').Stroke | null} */
  #stroke = null;
  /** Shift was held: a line to where it is let go. @type {{ from: BrushPoint, to: BrushPoint } | null} */
  #line = null;
  /** Where the last stroke ended. @type {BrushPoint | null} */
  #last = null;
  /** Of a stroke whose effect comes at its end. @type {BrushPoint[]} */
  #trail = [];
  /** Strokes that are being worked on. @type {Set<BrushPoint[]>} */
  #pending = new Set();
  /** @type {StagePoint | null} */
  #hover = null;
  /** Where the keyboard has moved it. @type {BrushPoint | null} */
  #keyed = null;

  /**
   * @param {ToolHost} host
   * @param {import('../document/edits.js').Brush} brush
   * @param {Settings} settings that all brushes share
   * @param {HTMLElement} options
   * @param {(change: Partial<Settings>) => void} onSet
   */
  constructor(host, brush, settings, options, onSet) {
    this.#host = host;
    this.#brush = brush;
    this.#settings = settings;
    this.options = options;
    this.#onSet = onSet;
  }

  leave() {
    this.cancel();
    this.#hover = null;
    this.#keyed = null;
  }

  renew() {
    this.#last = null;
    this.#keyed = null;
    this.#pending.clear();
  }

  /** @param {import('./pointer.js').Press} press */
  press({ at, isStraight, isEraser }) {
    if (!this.#host.photo()?.isOpen) return;
    const point = this.#point(at);
    this.#keyed = null;
    this.#hover = at;
    if (isStraight) this.#line = { from: point, to: point };
    else this.#begin(isEraser ? 'erase' : this.#brush, [point]);
    this.#host.redraw();
  }

  /** @param {StagePoint[]} points */
  drag(points) {
    this.#hover = points.at(-1) ?? null;
    const path = points.map((point) => this.#point(point));
    if (this.#line) this.#line.to = path[path.length - 1];
    else this.#add(path);
    this.#host.redraw();
  }

  release() {
    const line = this.#line;
    this.#line = null;
    if (line) {
      const isStill = Math.hypot(line.to.x - line.from.x, line.to.y - line.from.y) * this.#host.view().scale < STILL * this.#host.density();
      this.#begin(this.#brush, isStill && this.#last ? [this.#last, line.to] : [line.from, line.to]);
    }
    void this.#finish();
    this.#host.redraw();
  }

  cancel() {
    const stroke = this.#stroke;
    const hadLine = this.#line !== null;
    this.#stroke = null;
    this.#line = null;
    this.#trail = [];
    this.#host.redraw();
    if (!stroke) return hadLine;
    const photo = this.#host.photo();
    photo?.giveUp(stroke).catch((error) => this.#host.fail(error));
    return true;
  }

  /** @param {StagePoint | null} at */
  hover(at) {
    this.#hover = at;
    if (at) this.#keyed = null;
    this.#host.redraw();
  }

  /** @param {import('./keys.js').Command} command */
  command(command) {
    const { size, hardness } = this.#settings;
    if (command === 'smaller' || command === 'larger') this.#onSet({ size: nextSize(size, command === 'larger' ? 1 : -1) });
    else if (command === 'softer' || command === 'harder') this.#onSet({ hardness: nextHardness(hardness, command === 'harder' ? 1 : -1) });
    else return false;
    this.#host.redraw();
    return true;
  }

  /** @param {KeyboardEvent} event */
  key({ key, shiftKey, ctrlKey, metaKey, altKey }) {
    const photo = this.#host.photo();
    if (!photo?.isOpen || ctrlKey || metaKey || altKey) return false;
    const { width, height } = photo.size;
    const at = this.#keyed ?? (this.#hover ? this.#point(this.#hover) : { x: width / 2, y: height / 2, pressure: 1 });
    if (key in ARROWS) {
      const step = Math.max(this.#host.density() / this.#host.view().scale, this.#settings.size * STEP) * (shiftKey ? 4 : 1);
      const [x, y] = ARROWS[key].map((direction) => direction * step);
      this.#keyed = { ...inside({ x: at.x + x, y: at.y + y }, photo.size), pressure: 1 };
      this.#host.reveal({ x: Math.max(0, this.#keyed.x - this.#settings.size / 2), y: Math.max(0, this.#keyed.y - this.#settings.size / 2), width: this.#settings.size, height: this.#settings.size });
      this.#host.redraw();
      return true;
    }
    if (key !== 'Enter') return false;
    this.#keyed = at;
    this.#begin(this.#brush, shiftKey && this.#last ? [this.#last, at] : [at]);
    void this.#finish();
    return true;
  }

  /** @param {CanvasRenderingContext2D} context @param {import('./viewport.js').View} view */
  draw(context, view) {
    const density = this.#host.density();
    const onStage = (/** @type {BrushPoint} */ point) => toStage(view, point);
    for (const trail of [...this.#pending, this.#trail]) band(context, trail.map(onStage), this.#settings.size * view.scale, 'rgb(79 208 138 / 35%)');
    if (this.#line) band(context, [this.#line.from, this.#line.to].map(onStage), this.#settings.size * view.scale, 'rgb(255 255 255 / 40%)');
    const at = this.#keyed ? toStage(view, this.#keyed) : this.#hover;
    if (!at) return;
    const pressure = this.#stroke && this.#hover ? this.#hover.pressure : 1;
    ring(context, at, { radius: (this.#settings.size * pressure * view.scale) / 2, hardness: this.#brush === 'edge' ? 1 : this.#settings.hardness }, density);
  }

  /** @param {import('../document/edits.js').Brush} brush @param {BrushPoint[]} points */
  #begin(brush, points) {
    const photo = this.#host.photo();
    if (!photo) return;
    this.#stroke = photo.begin({ brush, ...this.#settings }, () => this.#host.seen());
    this.#trail = [];
    this.#add(points);
  }

  /** @param {BrushPoint[]} points */
  #add(points) {
    this.#stroke?.add(points);
    if (this.#stroke && this.#brush === 'edge') this.#trail.push(...points);
  }

  async #finish() {
    const [stroke, trail, photo] = [this.#stroke, this.#trail, this.#host.photo()];
    if (!stroke || !photo) return;
    this.#last = stroke.end;
    this.#stroke = null;
    this.#trail = [];
    this.#pending.add(trail);
    await this.#host.commit(photo.finish(stroke));
    this.#pending.delete(trail);
    this.#host.redraw();
  }

  /** @param {StagePoint} at @returns {BrushPoint} */
  #point(at) {
    return { ...toPhoto(this.#host.view(), at), pressure: at.pressure };
  }
}
