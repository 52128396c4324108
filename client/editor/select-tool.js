/**
 * *Select*: what is under a press, or in a box, comes into the cutout or goes out of it. Where the pointer is, what a press would take is shown;
 * with the keyboard, arrow keys move a cross, and Enter presses.
 *
 * @typedef {import('./tools.js').ToolHost} ToolHost
 * @typedef {import('./pointer.js').StagePoint} StagePoint
 * @typedef {import('./pointer.js').Held} Held
 * @typedef {import('./prompt.js').Thing} Thing
 * @typedef {import('../document/edits.js').Point} Point
 * @typedef {import('../document/edits.js').RegionMode} Mode
 */
import { t } from '../messages/editor.js';
import { boxBetween, LEAST } from './box.js';
import { ARROWS } from './keys.js';
import { ACCENT, crossAt, dotAt, frameOf, REMOVED } from './marks.js';
import { promptOf, thingAt, thingIn, withPlace } from './prompt.js';
import { Segmented } from './segmented.js';
import { SelectPanel } from './select-panel.js';
import { SelectPress } from './select-press.js';
import { SelectPreview } from './select-preview.js';
import { inside, toPhoto } from './viewport.js';

/** CSS pixels by which a press may move and still be one, and by which a place may be beside the one that was asked about. */
const STILL = 4;
/** CSS pixels that an arrow key moves, and with Shift. */
const [STEP, LEAP] = [8, 40];
/** @type {Held} */
const NONE = { isStraight: false, isAlt: false };

export class SelectTool {
  cursor = 'crosshair';
  isRestSeen = true;
  options;
  overlay;
  #host;
  #document;
  #panel;
  #segmented;
  #preview;
  #press;
  #isChosen = false;
  /** Where the pointer is, or where the keyboard has moved the cross, in the photo. @type {Point | null} */
  #at = null;
  #isKeyed = false;
  #held = NONE;
  /** @type {{ from: Point, to: Point, held: Held } | null} */
  #pressed = null;
  /** What was pressed last: more can be said of it. @type {Thing | null} */
  #last = null;
  #watch = new AbortController();

  /**
   * @param {ToolHost} host
   * @param {{ segmenter: () => import('./segmented.js').Segmenter, document: () => import('../document/document.js').Document | null }} hooks
   */
  constructor(host, { segmenter, document }) {
    this.#host = host;
    this.#document = document;
    this.#segmented = new Segmented(segmenter, { onState: () => this.#showState(), onFail: (error) => host.fail(error) });
    this.#preview = new SelectPreview(this.#segmented, { slip: () => this.#slip, redraw: host.redraw, fail: host.fail });
    this.#panel = new SelectPanel({ onAgree: () => void this.#segmented.agree(), onStop: () => void this.#segmented.stop(), onMode: () => this.#look() });
    this.#press = new SelectPress(host, this.#segmented, this.#preview, (words) => this.#panel.note(words));
    this.options = this.#panel.options;
    this.overlay = this.#panel.modes;
    this.#panel.show(this.#segmented.state);
  }

