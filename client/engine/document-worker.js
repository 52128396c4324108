/**
 * What is made of photos whose matte is known: previews and files. Without the model, so beside it; in two workers, so that no preview
 * waits for a file, and a file that is given up takes nothing with it that previews are made of.
 *
 * @typedef {import('../shared/protocol.js').PixelCalls} PixelCalls
 * @typedef {import('../shared/protocol.js').OutputOptions} OutputOptions
 * @typedef {import('../shared/protocol.js').Preview} Preview
 * @typedef {import('../document/document.js').Document} Document
 * @typedef {import('./engine.js').Watch} Watch
 */
import { buffersOf, handleOf, matteOf, newDocument } from '../document/document.js';
import { PixelLane } from './pixel-lane.js';
import { pictureOf } from './pixel-worker.js';

/** Documents of an earlier visit may be here too. */
const LIFE = Date.now().toString(36);
const IDLE_MS = 20_000;
/** What is held is worth some waiting. */
const HOLDING_IDLE_MS = 300_000;

export class DocumentWorker {
  #previews;
  #files;
  #count = 0;

  /** @param {import('./supplies.js').Supplies} supplies */
  constructor(supplies) {
    this.#previews = new PixelLane(supplies, { idleMs: IDLE_MS, isEndedByAbort: false });
    this.#files = new PixelLane(supplies, { idleMs: IDLE_MS, isEndedByAbort: true });
  }

  /**
   * @param {Omit<Parameters<typeof newDocument>[0], 'id'>} made
   * @param {import('../shared/protocol.js').Layered} layered no longer the caller's
   * @returns {Document}
   */
  open(made, layered) {
    this.#count += 1;
    const document = newDocument({ ...made, id: `${LIFE}-${this.#count}` });
    // Without it, the first change opens the photo again.
    this.hold(document, layered).catch(() => {});
    return document;
  }

  /**
   * Give the worker what previews of a document are made of, so that it need not open the photo for them.
   * @param {Document} document
   * @param {import('../shared/protocol.js').Layered} layered no longer the caller's
   */
  hold(document, layered) {
    return this.#previews.enter({ onProgress() {} }, async ({ channel }) => {
      this.#previews.idleMs = HOLDING_IDLE_MS;
      await channel.call('hold', { handle: handleOf(document), layered }, { transfer: buffersOf(layered) });
    });
  }

  /**
   * @param {Document} document
   * @param {{ output: OutputOptions, longest: number }} wish
   * @param {Watch} watch
   * @returns {Promise<Preview>}
   */
  preview(document, { output, longest }, watch) {
    return this.#previews.enter(watch, async ({ channel, pixelWorker }, report) => {
      this.#previews.idleMs = HOLDING_IDLE_MS;
      const { file, size, edits } = document;
      const args = { handle: handleOf(document), matte: await matteOf(document), picture: pictureOf(output), longest, size, edits };
      const made = await channel.call('preview', { ...args, source: null, output }, { signal: watch.signal });
      if (made) return made;
      const { transfer, ...ready } = await pixelWorker.ready(file, output, true, watch, report);
      return /** @type {Promise<Preview>} */ (channel.call('preview', { ...args, ...ready }, { signal: watch.signal, transfer }));
    });
  }

  /**
   * @param {Document} document
   * @param {OutputOptions} output
   * @param {Watch} watch
   * @returns {Promise<PixelCalls['file']['result']>}
   */
  file(document, output, watch) {
    const { file, size, edits, reduce } = document;
    return this.#files.enter(watch, async ({ channel, pixelWorker }, report) => {
      const [matte, { transfer, ...ready }] = await Promise.all([matteOf(document), pixelWorker.ready(file, output, true, watch, report)]);
      return channel.call('file', { ...ready, matte, size, edits, reduce }, { signal: watch.signal, transfer });
    });
  }

  /**
   * @param {Blob} photo as this browser shows it
   * @param {number} width in pixels
   * @returns {Promise<ImageBitmap>}
   */
  thumbnail(photo, width) {
    return this.#previews.enter({ onProgress() {} }, ({ channel }) => channel.call('thumbnail', { photo, width }));
  }

  /** @param {Document} document that is needed no more */
  async drop(document) {
    const { channel } = this.#previews;
    if (!channel) return;
    const { bytes } = await channel.call('drop', { handle: handleOf(document) });
    this.#previews.idleMs = bytes > 0 ? HOLDING_IDLE_MS : IDLE_MS;
    this.#previews.rest();
  }

  /**
   * @param {{ photo: Blob, matte: Blob, output: OutputOptions, reduce: boolean }} work `matte` as a grey PNG; `reduce`: rather a smaller picture
   *   than one that a file of its type cannot hold
   * @param {Watch} watch
   * @returns {Promise<PixelCalls['finish']['result']>}
   */
  finish({ photo, matte, output, reduce }, watch) {
    return this.#files.enter(watch, async ({ channel, pixelWorker }, report) => {
      const { transfer, ...ready } = await pixelWorker.ready(photo, output, true, watch, report);
      return channel.call('finish', { ...ready, matte, reduce }, { signal: watch.signal, transfer });
    });
  }

  /**
   * @param {Blob} image that is to be a background
   * @param {Watch} watch
   * @returns {Promise<PixelCalls['check']['result']>}
   */
  check(image, watch) {
    return this.#files.enter(watch, async ({ channel, pixelWorker }, report) => {
      const source = await pixelWorker.backdrop(image, { width: null, height: null }, watch, report);
      return channel.call('check', { source }, { signal: watch.signal, transfer: source instanceof Blob ? [] : [source] });
    });
  }

  /**
   * @param {Blob[]} photos finished ones
   * @param {import('../shared/protocol-output.js').SheetPlan} sheet
   * @param {Watch} watch
   * @returns {Promise<Blob>} JPEG
   */
  sheet(photos, sheet, watch) {
    return this.#files.enter(watch, async ({ channel, pixelWorker }, report) => {
      const ready = [];
      for (const photo of photos) ready.push(await pixelWorker.ready(photo, { type: 'image/jpeg' }, false, watch, report));
      return channel.call('sheet', { photos: ready.map(({ source }) => source), sheet }, { signal: watch.signal, transfer: ready.flatMap(({ transfer }) => transfer) });
    });
  }

  /** @returns {Promise<void>} resolves once no file is being made */
  idle() {
    return this.#files.idle();
  }

  /** Load what other photos and settings need: other workers then have it from the browser's cache. */
  loadAhead() {
    return this.#previews.enter({ onProgress() {} }, ({ channel }) => channel.call('ahead', {}));
  }

  /** Give all of it back at once. What is asked for next starts anew. */
  end() {
    this.#previews.end();
    this.#files.end();
  }
}
