/**
 * Which models this browser has been seen to compute rightly on the CPU. The canary costs a whole run at each visit, and WebAssembly
 * does the same arithmetic at each: once passed, it holds until anything that bears on it is another, or anything fails. A GPU is
 * never taken at its word: no page is told of a new driver.
 *
 * @typedef {import('../shared/protocol.js').Catalog} Catalog
 * @typedef {import('../shared/protocol.js').Model} Model
 * @typedef {import('./plan.js').Step} Step
 * @typedef {import('./local-store.js').StringStorage} StringStorage
 */
import { ownBrowser, ownStorage } from './local-store.js';

const KEY = 'mattebox-passed';

export class CanaryMemo {
  #storage;
  #browser;

  /**
   * @param {object} [given]
   * @param {StringStorage | null} [given.storage] null where there is none: then nothing is remembered
   * @param {string} [given.browser] changes with the browser's version
   */
  constructor({ storage = ownStorage(), browser = ownBrowser() } = {}) {
    this.#storage = storage;
    this.#browser = browser;
  }

  /**
   * @param {Catalog} catalog
   * @param {Model} model
   * @param {Step} step
   * @returns {boolean} whether the model's canary was passed here, run in this way
   */
  has(catalog, model, step) {
    return step.backend === 'wasm' && this.#load()[slot(model.id, step)] === this.#circumstances(catalog, model);
  }

  /**
   * @param {Catalog} catalog
   * @param {Model} model
   * @param {Step} step
   */
  add(catalog, model, step) {
    if (step.backend === 'wasm') this.#save({ ...this.#load(), [slot(model.id, step)]: this.#circumstances(catalog, model) });
  }

  /** @param {string} [model] id; all when left out */
  forget(model) {
    const kept = Object.entries(this.#load()).filter(([key]) => model !== undefined && !key.startsWith(`${model} `));
    this.#save(Object.fromEntries(kept));
  }

  /**
   * All that bears on what comes out, as it stands: some kilobytes, and no digest, which insecure pages could not compute.
   * @param {Catalog} catalog
   * @param {Model} model
   */
  #circumstances({ runtime }, { parts }) {
    return JSON.stringify([this.#browser, runtime.version, runtime.builds.wasm.binary.sha256, parts]);
  }

  /** @returns {Record<string, unknown>} by model and way of running it */
  #load() {
    try {
      const found = JSON.parse(this.#storage?.getItem(KEY) ?? '{}');
      return typeof found === 'object' && found !== null ? found : {};
    } catch {
      // Blocked, or written by something else: nothing is known.
      return {};
    }
  }

  /** @param {Record<string, unknown>} passed */
  #save(passed) {
    try {
      this.#storage?.setItem(KEY, JSON.stringify(passed));
    } catch {
      // Full or blocked: the canary is run at the next visit, too.
    }
  }
}

/**
 * @param {string} model
 * @param {Step} step
 */
const slot = (model, { threads }) => `${model} ${threads > 1 ? 'threads' : 'one thread'}`;
