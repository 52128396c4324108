/**
 * What is made of photos whose matte is known: previews and files. Without the model, so in a worker of its own that works beside it.
 *
 * @typedef {import('../shared/protocol.js').PixelCalls} PixelCalls
 * @typedef {import('./engine.js').Watch} Watch
 * @typedef {import('../shared/protocol.js').Report} Report
 * @typedef {import('../shared/protocol.js').OutputOptions} OutputOptions
 * @typedef {import('../document/document.js').Document} Document
 */
import { Channel } from '../shared/channel.js';
import { handleOf } from '../document/document.js';
import { Lane } from '../jobs/lane.js';
import { pictureOf, PixelWorker } from './pixel-worker.js';
import { blankReport } from './report.js';

/** A worker that has nothing to do gives its memory back: a codec's never shrinks. What it holds is worth some waiting. */
const IDLE_MS = 20_000;
const HOLDING_IDLE_MS = 300_000;

export class DocumentWorker {
  #lane = new Lane();
  /** @type {{ channel: Channel<PixelCalls>, pixelWorker: PixelWorker } | null} */
  #live = null;
  #idle = 0;
  #isHolding = false;
  #supplies;

  /** @param {import('./supplies.js').Supplies} supplies */
  constructor(supplies) {
    this.#supplies = supplies;
  }

  /**
   * @param {{ photo: Blob, matte: Blob, output: import('../shared/protocol.js').OutputOptions, reduce: boolean }} work `reduce`: rather a smaller
   *   picture than one that a file of its type cannot hold
   * @param {Watch} watch
   * @returns {Promise<PixelCalls['finish']['result']>}
   */
  finish({ photo, matte, output, reduce }, watch) {
    return this.#inLine(watch, async ({ channel, pixelWorker }, report) => {
      await pixelWorker.load('png', watch, report);
      const { transfer, ...ready } = await pixelWorker.ready(photo, output, true, watch, report);
      return channel.call('finish', { ...ready, matte, reduce }, { signal: watch.signal, transfer });
    });
  }

  /**
   * Give the worker what previews of a document are made of, so that it need not open the photo for them.
   * @param {Document} document
   * @param {import('../shared/protocol.js').Base} base no longer the caller's
   */
  hold(document, base) {
    return this.#inLine({ onProgress() {} }, async ({ channel }) => {
      this.#isHolding = true;
      await channel.call('hold', { handle: handleOf(document), base }, { transfer: [base.pixels.data.buffer] });
    });
  }

  /**
   * @param {Document} document
   * @param {{ output: OutputOptions, longest: number }} wish
   * @param {Watch} watch
   * @returns {Promise<import('../shared/protocol.js').Preview>}
   */
  preview(document, { output, longest }, watch) {
    return this.#inLine(watch, async ({ channel, pixelWorker }, report) => {
      this.#isHolding = true;
      const { file, matte, reduce } = document;
      const args = { handle: handleOf(document), matte, picture: pictureOf(output), longest, reduce };
      const made = await channel.call('preview', { ...args, source: null, output }, { signal: watch.signal });
      if (made) return made;
      const { transfer, ...ready } = await pixelWorker.ready(file, output, reduce, watch, report);
      return /** @type {Promise<import('../shared/protocol.js').Preview>} */ (channel.call('preview', { ...args, ...ready }, { signal: watch.signal, transfer }));
    });
  }

  /**
   * @param {Document} document
   * @param {OutputOptions} output
   * @param {Watch} watch
   * @returns {Promise<PixelCalls['file']['result']>}
   */
  file({ file, matte, reduce }, output, watch) {
    return this.#inLine(watch, async ({ channel, pixelWorker }, report) => {
      await pixelWorker.load('png', watch, report);
      const { transfer, ...ready } = await pixelWorker.ready(file, output, reduce, watch, report);
      return channel.call('file', { ...ready, matte, reduce }, { signal: watch.signal, transfer });
    });
  }

  /** @param {Document} document that is needed no more */
  async drop(document) {
    if (!this.#live?.channel.isAlive) return;
    const { channel } = this.#live;
    const { bytes } = await channel.call('drop', { handle: handleOf(document) });
    this.#isHolding = bytes > 0;
    this.#rest(channel);
  }

  /**
   * @param {Blob} image that is to be a background
   * @param {Watch} watch
   * @returns {Promise<PixelCalls['check']['result']>}
   */
  check(image, watch) {
    return this.#inLine(watch, async ({ channel, pixelWorker }, report) => {
      const source = await pixelWorker.backdrop(image, { width: null, height: null }, watch, report);
      return channel.call('check', { source }, { signal: watch.signal, transfer: source instanceof Blob ? [] : [source] });
    });
  }

  /**
   * @template T
   * @param {Watch} watch
   * @param {(live: { channel: Channel<PixelCalls>, pixelWorker: PixelWorker }, report: Report) => Promise<T>} work nobody reads the report
   * @returns {Promise<T>}
   */
  #inLine({ signal }, work) {
    return this.#lane.enter(signal, async () => {
      clearTimeout(this.#idle);
      const live = this.#worker();
      try {
        return await work(live, blankReport());
      } catch (thrown) {
        // Nothing in the worker listens for an abort: what is superseded must not be waited for.
        if (signal?.aborted) live.channel.end();
        throw thrown;
      } finally {
        this.#rest(live.channel);
      }
    });
  }

  /** Give all of it back at once. What is asked for next starts anew. */
  end() {
    clearTimeout(this.#idle);
    this.#live?.channel.end();
    this.#isHolding = false;
  }

  /** @param {Channel<PixelCalls>} channel */
  #rest(channel) {
    clearTimeout(this.#idle);
    if (!channel.isAlive) return;
    this.#idle = setTimeout(() => channel.end(), this.#isHolding ? HOLDING_IDLE_MS : IDLE_MS);
  }

  #worker() {
    if (this.#live?.channel.isAlive) return this.#live;
    const worker = new Worker(new URL('../workers/pixels.js', import.meta.url), { type: 'module', name: 'mattebox-documents' });
    /** @type {Channel<PixelCalls>} */
    const channel = new Channel(worker, 'inference');
    this.#live = { channel, pixelWorker: new PixelWorker(channel, this.#supplies) };
    return this.#live;
  }
}
