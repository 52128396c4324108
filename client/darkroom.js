/**
 * The page's side of an inference worker that works on pixels: what a photo and a format need beyond the model is found out
 * and brought before the work begins. The worker itself can fetch nothing.
 *
 * @typedef {import('./protocol.js').InferenceCalls} InferenceCalls
 * @typedef {import('./protocol.js').CodecName} CodecName
 * @typedef {import('./protocol.js').Report} Report
 * @typedef {import('./engine.js').Watch} Watch
 */
import { MatteboxError } from './errors.js';
import { writersOf } from './output-options.js';
import { rasterise } from './raster.js';

export class Darkroom {
  /** @type {Set<string>} codecs the worker holds */
  #loaded = new Set();
  #channel;
  #supplies;

  /**
   * @param {import('./channel.js').Channel<InferenceCalls>} channel
   * @param {import('./supplies.js').Supplies} supplies
   */
  constructor(channel, supplies) {
    this.#channel = channel;
    this.#supplies = supplies;
  }

  /**
   * @param {Blob} photo
   * @param {import('./protocol.js').OutputOptions} output
   * @param {boolean} reduce whether a photo that is too large may be worked on at a reduced size
   * @param {Watch} watch
   * @param {Report} report
   * @returns {Promise<Blob | ImageBitmap>} what the worker can decode, once it holds the codecs for it
   * @throws {import('./errors.js').MatteboxError} what the head of the file tells, and delivery's
   */
  async ready(photo, output, reduce, watch, report) {
    const { signal } = watch;
    const { codecs, isDrawing } = await this.#channel.call('inspect', { blob: photo, reduce }, { signal });
    const backdrop = output.background?.kind === 'image' ? await this.#channel.call('inspect', { blob: output.background.image, reduce: true }, { signal }) : null;
    for (const codec of new Set([...codecs, ...(backdrop?.codecs ?? []), ...writersOf(output)])) await this.load(codec, watch, report);
    return isDrawing ? rasterise(photo) : photo;
  }

  /**
   * @param {CodecName | 'png'} codec
   * @param {Watch} watch
   * @param {Report} report
   */
  async load(codec, watch, report) {
    const catalog = await this.#supplies.catalog();
    const file = catalog.codecs[codec];
    for (let round = 0; !this.#loaded.has(codec); round++) {
      const [supply] = await this.#supplies.bring(catalog, [file], round < 2, watch, report);
      try {
        await this.#channel.call('load', { codec, supply }, { signal: watch.signal, transfer: supply.buffer ? [supply.buffer] : [] });
        this.#loaded.add(codec);
      } catch (thrown) {
        if (MatteboxError.from(thrown).details.source !== 'store') throw thrown;
        // What turns out to be damaged in the store, or gone from it, is fetched again, and in the end without the store.
        await this.#supplies.distrust(file);
      }
    }
  }
}
