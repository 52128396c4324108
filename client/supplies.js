/**
 * The page's side of delivery: files are asked for here, and brought here on their way to the inference worker.
 *
 * @typedef {import('./protocol.js').Catalog} Catalog
 * @typedef {import('./protocol.js').Deliverable} Deliverable
 * @typedef {import('./protocol.js').DeliveryCalls} DeliveryCalls
 */
import { Channel } from './channel.js';

export class Supplies {
  /** @type {Channel<DeliveryCalls> | null} */
  #channel = null;
  /** @type {Promise<Catalog> | null} */
  #catalog = null;
  #site;

  /** @param {string} site the site's root, absolute */
  constructor(site) {
    this.#site = site;
  }

  /** @returns {Promise<Catalog>} fetched once; a failure is not remembered */
  catalog() {
    this.#catalog ??= this.#delivery()
      .call('catalog', { site: this.#site })
      .catch((error) => {
        this.#catalog = null;
        throw error;
      });
    return this.#catalog;
  }

  /**
   * @param {Deliverable[]} files
   * @param {AbortSignal} [signal]
   * @returns {Promise<boolean[]>} which of them are on this device, whole
   */
  stored(files, signal) {
    return this.#delivery().call('stored', { files }, { signal });
  }

  /**
   * Forget a stored file that turned out to be damaged.
   * @param {Deliverable} file
   */
  discard(file) {
    return this.#delivery().call('discard', { file });
  }

  /**
   * Fetch what is not stored. The wire carries some files compressed: progress counts the bytes people were told.
   * @param {Catalog} catalog
   * @param {Deliverable[]} files
   * @param {boolean} keep use the store; without it everything is fetched, and brought as bytes
   * @param {import('./engine.js').Watch} watch
   * @param {import('./protocol.js').Report} report its bytes and download time are filled in
   * @returns {Promise<import('./protocol.js').Supply[]>} in the order of `files`
   */
  async bring(catalog, files, keep, { signal, onProgress }, report) {
    const started = performance.now();
    const stored = keep ? await this.stored(files, signal) : files.map(() => false);
    const total = files.reduce((sum, file, i) => sum + (stored[i] ? 0 : file.download), 0);
    const supplies = [];
    let before = 0;
    for (const [i, file] of files.entries()) {
      if (stored[i]) {
        report.bytes.stored += file.bytes;
        supplies.push({ file, buffer: null });
        continue;
      }
      report.bytes.expected += file.bytes;
      /** @param {{ loaded: number }} event */
      const follow = ({ loaded }) => {
        onProgress({ stage: 'downloading', loaded: before + Math.round((loaded / file.bytes) * file.download), total });
      };
      const args = { site: this.#site, file, segmentBytes: catalog.segment_bytes, keep };
      const { buffer, received } = await this.#delivery().call('obtain', args, { signal, onProgress: follow });
      follow({ loaded: file.bytes });
      before += file.download;
      report.bytes.received += received;
      supplies.push({ file, buffer });
    }
    report.ms.download += performance.now() - started;
    return supplies;
  }

  /** @returns {Channel<DeliveryCalls>} a crashed worker is replaced by the next call */
  #delivery() {
    if (this.#channel?.isAlive) return this.#channel;
    const worker = new Worker(new URL('./delivery/worker.js', import.meta.url), { type: 'module', name: 'mattebox-delivery' });
    this.#channel = new Channel(worker, 'delivery');
    return this.#channel;
  }
}
