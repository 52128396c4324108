/**
 * A model that is up in an inference worker of its own, watched over while it starts and while it runs.
 *
 * @typedef {import('../shared/protocol.js').Catalog} Catalog
 * @typedef {import('../shared/protocol.js').Model} Model
 * @typedef {import('../shared/protocol.js').Report} Report
 * @typedef {import('../shared/protocol.js').ModelCalls} ModelCalls
 * @typedef {import('./plan.js').Step} Step
 * @typedef {import('../shared/channel.js').Channel<ModelCalls>} ModelChannel
 * @typedef {import('../shared/errors.js').MatteboxError} MatteboxError
 * @typedef {import('./engine.js').Watch} Watch
 *
 * @typedef {object} Start
 * @property {string} site
 * @property {import('./supplies.js').Supplies} supplies
 * @property {Catalog} catalog
 * @property {Model} model
 * @property {Step} step
 * @property {boolean} isLast nothing else would be tried, or the person insisted on it
 * @property {number | null} expectedMs for one run
 * @property {boolean} isLazy a photo waits whose first preview is shown at once
 * @property {ModelCalls['prepare']['args']['canary']} canary whether the model's canary is run now, after the first photo, or needs no run
 */
import { orCancelled } from '../jobs/lane.js';
import { bringUp, guarded, limitsOf } from './bring-up.js';
import { PixelWorker } from './pixel-worker.js';

export class LiveSession {
  #channel;
  #rest;
  #pixelWorker;
  #limits;
  /** ms the model took last time, or should take; null where nothing is known */
  runMs;

  /**
   * @param {ModelChannel} channel
   * @param {Start} start
   * @param {ModelCalls['prepare']['result']} facts
   * @param {import('./bring-up.js').Rest} rest of its files
   */
  constructor(channel, start, facts, rest) {
    const { catalog, model, step } = start;
    this.#channel = channel;
    this.#rest = rest;
    this.#pixelWorker = new PixelWorker(channel, start.supplies);
    this.runMs = facts.ms.run ?? start.expectedMs;
    this.#limits = { ...limitsOf(start), expectedMs: this.runMs };
    /** Whether all of the model was brought up before the first photo. */
    this.isWhole = !start.isLazy || !model.fusion;
    this.catalog = catalog;
    this.model = model;
    this.step = step;
    /** @type {ModelCalls['prepare']['result']} */
    this.facts = facts;
  }

  get isAlive() {
    return this.#channel.isAlive;
  }

  /**
   * @param {Start} start
   * @param {Watch} watch @param {Report} report
   * @returns {Promise<LiveSession>}
   * @throws {MatteboxError} what fetching and starting throw
   */
  static async start(start, watch, report) {
    const { channel, facts, rest } = await bringUp(start, watch, report);
    return new this(channel, start, facts, rest);
  }

  /**
   * Nobody waits: what a first preview did not need is read from the store meanwhile.
   * @param {Watch} watch
   * @throws {MatteboxError} where it cannot be fetched
   */
  async expect(watch) {
    await this.#arrival(watch);
    if (!this.isWhole) await this.#channel.call('expect', {});
  }

