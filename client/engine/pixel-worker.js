/**
 * The page's side of an inference worker that works on pixels: what a photo and a format need beyond the model is found out
 * and brought before the work begins. The worker itself can fetch nothing.
 *
 * @typedef {import('../shared/protocol.js').PixelCalls} PixelCalls
 * @typedef {import('../shared/protocol.js').CodecName} CodecName
 * @typedef {import('../shared/protocol.js').Report} Report
 * @typedef {import('./engine.js').Watch} Watch
 */
import { MatteboxError, ofBackground } from '../shared/errors.js';
import { writersOf } from '../finish/output-options.js';

/** Pictures that are backgrounds, told apart: what comes out of a worker's message is another Blob each time. @type {WeakMap<Blob, number>} */
const pictures = new WeakMap();
let pictureCount = 0;

/**
 * @param {import('../shared/protocol.js').OutputOptions} output as it is asked for
 * @returns {number | null} which picture is the background
 */
export function pictureOf({ background }) {
  if (background?.kind !== 'image') return null;
  const image = /** @type {Blob} */ (background.image);
  const known = pictures.get(image) ?? (pictureCount += 1);
  pictures.set(image, known);
  return known;
}

export class PixelWorker {
  /** @type {Set<string>} codecs the worker holds */
  #loaded = new Set();
  #channel;
  #supplies;

  /**
   * @param {import('../shared/channel.js').Channel<Pick<PixelCalls, 'inspect' | 'load'>>} channel
   * @param {import('./supplies.js').Supplies} supplies
   */
  constructor(channel, supplies) {
    this.#channel = channel;
    this.#supplies = supplies;
  }

  /**
   * @param {Blob} photo
   * @param {import('../shared/protocol.js').OutputOptions} output
   * @param {boolean} reduce whether a photo that is too large may be worked on at a reduced size
   * @param {Watch} watch
   * @param {Report} report
   * @returns {Promise<{ source: Blob | ImageBitmap, output: import('../shared/protocol.js').OutputOptions, transfer: ImageBitmap[] }>} what the
   *   worker can decode, once it holds the codecs for it
   * @throws {import('../shared/errors.js').MatteboxError} what the head of the file tells, and delivery's
   */
  async ready(photo, output, reduce, watch, report) {
    const { codecs, drawing, ...size } = await this.#channel.call('inspect', { blob: photo, reduce }, { signal: watch.signal });
    const { background } = output;
    const image = background?.kind === 'image' ? await this.backdrop(/** @type {Blob} */ (background.image), size, watch, report) : null;
    for (const codec of [...codecs, ...writersOf(output)]) await this.load(codec, watch, report);
    const source = drawing === null ? photo : await drawn(drawing);
    return {
      source,
      output: image ? { ...output, background: { kind: 'image', image } } : output,
      transfer: [source, image].flatMap((one) => (one === null || one instanceof Blob ? [] : one)),
    };
  }

  /**
   * @param {Blob} image that is to be the background
   * @param {{ width: number | null, height: number | null }} frame that it is to cover
   * @param {Watch} watch
   * @param {Report} report
   * @returns {Promise<Blob | ImageBitmap>} what the worker can decode
   * @throws {import('../shared/errors.js').MatteboxError} as `ready`, with `details.role` where it is about the picture
   */
  async backdrop(image, frame, watch, report) {
    try {
      const { codecs, drawing } = await this.#channel.call('inspect', { blob: image, reduce: true }, { signal: watch.signal });
      for (const codec of codecs) await this.load(codec, watch, report);
      return drawing === null ? image : await drawn(drawing, frame);
    } catch (thrown) {
      throw ofBackground(thrown);
    }
  }

  /**
   * @param {CodecName} codec
   * @param {Watch} watch
   * @param {Report} report
   */
  async load(codec, watch, report) {
    const catalog = await this.#supplies.catalog();
    const file = catalog.codecs[codec];
    for (let round = 0; !this.#loaded.has(codec); round++) {
      const [supply] = await this.#supplies.bring(catalog, [file], { keep: round < 2, handOver: file.bytes }, watch, report);
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

/**
 * @param {string} drawing
 * @param {Parameters<typeof import('./raster.js').rasterise>[1]} [frame]
 */
async function drawn(drawing, frame) {
  const { rasterise } = await import('./raster.js');
  return rasterise(drawing, frame);
}
