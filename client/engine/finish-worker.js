/**
 * Finished photos once more, with other settings: without the model, so in a worker of its own that works beside it.
 *
 * @typedef {import('../shared/protocol.js').PixelCalls} PixelCalls
 * @typedef {import('./engine.js').Watch} Watch
 * @typedef {import('../shared/protocol.js').Report} Report
 */
import { Channel } from '../shared/channel.js';
import { PixelWorker } from './pixel-worker.js';
import { Lane } from '../jobs/lane.js';

/** A worker that has nothing to do gives its memory back: a codec's never shrinks. */
const IDLE_MS = 20_000;

export class FinishWorker {
  #lane = new Lane();
  /** @type {{ channel: Channel<PixelCalls>, pixelWorker: PixelWorker } | null} */
  #live = null;
  #idle = 0;
  #supplies;

  /** @param {import('./supplies.js').Supplies} supplies */
  constructor(supplies) {
    this.#supplies = supplies;
  }

  /**
   * @param {{ photo: Blob, matte: Blob, output: import('../shared/protocol.js').OutputOptions, reduce: boolean }} work `reduce`: rather a smaller
   *   picture than one that a file of its type cannot hold
   * @param {Watch} watch
   * @param {Report} report
   * @returns {Promise<PixelCalls['finish']['result']>}
   */
  finish({ photo, matte, output, reduce }, watch, report) {
    return this.#inLine(watch, async ({ channel, pixelWorker }) => {
      await pixelWorker.load('png', watch, report);
      const { transfer, ...ready } = await pixelWorker.ready(photo, output, true, watch, report);
      return channel.call('finish', { ...ready, matte, reduce }, { signal: watch.signal, transfer });
    });
  }

  /**
   * @param {Blob} image that is to be a background
   * @param {Watch} watch
   * @param {Report} report
   * @returns {Promise<PixelCalls['check']['result']>}
   */
  check(image, watch, report) {
    return this.#inLine(watch, async ({ channel, pixelWorker }) => {
      const source = await pixelWorker.backdrop(image, { width: null, height: null }, watch, report);
      return channel.call('check', { source }, { signal: watch.signal, transfer: source instanceof Blob ? [] : [source] });
    });
  }

  /**
   * @template T
   * @param {Watch} watch
   * @param {(live: { channel: Channel<PixelCalls>, pixelWorker: PixelWorker }) => Promise<T>} work
   * @returns {Promise<T>}
   */
  #inLine({ signal }, work) {
    return this.#lane.enter(signal, async () => {
      clearTimeout(this.#idle);
      const live = this.#worker();
      try {
        return await work(live);
      } catch (thrown) {
        // Nothing in the worker listens for an abort: what is superseded must not be waited for.
        if (signal?.aborted) live.channel.end();
        throw thrown;
      } finally {
        this.#idle = setTimeout(() => live.channel.end(), IDLE_MS);
      }
    });
  }

  #worker() {
    if (this.#live?.channel.isAlive) return this.#live;
    const worker = new Worker(new URL('../workers/pixels.js', import.meta.url), { type: 'module', name: 'mattebox-finishing' });
    /** @type {Channel<PixelCalls>} */
    const channel = new Channel(worker, 'inference');
    this.#live = { channel, pixelWorker: new PixelWorker(channel, this.#supplies) };
    return this.#live;
  }
}
