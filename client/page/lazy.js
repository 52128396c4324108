/** Held, shared, while a part of the page is loaded: until nobody does, no service worker takes over from another (server/templates/sw.js). */
const LOADING = 'mattebox-loading';

/** What the first photo can do without, until nobody waits for it any more. @type {(() => void)[] | null} null since then */
let spared = [];

/** @param {() => void} load what the first photo can do without: called once that is there, at once where it is */
export function afterFirst(load) {
  if (spared) spared.push(load);
  else load();
}

/** Nobody waits for the first photo any more. */
export function loadSpared() {
  const loads = spared ?? [];
  spared = null;
  for (const load of loads) load();
}

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
  #onLoaded;

  /** @param {() => Promise<T>} load @param {(it: T) => void} [onLoaded] called before anybody uses it */
  constructor(load, onLoaded = () => {}) {
    this.#load = load;
    this.#onLoaded = onLoaded;
  }

  /**
   * @template T
   * @param {() => Promise<T>} load what is needed behind the first photo, and is there by then
   * @param {(it: T) => void} [onLoaded]
   * @returns {Lazy<T>}
   */
  static spared(load, onLoaded) {
    const lazy = new Lazy(load, onLoaded);
    afterFirst(() => lazy.use(() => {}));
    return lazy;
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
    this.#loading ??= undivided(this.#load).then((it) => {
      this.#loaded = it;
      this.#onLoaded(it);
      return it;
    });
    this.#loading.then(act, () => {
      this.#loading = null;
      onFailure();
    });
  }
}

/**
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T>} what it gives, with all its files from one service worker
 */
async function undivided(load) {
  /** @type {Promise<T> | undefined} */
  let loading;
  const begin = () => (loading ??= load());
  // Refused where a person lets sites keep nothing: no service worker is there, either.
  if (globalThis.navigator?.locks) await navigator.locks.request(LOADING, { mode: 'shared' }, begin).catch(() => {});
  return begin();
}
