/** Where pixels were changed, gathered one by one. */
export class Bounds {
  #left = Infinity;
  #top = Infinity;
  #right = -1;
  #bottom = -1;

  /** @param {number} x @param {number} y */
  include(x, y) {
    if (x < this.#left) this.#left = x;
    if (x > this.#right) this.#right = x;
    if (y < this.#top) this.#top = y;
    if (y > this.#bottom) this.#bottom = y;
  }

  /** @returns {import('../../edits.js').Box | null} null where there were none */
  get box() {
    if (this.#right < 0) return null;
    return { x: this.#left, y: this.#top, width: this.#right - this.#left + 1, height: this.#bottom - this.#top + 1 };
  }
}
