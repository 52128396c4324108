/** Gives up on a stage that takes too long. Time while the device sleeps, or while the browser holds the page's timers back, does not count. */

const TICK_MS = 500;

export class Watchdog {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #onExpiry;

  /** @param {(stage: string, ms: number) => void} onExpiry called once per stage, with its budget */
  constructor(onExpiry) {
    this.#onExpiry = onExpiry;
  }

  /**
   * The stage before is over, this one has begun.
   * @param {string} stage
   * @param {number} ms its budget
   */
  watch(stage, ms) {
    this.stop();
    let left = ms;
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      left -= Math.min(now - last, 2 * TICK_MS);
      last = now;
      if (left <= 0) this.#onExpiry(stage, ms);
      else this.#timer = setTimeout(tick, Math.min(TICK_MS, left));
    };
    this.#timer = setTimeout(tick, Math.min(TICK_MS, left));
  }

  stop() {
    clearTimeout(this.#timer);
  }
}
