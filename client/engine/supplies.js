/**
 * The page's side of delivery: files are asked for here, and brought here on their way to the inference worker.
 *
 * @typedef {import('../shared/protocol.js').Catalog} Catalog
 * @typedef {import('../shared/protocol.js').Deliverable} Deliverable
 * @typedef {import('../shared/protocol.js').DeliveryCalls} DeliveryCalls
 * @typedef {{ keep: boolean, handOver?: number }} Way `keep`: use the store; without it everything is fetched, and brought as bytes. `handOver`: bytes up to which a
 *   file that has to be fetched is stored, and brought as bytes as well
 */
import { Channel } from '../shared/channel.js';
import { ownScript } from '../shared/trusted.js';

/** Bytes of a file that takes a while on any line. */
const LARGE = 2 ** 23;

export class Supplies {
  /** @type {Channel<DeliveryCalls> | null} */
  #channel = null;
  /** @type {Promise<Catalog> | null} */
  #catalog = null;
  /** @type {Map<string, ArrayBuffer>} fetched ahead where nothing can be stored */
  #inMemory = new Map();
  #site;

  /** @param {string} site the site's root, absolute */
  constructor(site) {
    this.#site = site;
    // A page that its browser keeps for "Back" would sleep with the lock that says which release it is of (workers/delivery.js): without its worker it holds none.
    const follow = (/** @type {'pagehide' | 'pageshow'} */ name, /** @type {(channel: Channel<DeliveryCalls>) => void} */ act) =>
      globalThis.addEventListener?.(name, ({ persisted }) => { if (persisted && this.#channel) act(this.#channel); });
    follow('pagehide', (channel) => { if (channel.isIdle) channel.end(); });
    follow('pageshow', () => this.#delivery());
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

  /** @returns {Promise<import('../shared/protocol.js').Reach>} */
  reach() {
    return this.#delivery().call('reach', { site: this.#site });
  }

  /**
   * @param {Catalog} catalog
   * @param {Deliverable[]} files
   * @param {AbortSignal} [signal]
   * @returns {Promise<{ whole: boolean, have: number, remaining: number }[]>} for each file whether it can be used, the bytes
   *   that are here, and the bytes on the wire that are still to come: none, when only the record is missing
   */
  async held(catalog, files, signal) {
    const held = await this.#delivery().call('held', { files, segmentBytes: catalog.segment_bytes }, { signal });
    return files.map((file, i) => {
      if (held[i].whole || this.#inMemory.has(file.sha256)) return { whole: true, have: file.bytes, remaining: 0 };
      // A compressed file comes as one stream, so what is here of it saves nothing.
      return { whole: false, have: held[i].have, remaining: file.download === file.bytes ? file.bytes - held[i].have : file.download };
    });
  }

  /**
   * @param {Catalog} catalog
   * @param {Deliverable[]} files
   * @returns {Promise<boolean>} whether all of them are stored, so that using them takes them from nobody
   */
  async areStored(catalog, files) {
    const held = await this.#delivery().call('held', { files, segmentBytes: catalog.segment_bytes });
    return held.every(({ whole }) => whole);
  }

  /**
   * A stored file turned out to be damaged: keep of it what is sound.
   * @param {Deliverable} file
   */
  distrust(file) {
    return this.#delivery().call('distrust', { file });
  }

  /**
   * @param {import('../shared/errors.js').MatteboxError} error
   * @param {Deliverable[]} files that were wanted
   * @returns {Promise<boolean>} whether it is about one of them that was stored, and will now be fetched again
   */
  async mends({ details }, files) {
    const file = files.find(({ name }) => name === details.name);
    if (details.source !== 'store' || !file) return false;
    await this.distrust(file);
    return true;
  }

  /** @returns {Promise<DeliveryCalls['list']['result']>} what is stored on this device, by this site and its neighbours */
  list() {
    return this.#delivery().call('list', {});
  }

  /** @param {string} [sha256] all when left out */
  forget(sha256) {
    this.#inMemory.clear();
    return this.#delivery().call('forget', { sha256 });
  }

  /**
   * Remove what this site stored for versions that are gone.
   * @param {Deliverable[]} files those of the present version
   */
  prune(files) {
    return this.#delivery().call('prune', { keep: files.map(({ sha256 }) => sha256) });
  }

  /**
   * Fetch ahead of use. Where nothing can be stored, the bytes wait here.
   * @param {Catalog} catalog
   * @param {Deliverable[]} files
   * @param {import('./engine.js').Watch} watch
   * @param {import('../shared/protocol.js').Report} report
   */
  async fetchAhead(catalog, files, watch, report) {
    for (const { file, buffer } of await this.bring(catalog, files, { keep: true }, watch, report)) {
      if (buffer) this.#inMemory.set(file.sha256, buffer);
    }
  }

  /**
   * Fetch what is not here, all of it.
   * @param {Catalog} catalog
   * @param {Deliverable[]} files
   * @param {Way} way
   * @param {import('./engine.js').Watch} watch
   * @param {import('../shared/protocol.js').Report} report
   * @returns {Promise<import('../shared/protocol.js').Supply[]>} in the order of `files`
   */
  async bring(catalog, files, way, watch, report) {
    return Promise.all(await this.coming(catalog, files, way, watch, report));
  }

  /**
   * Fetch what is not here, each file as soon as it can be had. The wire carries some files compressed: progress counts the bytes people were told.
   * @param {Catalog} catalog
   * @param {Deliverable[]} files the one that is needed soonest first
   * @param {Way} way
   * @param {import('./engine.js').Watch} watch
   * @param {import('../shared/protocol.js').Report} report its bytes, download time and storage trouble are filled in
   * @returns {Promise<Promise<import('../shared/protocol.js').Supply>[]>} in the order of `files`; each settles for itself
   */
  async coming(catalog, files, { keep, handOver = 0 }, { signal, onProgress }, report) {
    const [started, before] = [performance.now(), report.ms.download];
    const held = keep ? await this.held(catalog, files, signal) : files.map(({ download }) => ({ whole: false, have: 0, remaining: download }));
    const total = files.reduce((sum, file, i) => sum + (held[i].whole ? 0 : file.download), 0);
    const here = files.map(() => 0);
    const bring = async (/** @type {Deliverable} */ file, /** @type {number} */ i) => {
      if (held[i].whole) {
        report.bytes.stored += file.bytes;
        const buffer = this.#inMemory.get(file.sha256) ?? null;
        // It is transferred to whoever uses it, and then no longer here.
        this.#inMemory.delete(file.sha256);
        return { file, buffer, isStored: buffer === null };
      }
      report.bytes.expected += file.download === file.bytes ? held[i].remaining : file.bytes;
      /** @param {{ loaded: number }} event */
      const follow = ({ loaded }) => {
        here[i] = Math.round((loaded / file.bytes) * file.download);
        onProgress({ stage: 'downloading', loaded: here.reduce((sum, bytes) => sum + bytes, 0), total });
      };
      const args = { site: this.#site, file, segmentBytes: catalog.segment_bytes, keep, isUsedAtOnce: file.bytes <= handOver };
      const { buffer, received, storage } = await this.#delivery().call('obtain', args, { signal, onProgress: follow });
      follow({ loaded: file.bytes });
      report.bytes.received += received;
      // Files that are asked for without the store are so because the store forgot them.
      report.storage ??= keep ? storage : { code: 'storage-failed' };
      report.ms.download = before + performance.now() - started;
      return { file, buffer, isStored: keep && storage === null };
    };
    /** @type {Promise<import('../shared/protocol.js').Supply>[]} */
    const coming = [];
    for (const [i, file] of files.entries()) {
      // A large one would take the line from those that are needed sooner.
      const sooner = file.bytes > LARGE ? coming.slice() : [];
      coming.push(Promise.allSettled(sooner).then(() => bring(file, i)));
    }
    report.ms.download = before + performance.now() - started;
    return coming;
  }

  /** @returns {Channel<DeliveryCalls>} a crashed worker is replaced by the next call */
  #delivery() {
    if (this.#channel?.isAlive) return this.#channel;
    const worker = new Worker(ownScript(new URL('../workers/delivery.js', import.meta.url)), { type: 'module', name: 'mattebox-delivery' });
    this.#channel = new Channel(worker, 'delivery');
    return this.#channel;
  }
}
