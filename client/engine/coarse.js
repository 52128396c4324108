/**
 * Previews by a small model, in a worker of its own, while a large one gets ready.
 *
 * Invariant: nothing is downloaded for it, nothing but a preview comes of it, and no photo fails or waits for more than it because of it.
 *
 * @typedef {import('../shared/protocol.js').Catalog} Catalog
 * @typedef {import('../shared/protocol.js').Model} Model
 * @typedef {import('./engine.js').Choice} Choice
 * @typedef {import('./engine.js').Watch} Watch
 * @typedef {import('./engine.js').Photo & { longest: number }} Photo
 */
import { coarserThan, parts } from '../shared/catalog.js';
import { isPreviewWorth } from './coarse-rule.js';
import { deviceMemory, environment } from './environment.js';
import { attemptKey, threadCount } from './plan.js';
import { blankReport } from './report.js';

export class Coarse {
  /** @type {import('./live-session.js').LiveSession | null} */
  #live = null;
  #site;
  #supplies;
  #router;
  #history;

  /**
   * @param {string} site the site's root, absolute
   * @param {import('./supplies.js').Supplies} supplies
   * @param {Pick<import('./router.js').Router, 'route' | 'isReady'>} router
   * @param {Pick<import('./run-history.js').RunHistory, 'of'>} history
   */
  constructor(site, supplies, router, history) {
    this.#site = site;
    this.#supplies = supplies;
    this.#router = router;
    this.#history = history;
  }

  /**
   * A preview of a photo whose model is about to get ready, where it is worth its cost.
   * @param {Catalog} catalog
   * @param {Model} model
   * @param {Choice} choice
   * @param {Photo} photo
   * @param {Watch} watch `onPreview` is given it
   * @returns {Promise<{ ended: Promise<void> }>} as soon as it has begun, or is known not to be worth it; `ended` never rejects
   */
  async begin(catalog, model, choice, photo, watch) {
    const coarse = watch.onPreview ? await this.#worth(catalog, model, choice, watch).catch(() => null) : null;
    if (!coarse) {
      this.#end();
      return { ended: Promise.resolve() };
    }
    return { ended: this.#draw(catalog, coarse, choice, photo, watch).catch(() => this.#end()) };
  }

  /** @param {Catalog} catalog @param {Model} model @param {Choice} choice @param {Watch} watch */
  async #worth(catalog, model, choice, { signal }) {
    const coarse = coarserThan(catalog, model);
    if (!coarse) return null;
    const { attempts: [first], expectedMs } = await this.#router.route(model, choice);
    if (!first) return null;
    const needed = parts(catalog, model, first.build).map(({ file }) => file);
    const isFetching = !this.#router.isReady(model.id) && (await this.#supplies.held(catalog, needed, signal)).some(({ whole }) => !whole);
    const coarseMs = this.#history.of(coarse)[attemptKey(stepOf(choice))]?.runMs ?? null;
    if (!isPreviewWorth({ model, coarse, isFetching, backend: first.backend, modelMs: expectedMs, coarseMs, memory: deviceMemory() })) return null;
    const isHere = await this.#supplies.areStored(catalog, parts(catalog, coarse, 'wasm').map(({ file }) => file));
    return isHere ? coarse : null;
  }

  /** @param {Catalog} catalog @param {Model} coarse @param {Choice} choice @param {Photo} photo @param {Watch} watch */
  async #draw(catalog, coarse, choice, photo, { signal, onPreview }) {
    const watch = { signal, onProgress() {} };
    const step = stepOf(choice);
    if (!this.#live?.isAlive || this.#live.model.id !== coarse.id || this.#live.step.threads !== step.threads) {
      this.#end();
      const { LiveSession } = await import('./live-session.js');
      const start = { site: this.#site, supplies: this.#supplies, catalog, model: coarse, step, isLast: false, expectedMs: null, isLazy: false, canary: /** @type {const} */ ('later') };
      this.#live = await LiveSession.start(start, watch, blankReport());
    }
    const { preview } = await this.#live.draft(photo, watch, blankReport());
    if (!signal?.aborted) onPreview?.(preview);
  }

  #end() {
    this.#live?.end();
    this.#live = null;
  }
}

/** @param {Choice} choice @returns {import('./plan.js').Step} */
const stepOf = ({ threads }) => ({ backend: 'wasm', build: 'wasm', threads: threadCount(environment(), threads) });
