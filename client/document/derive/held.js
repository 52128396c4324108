/**
 * What has been derived and may be wanted again, the latest used within a budget. Whatever is let go can be made again.
 *
 * @template T
 */
export class Held {
  /** The least recently used first. @type {Map<string, { value: T, bytes: number }>} */
  #entries = new Map();
  #budget;
  #bytes = 0;

  /** @param {number} budget bytes; a value that is larger is held alone */
  constructor(budget) {
    this.#budget = budget;
  }

  /** @returns {number} of what is held */
  get bytes() {
    return this.#bytes;
  }

  /** @param {string} key @returns {T | null} */
  get(key) {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /**
   * @param {string} key
   * @param {T} value
   * @param {number} bytes that it takes
   */
  set(key, value, bytes) {
    this.delete(key);
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#budget || oldest === key) break;
      this.delete(oldest);
    }
  }

  /** @param {string} key */
  delete(key) {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}
