/**
 * What is done to the stage with a mouse, a pen or fingers: one of them works with the tool, two fingers, the middle button and the space
 * bar move the photo, wheel and pinch make it larger or smaller where they are.
 *
 * @typedef {import('./viewport.js').Point} Point
 * @typedef {{ x: number, y: number, pressure: number }} StagePoint in device pixels; `pressure` 0..1, 1 where nothing tells it
 * @typedef {Pick<Press, 'isStraight' | 'isAlt'>} Held keys
 * @typedef {object} Press
 * @property {StagePoint} at
 * @property {boolean} isStraight Shift is held
 * @property {boolean} isAlt Alt is held
 * @property {boolean} isEraser the pen's other end
 * @property {boolean} isTouch
 *
 * @typedef {object} Hooks
 * @property {(press: Press) => void} onPress
 * @property {(points: StagePoint[]) => void} onDrag
 * @property {() => void} onRelease
 * @property {() => void} onCancel as if it had not been pressed
 * @property {(at: StagePoint | null, held?: Held) => void} onHover null when it is gone
 * @property {(x: number, y: number) => void} onPan by so many device pixels
 * @property {(ratio: number, at: Point) => void} onZoom
 * @property {() => boolean} isPanning the space bar is held
 */

/** A second finger that comes within so many ms says that the first was not meant for the tool. */
const SECOND_FINGER_MS = 350;
/** Of the scale, for each pixel that a wheel or a pinch tells. */
const WHEEL = 0.0016;
const PINCH = 0.01;
/** Pixels of a line and of a page, where a wheel counts in them. */
const UNITS = [1, 24, 400];

export class Pointer {
  #stage;
  #hooks;
  /** Fingers and buttons that are down, by pointer, in device pixels. @type {Map<number, Point>} */
  #down = new Map();
  /** @type {{ id: number, kind: 'tool' | 'pan', at: number } | null} */
  #active = null;
  /** @type {{ distance: number, middle: Point } | null} */
  #pinch = null;
  #gestureScale = 1;

