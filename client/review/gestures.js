/**
 * What a mouse, a pen, fingers and a wheel do over a stage: move what is on it, or make it larger about a point. In CSS pixels on the stage.
 *
 * @typedef {{ x: number, y: number }} Point
 *
 * @typedef {object} Hooks
 * @property {(x: number, y: number, event: PointerEvent) => void} onMove one pointer alone has moved so far
 * @property {(ratio: number, at: Point) => void} onZoom what is at this point stays there
 * @property {() => void} [onPress] the first one is down
 * @property {(event: PointerEvent) => void} [onLift] the last one is up
 */

/** Of the scale, for each pixel that a wheel tells. */
const WHEEL = 0.0016;
/** With the control key, which browsers also add for two fingers on a touchpad, in finer steps. */
const WHEEL_PINCH = 6;
/** Pixels of a line and of a page, in which some tell. By `deltaMode`. */
const WHEEL_UNITS = [1, 24, 400];

export class Gestures {
  #stage;
  #hooks;
  /** Fingers and buttons that are down. @type {Map<number, Point>} */
  #down = new Map();

  /** @param {HTMLElement} stage @param {Hooks} hooks */
  constructor(stage, hooks) {
    this.#stage = stage;
    this.#hooks = hooks;
    const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ listener) => stage.addEventListener(type, listener, { passive: false });
    on('wheel', (event) => this.#wheel(event));
    on('pointerdown', (event) => this.#press(event));
    on('pointermove', (event) => this.#move(event));
    for (const type of ['pointerup', 'pointercancel']) on(type, (event) => this.#lift(event));
  }

  /** Whatever is down means nothing any more. */
  clear() {
    this.#down.clear();
  }

  /** @param {{ clientX: number, clientY: number }} event @returns {Point} */
  at({ clientX, clientY }) {
    const { left, top } = this.#stage.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const pixels = event.deltaY * WHEEL_UNITS[event.deltaMode];
    this.#hooks.onZoom(Math.exp(-pixels * WHEEL * (event.ctrlKey ? WHEEL_PINCH : 1)), this.at(event));
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button > 1) return;
    this.#stage.setPointerCapture(event.pointerId);
    if (this.#down.size === 0) this.#hooks.onPress?.();
    this.#down.set(event.pointerId, this.at(event));
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.#down.get(event.pointerId);
    if (!before) return;
    const now = this.at(event);
    const other = [...this.#down].find(([id]) => id !== event.pointerId)?.[1];
    this.#down.set(event.pointerId, now);
    if (other) {
      // Two fingers: what is between them stays between them.
      const distance = (/** @type {Point} */ one) => Math.hypot(one.x - other.x, one.y - other.y);
      this.#hooks.onZoom(distance(now) / Math.max(1, distance(before)), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    } else {
      this.#hooks.onMove(now.x - before.x, now.y - before.y, event);
    }
  }

  /** @param {PointerEvent} event */
  #lift(event) {
    if (this.#down.delete(event.pointerId) && this.#down.size === 0) this.#hooks.onLift?.(event);
  }
}
