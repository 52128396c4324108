/**
 * A stroke on its way to the worker: points are collected while the worker is busy with those before, so that a fast hand or a slow device
 * costs detail in time and never in place.
 *
 * @typedef {import('../document/edits.js').Brush} Brush
 * @typedef {{ x: number, y: number, pressure: number }} BrushPoint on the photo; `pressure` 0..1
 * @typedef {{ level: number, look: import('../shared/protocol-edit.js').Look, visible: import('../document/edits.js').Box }} Seen
 */

/** Points that lie closer than this part of the diameter add nothing that can be seen. */
const CLOSE = 0.02;

export class Stroke {
  /** @type {number[]} x, y, pressure of those that were not sent yet */
  #points = [];
  /** @type {BrushPoint | null} */
  #last = null;
  #isEnded = false;
  #hasBegun = false;
  /** @type {Promise<void> | null} */
  #sending = null;
  #brush;
  #paint;
  #seen;

  /**
   * @param {{ brush: Brush, size: number, hardness: number }} brush
   * @param {(args: import('../shared/protocol-edit.js').EditCalls['paint']['args']) => Promise<void>} paint
   * @param {() => Seen} seen what is to be seen of it, now
   */
  constructor(brush, paint, seen) {
    this.#brush = brush;
    this.#paint = paint;
    this.#seen = seen;
  }

  /** @returns {BrushPoint | null} where it is now */
  get end() {
    return this.#last;
  }

  /** @param {readonly BrushPoint[]} points */
  add(points) {
    for (const { x, y, pressure } of points) {
      const last = this.#last;
      if (last && Math.hypot(x - last.x, y - last.y) < Math.max(0.1, this.#brush.size * CLOSE) && Math.abs(pressure - last.pressure) < 0.02) continue;
      this.#last = { x, y, pressure };
      this.#points.push(x, y, pressure);
    }
    // What fails is told by the last call.
    this.#send().catch(() => {});
  }

  /** @returns {Promise<void>} when it is an edit */
  async finish() {
    this.#isEnded = true;
    // The last call has a point, so that it is known where the stroke ends.
    if (this.#points.length === 0 && this.#last) this.#points.push(this.#last.x, this.#last.y, this.#last.pressure);
    while (this.#points.length > 0) await this.#send();
    await this.#sending;
  }

  /** @returns {Promise<boolean>} when nothing of it is on its way any more; whether the worker has anything of it */
  async giveUp() {
    this.#points = [];
    await this.#sending?.catch(() => {});
    return this.#hasBegun;
  }

  #send() {
    this.#sending ??= this.#drain().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #drain() {
    while (this.#points.length > 0) {
      const points = Float32Array.from(this.#points.splice(0));
      this.#hasBegun = true;
      await this.#paint({ ...this.#brush, points, isLast: this.#isEnded, ...this.#seen() });
    }
  }
}