  /**
   * @param {HTMLElement} stage
   * @param {HTMLCanvasElement} canvas that fills it
   * @param {Hooks} hooks
   * @param {AbortSignal} signal
   */
  constructor(stage, canvas, hooks, signal) {
    this.#stage = stage;
    this.#hooks = hooks;
    this.#at = (event) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      return { x: ((event.clientX - left) * canvas.width) / (width || 1), y: ((event.clientY - top) * canvas.height) / (height || 1) };
    };
    const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ listener) => stage.addEventListener(type, listener, { signal, passive: false });
    on('pointerdown', (event) => this.#press(event));
    on('pointermove', (event) => this.#move(event));
    on('pointerup', (event) => this.#lift(event, false));
    on('pointercancel', (event) => this.#lift(event, true));
    on('pointerleave', () => hooks.onHover(null));
    on('wheel', (event) => this.#wheel(event));
    on('contextmenu', (event) => event.preventDefault());
    // The middle button would scroll, and a drag would select.
    on('mousedown', (event) => { if (event.button === 1) event.preventDefault(); });
    // Safari tells a pinch on a trackpad this way.
    on('gesturestart', (event) => { event.preventDefault(); this.#gestureScale = 1; });
    on('gesturechange', (event) => {
      event.preventDefault();
      if (this.#pinch) return;
      hooks.onZoom(event.scale / this.#gestureScale, this.#at(event));
      this.#gestureScale = event.scale;
    });
  }

  /** Give up what the tool is doing. */
  cancel() {
    if (this.#active?.kind === 'tool') this.#hooks.onCancel();
    this.#active = null;
  }

  /** @type {(event: { clientX: number, clientY: number }) => Point} */
  #at;

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.target instanceof Element && event.target.closest('button, input, label')) return;
    const { pointerId: id, pointerType, button, buttons, timeStamp } = event;
    const isEraser = pointerType === 'pen' && (buttons & 32) !== 0;
    if (button === 2) return;
    this.#stage.setPointerCapture(id);
    this.#stage.focus({ preventScroll: true });
    event.preventDefault();
    this.#down.set(id, this.#at(event));
    if (this.#down.size === 2 && pointerType === 'touch') {
      this.#startPinch(timeStamp);
      return;
    }
    if (this.#active || this.#pinch) return;
    if (button === 1 || this.#hooks.isPanning()) {
      this.#active = { id, kind: 'pan', at: timeStamp };
      return;
    }
    this.#active = { id, kind: 'tool', at: timeStamp };
    this.#hooks.onPress({ at: this.#point(event), isStraight: event.shiftKey, isAlt: event.altKey, isEraser, isTouch: pointerType === 'touch' });
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const { pointerId: id } = event;
    const before = this.#down.get(id);
    const now = this.#at(event);
    if (before) this.#down.set(id, now);
    if (this.#pinch) {
      this.#movePinch();
      return;
    }
    if (event.pointerType !== 'touch') this.#hooks.onHover(this.#point(event), { isStraight: event.shiftKey, isAlt: event.altKey });
    if (this.#active?.id !== id || !before) return;
    if (this.#active.kind === 'pan') this.#hooks.onPan(now.x - before.x, now.y - before.y);
    else this.#hooks.onDrag(this.#pointsOf(event));
  }

  /** @param {PointerEvent} event @param {boolean} isCancelled */
  #lift(event, isCancelled) {
    const { pointerId: id } = event;
    this.#down.delete(id);
    if (this.#pinch) {
      // What is left of the fingers does nothing until it is lifted as well.
      if (this.#down.size === 0) this.#pinch = null;
      else if (this.#down.size >= 2) this.#startPinch(event.timeStamp);
      return;
    }
    if (this.#active?.id !== id) return;
    const { kind } = this.#active;
    this.#active = null;
    if (kind !== 'tool') return;
    if (isCancelled) this.#hooks.onCancel();
    else this.#hooks.onRelease();
    if (event.pointerType === 'touch') this.#hooks.onHover(null);
  }

  /** @param {number} now */
  #startPinch(now) {
    if (this.#active?.kind === 'tool') {
      if (now - this.#active.at < SECOND_FINGER_MS) this.#hooks.onCancel();
      else this.#hooks.onRelease();
    }
    this.#active = null;
    this.#pinch = this.#fingers();
  }

  #movePinch() {
    const [before, now] = [this.#pinch, this.#fingers()];
    if (!before || !now) return;
    this.#hooks.onPan(now.middle.x - before.middle.x, now.middle.y - before.middle.y);
    if (before.distance > 0 && now.distance > 0) this.#hooks.onZoom(now.distance / before.distance, now.middle);
    this.#pinch = now;
  }

  #fingers() {
    const [a, b] = [...this.#down.values()];
    if (!a || !b) return this.#pinch;
    return { distance: Math.hypot(b.x - a.x, b.y - a.y), middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } };
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const unit = UNITS[event.deltaMode] ?? 1;
    const density = this.#at({ clientX: 1, clientY: 0 }).x - this.#at({ clientX: 0, clientY: 0 }).x;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      // Some systems turn the wheel themselves while Shift is held.
      this.#hooks.onPan(-(event.deltaX || event.deltaY) * unit * density, 0);
      return;
    }
    // A pinch on a trackpad comes as a wheel with Ctrl, in small steps.
    const isPinch = event.ctrlKey && Math.abs(event.deltaY) < 50;
    this.#hooks.onZoom(Math.exp(-event.deltaY * unit * (isPinch ? PINCH : WHEEL)), this.#at(event));
  }

  /** @param {PointerEvent} event @returns {StagePoint[]} all that the system knows of the way since the last event */
  #pointsOf(event) {
    const all = event.getCoalescedEvents?.() ?? [];
    return (all.length > 0 ? all : [event]).map((one) => this.#point(one));
  }

  /** @param {PointerEvent} event @returns {StagePoint} */
  #point(event) {
    // A mouse tells one half while a button is held, a finger whatever its screen makes of it.
    return { ...this.#at(event), pressure: event.pointerType === 'pen' && event.pressure > 0 ? event.pressure : 1 };
  }
}
