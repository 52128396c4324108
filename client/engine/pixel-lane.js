/**
 * A pixel worker of its own and the line before it: started when somebody comes, ended when nobody has come for a while.
 *
 * @typedef {import('../shared/protocol.js').PixelCalls} PixelCalls
 * @typedef {import('../shared/protocol.js').Report} Report
 * @typedef {import('./engine.js').Watch} Watch
 * @typedef {{ channel: Channel<PixelCalls>, pixelWorker: PixelWorker }} Live
 */
import { Lane } from '../jobs/lane.js';
import { Channel } from '../shared/channel.js';
import { ownScript } from '../shared/trusted.js';
import { PixelWorker } from './pixel-worker.js';
import { blankReport } from './report.js';

export class PixelLane {
  #lane = new Lane();
  /** @type {Live | null} */
  #live = null;
  #idle = 0;
  #supplies;
  #isEndedByAbort;
  /** ms after which a worker that has nothing to do gives its memory back: a codec's never shrinks */
  idleMs;

  /**
   * @param {import('./supplies.js').Supplies} supplies
   * @param {{ idleMs: number, isEndedByAbort: boolean }} how `isEndedByAbort`: what is given up takes so long that it must not be waited for, and
   *   nothing in the worker listens for an abort
   */
  constructor(supplies, { idleMs, isEndedByAbort }) {
    this.#supplies = supplies;
    this.#isEndedByAbort = isEndedByAbort;
    this.idleMs = idleMs;
  }

  /** @returns {Channel<PixelCalls> | null} of the worker, where there is one */
  get channel() {
    return this.#live?.channel.isAlive ? this.#live.channel : null;
  }

  /** @returns {Promise<void>} resolves once nobody is in line */
  idle() {
    return this.#lane.idle();
  }

  /**
   * @template T
   * @param {Watch} watch
   * @param {(live: Live, report: Report) => Promise<T>} work nobody reads the report
   * @returns {Promise<T>}
   */
  enter({ signal }, work) {
    return this.#lane.enter(signal, async () => {
      clearTimeout(this.#idle);
      const live = this.#worker();
      try {
        return await work(live, blankReport());
      } catch (thrown) {
        if (signal?.aborted && this.#isEndedByAbort) live.channel.end();
        throw thrown;
      } finally {
        this.rest();
      }
    });
  }

  /** From now on nothing is to be done. */
  rest() {
    clearTimeout(this.#idle);
    const { channel } = this;
    if (channel) this.#idle = setTimeout(() => channel.end(), this.idleMs);
  }

  /** End the worker at once. Whoever comes next gets another one. */
  end() {
    clearTimeout(this.#idle);
    this.channel?.end();
  }

  #worker() {
    if (this.#live?.channel.isAlive) return this.#live;
    const worker = new Worker(ownScript(new URL('../workers/pixels.js', import.meta.url)), { type: 'module', name: 'mattebox-pixels' });
    /** @type {Channel<PixelCalls>} */
    const channel = new Channel(worker, 'inference', 'pixels');
    this.#live = { channel, pixelWorker: new PixelWorker(channel, this.#supplies) };
    return this.#live;
  }
}