  /**
   * Bring up what a first preview did not need.
   * @param {Watch} watch
   * @param {Report} report
   * @throws {MatteboxError} what bringing up a part throws
   */
  async complete(watch, report) {
    if (this.isWhole) return;
    await this.#arrival(watch);
    watch.onProgress({ stage: 'preparing' });
    const { create } = await guarded(this.#channel, this.#limits, 'creating', () => this.#channel.call('complete', {}, { signal: watch.signal }));
    report.ms.create += create;
    this.isWhole = true;
  }

  /** All of the model's files are in the worker. @param {Watch} watch */
  async #arrival({ signal, onProgress }) {
    if (this.#rest.isHere) return;
    this.#rest.tell(onProgress);
    await orCancelled(this.#rest.arrived, signal);
  }

  /**
   * Run the canary that was left for later.
   * @param {Watch} watch
   * @param {Report} report
   * @throws {MatteboxError} `canary-mismatch`, and what a run throws
   */
  async prove(watch, report) {
    await this.#arrival(watch);
    watch.onProgress({ stage: 'preparing' });
    const { ms } = await guarded(this.#channel, this.#limits, 'canary', () => this.#channel.call('prove', {}, { signal: watch.signal }));
    this.facts = { ...this.facts, canary: 'passed', ms: { ...this.facts.ms, ...ms } };
    report.ms.canary += ms.canary;
  }

  /**
   * @param {import('./engine.js').Photo} photo
   * @param {Watch} watch
   * @param {Report} report
   */
  cutout(photo, watch, report) {
    return this.#work('cutout', photo, {}, watch, report);
  }

  /**
   * @param {import('./engine.js').Photo & { longest: number, opened?: import('../shared/protocol.js').Opened | null }} photo
   * @param {Watch} watch @param {Report} report
   */
  draft({ longest, opened = null, ...photo }, watch, report) {
    return this.#work('draft', photo, { longest, opened, isEarly: watch.onPreview !== undefined }, watch, report);
  }

  /**
   * @param {{ blob: Blob, size: { width: number, height: number }, box: import('../document/edits.js').Box }} part of a photo
   * @param {Watch} watch
   * @param {Report} report filled in
   * @returns {Promise<Pick<ModelCalls['look']['result'], 'seen' | 'matte'>>}
   */
  async look({ blob, size, box }, watch, report) {
    const { source, transfer } = await this.ready(blob, watch, report);
    const { seen, matte, notes, heap, ms } = await this.call('look', { source, size, box }, transfer, watch);
    this.facts.heap = heap;
    this.runMs = ms.run;
    Object.assign(report, { size, notes });
    Object.assign(report.ms, ms);
    return { seen, matte };
  }

  /**
   * A picture from words, as far as the parts here bring it.
   * @param {import('../shared/protocol-generate.js').Making} making
   * @param {{ signal?: AbortSignal, onProgress: (event: import('../shared/protocol-generate.js').MakingProgress) => void }} watch
   * @param {Report} report filled in
   * @returns {Promise<import('../shared/protocol-generate.js').Making>}
   */
  async make(making, { signal, onProgress }, report) {
    const { made, ms, heap } = await guarded(this.#channel, this.#limits, 'running', () => this.#channel.call('make', { making }, { signal, onProgress }));
    this.facts.heap = heap;
    Object.assign(report.ms, ms);
    return made;
  }

  /**
   * @template {'cutout' | 'draft'} K
   * @param {K} kind
   * @param {import('./engine.js').Photo} photo
   * @param {Omit<ModelCalls[K]['args'], 'source' | 'output' | 'reduce'>} more
   * @param {Watch} watch
   * @param {Report} report
   * @returns {Promise<ModelCalls[K]['result']>}
   */
  async #work(kind, { blob, output, reduce }, more, watch, report) {
    const { transfer, ...ready } = await this.#pixelWorker.ready(blob, output, reduce, watch, report);
    const buffers = 'opened' in more && more.opened ? [/** @type {import('../shared/protocol.js').Opened} */ (more.opened).pixels.data.buffer] : [];
    return this.call(kind, /** @type {ModelCalls[K]['args']} */ ({ ...ready, reduce, ...more }), [...transfer, ...buffers], watch);
  }

  /**
   * @param {Blob} photo
   * @param {Watch} watch @param {Report} report
   * @returns {Promise<{ source: Blob | ImageBitmap, transfer: ImageBitmap[] }>} what the worker can decode, once it holds the codecs for it
   */
  ready(photo, watch, report) {
    return this.#pixelWorker.ready(photo, {}, true, watch, report);
  }

  /**
   * @template {'cutout' | 'draft' | 'look' | 'see' | 'ask' | 'dropPhoto'} K
   * @param {K} kind
   * @param {ModelCalls[K]['args']} args
   * @param {Transferable[]} transfer
   * @param {Watch} watch
   * @param {'decoding' | 'running'} [first] stage
   * @returns {Promise<ModelCalls[K]['result']>}
   */
  call(kind, args, transfer, { signal, onProgress, onPreview }, first = 'decoding') {
    const rest = this.#rest;
    /** @param {'decoding' | 'running' | 'encoding'} stage */
    const tell = (stage) => onProgress(stage === 'running' && this.runMs !== null ? { stage, expectedMs: this.runMs } : { stage });
    return guarded(this.#channel, this.#limits, first, (follow) => {
      let isOver = false;
      if (!rest.isHere) {
        rest.tell(onProgress);
        // From here on, it is the model's own time again.
        rest.arrived.then(() => { if (!isOver) { follow('running'); tell('running'); } }, () => {});
      }
      const made = this.#channel.call(kind, args, {
        signal,
        transfer,
        onProgress: (event) => {
          if (event.stage !== 'preview') {
            follow(event.stage);
            // Until then, what people wait for is the download.
            if (rest.isHere) tell(event.stage);
            return;
          }
          if (!rest.isHere) follow(null);
          onPreview?.(event.preview);
        },
      });
      return made.finally(() => { isOver = true; });
    });
  }

  end() {
    this.#channel.end();
  }
}
