/**
 * Something that is loaded when it is first needed.
 * @template T
 */
export class Lazy {
  /** @type {Promise<T> | null} */
  #loading = null;
  /** @type {T | null} */
  #loaded = null;
  #load;

  /** @param {() => Promise<T>} load */
  constructor(load) {
    this.#load = load;
  }

  /** @returns {T | null} null until it is there */
  get loaded() {
    return this.#loaded;
  }

  /**
   * @param {(it: T) => void} act at once where it is loaded already
   * @param {() => void} [onFailure] it cannot be had now, and is tried again the next time
   */
  use(act, onFailure = () => {}) {
    if (this.#loaded !== null) {
      act(this.#loaded);
      return;
    }
    this.#loading ??= this.#load().then((it) => {
      this.#loaded = it;
      return it;
    });
    this.#loading.then(act, () => {
      this.#loading = null;
      onFailure();
    });
  }
}
