/**
 * Finished photos once more, with other settings: without the model, so in a worker of its own that works beside it.
 *
 * @typedef {import('./protocol.js').InferenceCalls} InferenceCalls
 * @typedef {import('./engine.js').Watch} Watch
 * @typedef {import('./protocol.js').Report} Report
 */
import { Channel } from './channel.js';
import { Darkroom } from './darkroom.js';
import { Line } from './line.js';

/** A worker that has nothing to do gives its memory back: a codec's never shrinks. */
const IDLE_MS = 20_000;

export class Finisher {
  #line = new Line();
  /** @type {{ channel: Channel<InferenceCalls>, darkroom: Darkroom } | null} */
  #live = null;
  #idle = 0;
  #supplies;

  /** @param {import('./supplies.js').Supplies} supplies */
  constructor(supplies) {
    this.#supplies = supplies;
  }

  /**
   * @param {{ photo: Blob, matte: Blob, output: import('./protocol.js').OutputOptions }} work
   * @param {Watch} watch
   * @param {Report} report
   * @returns {Promise<InferenceCalls['finish']['result']>}
   */
  finish({ photo, matte, output }, watch, report) {
    return this.#line.enter(watch.signal, async () => {
      clearTimeout(this.#idle);
      const { channel, darkroom } = this.#worker();
      try {
        await darkroom.load('png', watch, report);
        const source = await darkroom.ready(photo, output, true, watch, report);
        const transfer = source instanceof Blob ? [] : [source];
        return await channel.call('finish', { source, matte, output }, { signal: watch.signal, transfer });
      } catch (thrown) {
        // Nothing in the worker listens for an abort: what is superseded must not be waited for.
        if (watch.signal?.aborted) channel.end();
        throw thrown;
      } finally {
        this.#idle = setTimeout(() => channel.end(), IDLE_MS);
      }
    });
  }

  #worker() {
    if (this.#live?.channel.isAlive) return this.#live;
    const worker = new Worker(new URL('./inference/worker.js', import.meta.url), { type: 'module', name: 'mattebox-finishing' });
    /** @type {Channel<InferenceCalls>} */
    const channel = new Channel(worker, 'inference');
    this.#live = { channel, darkroom: new Darkroom(channel, this.#supplies) };
    return this.#live;
  }
}