  enter() {
    this.#isChosen = true;
    this.#watch.abort();
    this.#watch = new AbortController();
    // What a press would do may be another while the pointer rests.
    for (const type of /** @type {const} */ (['keydown', 'keyup'])) addEventListener(type, (event) => this.#hold(event), { signal: this.#watch.signal });
    const document = this.#document();
    if (document) this.#segmented.enter({ source: document.file, size: document.size, handle: document.id }).catch((error) => this.#host.fail(error));
  }

  leave() {
    this.#isChosen = false;
    this.#watch.abort();
    this.#forget();
  }

  /** Another photo is open. */
  renew() {
    this.#segmented.leave();
    this.#panel.note('');
    this.#forget();
  }

  /** The editor is being closed. */
  close() {
    this.#segmented.close();
  }

  changed() {
    // Unless by a press: what was pressed is then no longer the last that was done.
    if (this.#press.pending.size === 0) this.#last = null;
    void this.#preview.want(null);
  }

  /** @param {import('./pointer.js').Press} press */
  press({ at, isStraight, isAlt }) {
    const from = this.#inPhoto(toPhoto(this.#host.view(), at));
    this.#pressed = { from, to: from, held: { isStraight, isAlt } };
    this.#isKeyed = false;
  }

  /** @param {StagePoint[]} points */
  drag(points) {
    const last = points.at(-1);
    if (!this.#pressed || !last) return;
    this.#pressed.to = this.#inPhoto(toPhoto(this.#host.view(), last));
    this.#host.redraw();
  }

  release() {
    const [pressed, photo, isBox] = [this.#pressed, this.#host.photo(), this.#isBox];
    this.#pressed = null;
    this.#host.redraw();
    if (!pressed || !photo || !this.#isReady) return;
    const { from, to, held } = pressed;
    const box = boxBetween(from, to, photo.size);
    if (!isBox) this.#take(this.#thingAt(from, held));
    else if (box.width >= LEAST && box.height >= LEAST) this.#take(thingIn(box, this.#modeOf(held)));
  }

  cancel() {
    const { is } = this.#segmented.state;
    if (this.#pressed) this.#pressed = null;
    else if (this.#isKeyed) this.#at = null;
    else if (this.#press.giveUp()) this.#last = null;
    else if (is === 'opening' && this.#isChosen) void this.#segmented.stop();
    else return false;
    this.#isKeyed = false;
    this.#look();
    return true;
  }

  /** @param {StagePoint | null} at @param {Held} [held] */
  hover(at, held = NONE) {
    if (!at && this.#isKeyed) return;
    this.#isKeyed = false;
    this.#at = at && toPhoto(this.#host.view(), at);
    this.#held = held;
    this.#look();
  }

  /** @param {KeyboardEvent} event */
  key({ key, shiftKey, altKey, ctrlKey, metaKey }) {
    const photo = this.#host.photo();
    if (!photo?.isOpen || ctrlKey || metaKey) return false;
    const at = this.#at ?? { x: photo.size.width / 2, y: photo.size.height / 2 };
    if (key in ARROWS && !altKey) {
      const step = Math.max(1, ((shiftKey ? LEAP : STEP) * this.#host.density()) / this.#host.view().scale);
      const [x, y] = ARROWS[key].map((direction) => direction * step);
      // The first key shows where the cross is.
      this.#at = this.#inPhoto(this.#at ? { x: at.x + x, y: at.y + y } : at);
      this.#isKeyed = true;
      this.#held = NONE;
      this.#host.reveal({ x: this.#at.x - step, y: this.#at.y - step, width: 2 * step, height: 2 * step });
      this.#host.say(t('editor.select.at', { x: Math.round(this.#at.x), y: Math.round(this.#at.y) }));
      this.#look();
      return true;
    }
    if (key !== 'Enter') return false;
    if (this.#isReady) this.#take(this.#thingAt(this.#inPhoto(at), { isStraight: shiftKey, isAlt: altKey }));
    return true;
  }

  /** @param {CanvasRenderingContext2D} context @param {import('./viewport.js').View} view */
  draw(context, view) {
    const density = this.#host.density();
    const colour = this.#modeOf(this.#pressed?.held ?? this.#held) === 'remove' ? REMOVED : ACCENT;
    if (this.#pressed && this.#isBox) frameOf(context, view, this.#pressed, density, colour);
    else this.#preview.draw(context, view, density, colour);
    for (const thing of new Set([this.#last, ...this.#press.pending])) {
      for (const { x, y, isTaken } of thing?.marks ?? []) dotAt(context, view, { x, y }, density, isTaken ? REMOVED : ACCENT);
    }
    if (this.#isKeyed && this.#at) crossAt(context, view, this.#at, density);
  }

  get #isReady() {
    return this.#segmented.state.is === 'ready' && (this.#host.photo()?.isOpen ?? false);
  }

  /** @returns {boolean} what is being drawn is more than a slip of the hand */
  get #isBox() {
    return this.#pressed !== null && this.#isReady && Math.hypot(this.#pressed.to.x - this.#pressed.from.x, this.#pressed.to.y - this.#pressed.from.y) > this.#slip;
  }

  /** @returns {number} pixels of the photo */
  get #slip() {
    return (STILL * this.#host.density()) / this.#host.view().scale;
  }

  #forget() {
    this.#press.giveUp();
    this.#at = this.#last = this.#pressed = null;
    void this.#preview.want(null);
  }

  #showState() {
    const { state } = this.#segmented;
    this.#panel.show(state);
    if (state.is === 'ready' && this.#isChosen) this.#host.say(t('editor.select.ready'));
    this.#look();
  }

  /** @param {KeyboardEvent} event */
  #hold(event) {
    const { key, shiftKey, altKey } = event;
    if ((key !== 'Alt' && key !== 'Shift') || !this.#at || this.#isKeyed) return;
    // By itself it would lead to the browser's menu.
    if (key === 'Alt') event.preventDefault();
    this.#held = { isStraight: shiftKey, isAlt: altKey };
    this.#look();
  }

  /** Show what a press would take. */
  #look() {
    if (this.#pressed) return;
    const [at, size] = [this.#at, this.#host.photo()?.size];
    const isOver = at && size && inside(at, size).x === at.x && inside(at, size).y === at.y;
    void this.#preview.want(isOver && this.#isReady && this.#isChosen ? promptOf(this.#thingAt(at, this.#held)) : null);
    this.#host.redraw();
  }

  /** @param {Held} held @returns {Mode} */
  #modeOf({ isAlt }) {
    return isAlt ? 'remove' : this.#panel.mode;
  }

  /** @param {Point} at @param {Held} held @returns {Thing} what a press there is about */
  #thingAt(at, held) {
    const mode = this.#modeOf(held);
    return this.#last && (held.isStraight || this.#panel.isSame) ? withPlace(this.#last, at, mode) : thingAt(at, mode);
  }

  #inPhoto = (/** @type {Point} */ at) => inside(at, this.#host.photo()?.size ?? { width: 1, height: 1 });

  /** @param {Thing} thing */
  #take(thing) {
    this.#last = thing;
    void this.#press.take(thing);
  }
}
