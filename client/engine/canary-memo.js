/**
 * Which models this browser has been seen to compute rightly on the CPU. The canary costs a whole run at each visit, and WebAssembly
 * does the same arithmetic at each: once passed, it holds until anything that bears on it is another, or anything fails. A GPU is
 * never taken at its word: no page is told of a new driver.
 *
 * @typedef {import('../shared/protocol.js').Catalog} Catalog
 * @typedef {import('../shared/protocol.js').Model} Model
 * @typedef {import('./plan.js').Step} Step
 */
import { LocalEntry } from '../shared/local-store.js';
import { ownBrowser } from './environment.js';

export class CanaryMemo {
  #entry;
  #browser;

  /**
   * @param {object} [given]
   * @param {import('../shared/local-store.js').OpenStorage} [given.open] without storage, nothing is remembered
   * @param {string} [given.browser] changes with the browser's version
   */
  constructor({ open, browser = ownBrowser() } = {}) {
    this.#entry = new LocalEntry('passed', open);
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

  /**
   * A result was wrong: from now on the model is proven before its first photo.
   * @param {Catalog} catalog
   * @param {Model} model
   * @param {Step} step
   */
  doubt(catalog, model, step) {
    if (step.backend === 'wasm') this.#save({ ...this.#load(), [slot(model.id, step)]: doubtOf(this.#circumstances(catalog, model)) });
  }

  /**
   * @param {Catalog} catalog
   * @param {Model} model
   * @returns {boolean} whether a result was wrong here, run in whatever way
   */
  isDoubted(catalog, model) {
    return Object.values(this.#load()).includes(doubtOf(this.#circumstances(catalog, model)));
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
  #circumstances({ runtime }, { task, parts }) {
    return JSON.stringify([this.#browser, runtime.version, runtime.builds.wasm.binary.sha256, task, parts]);
  }

  /** @returns {Record<string, unknown>} by model and way of running it */
  #load() {
    const found = this.#entry.read();
    return typeof found === 'object' && found !== null ? found : {};
  }

  /** @param {Record<string, unknown>} passed */
  #save(passed) {
    // Where it cannot be stored, the canary is run at the next visit, too.
    this.#entry.write(passed);
  }
}

/** @param {string} circumstances in which a result was wrong */
const doubtOf = (circumstances) => `wrong ${circumstances}`;

/**
 * @param {string} model
 * @param {Step} step
 * @returns {string} under which it is known how that model does, run in that way
 */
export const slot = (model, { threads }) => `${model} ${threads > 1 ? 'threads' : 'one thread'}`;
