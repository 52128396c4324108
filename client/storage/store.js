/**
 * Files kept on this device, in Cache Storage, under their SHA-256.
 *
 * A file is stored as its segments, a note that it has been begun, and a record. The record is written last, so that an
 * entry exists only when it is whole; what a crash leaves behind is segments, from which the next download goes on.
 *
 * @typedef {import('../shared/protocol.js').Deliverable} Deliverable
 * @typedef {import('../shared/protocol.js').StoredFile} StoredFile
 * @typedef {{ name: string, bytes: number, sha256: string, site: string, storedAt: number, usedAt: number | null }} Label
 *   what note and record hold; times in ms since the epoch
 */
import { MatteboxError } from '../shared/errors.js';
import { verifyLength, verifySegment } from './integrity.js';

const CACHE = 'mattebox-store-1';
const PATH = /\/mattebox-store\/([0-9a-f]{64})\/(\w+)$/;

/** @typedef {number | 'begun' | 'record'} Part */

/**
 * @param {string} sha256
 * @param {Part} part
 * @returns {string} a key; never a URL that anything fetches
 */
function key(sha256, part) {
  return new URL(`/mattebox-store/${sha256}/${part}`, globalThis.location.href).href;
}

/** Both workers stand at `assets/<tree>/<realm>/worker.js` below it. Several sites may share an origin, and the store. */
export const siteRoot = () => new URL('../../../', globalThis.location.href).href;

export class Store {
  #cache;

  /** @param {Cache} cache */
  constructor(cache) {
    this.#cache = cache;
  }

  /**
   * @returns {Promise<Store | null>} null where there is no Cache Storage: an insecure context, a private window,
   *   or a person who has blocked it. Everything still works, from memory.
   */
  static async open() {
    try {
      return 'caches' in globalThis ? new Store(await caches.open(CACHE)) : null;
    } catch {
      return null;
    }
  }

  /**
   * @param {Deliverable} file
   * @returns {Promise<boolean>} whether the file is here, whole; a store that cannot tell is as good as empty
   */
  async has(file) {
    return (await this.#cache.match(key(file.sha256, 'record')).catch(() => undefined)) !== undefined;
  }

  /**
   * @param {Deliverable} file
   * @returns {Promise<boolean[]>} which segments are here; they are checked when they are read
   */
  async present(file) {
    const keys = await this.#cache.keys().catch(() => []);
    const here = new Set(keys.map(({ url }) => url));
    return file.segments.map((_, index) => here.has(key(file.sha256, index)));
  }

  /**
   * @param {Deliverable} file
   * @returns {Promise<ArrayBuffer>} its bytes, checked again
   * @throws {MatteboxError} `length-mismatch`, `model-corrupt` or `storage-failed` with `details.source` "store"
   */
  async read(file) {
    const whole = new Uint8Array(file.bytes);
    let offset = 0;
    for (let index = 0; index < file.segments.length; index++) {
      const segment = await this.readSegment(file, index);
      if (segment) {
        if (offset + segment.length <= whole.length) whole.set(segment, offset);
        offset += segment.length;
      }
    }
    verifyLength(file, offset, 'store');
    return whole.buffer;
  }

  /**
   * @param {Deliverable} file
   * @param {number} index
   * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null when the browser has evicted it
   * @throws {MatteboxError} `model-corrupt` or `storage-failed`
   */
  async readSegment(file, index) {
    /** @type {Uint8Array<ArrayBuffer>} */
    let bytes;
    try {
      const response = await this.#cache.match(key(file.sha256, index));
      if (!response) return null;
      bytes = new Uint8Array(await response.arrayBuffer());
    } catch (thrown) {
      throw MatteboxError.from(thrown, 'storage-failed', { name: file.name, source: 'store' });
    }
    await verifySegment(file, index, bytes, 'store');
    return bytes;
  }

  /**
   * Note whose segments will come, so that an unfinished download can be shown by name.
   * @param {Deliverable} file
   * @throws {MatteboxError} `storage-full` or `storage-failed`
   */
  async announce(file) {
    await this.#label(file, 'begun', null);
  }

  /**
   * @param {Deliverable} file
   * @param {number} index
   * @param {Uint8Array<ArrayBuffer>} bytes a verified segment
   * @throws {MatteboxError} `storage-full` or `storage-failed`
   */
  async writeSegment(file, index, bytes) {
    const headers = { 'Content-Length': String(bytes.length) };
    await this.#put(key(file.sha256, index), new Response(bytes, { headers }), file);
  }

  /**
   * Declare the file whole.
   * @param {Deliverable} file all of whose segments have been written
   * @throws {MatteboxError} `storage-full` or `storage-failed`
   */
  async promote(file) {
    await this.#label(file, 'record', null);
    await this.#forget(file.sha256, 'begun');
  }

  /**
   * Remember that the file is of use. Never rejects: not worth a cutout.
   * @param {Deliverable} file
   */
  async touch(file) {
    if (await this.has(file)) await this.#label(file, 'record', Date.now()).catch(() => {});
  }

  /**
   * Distrust a file, keep what is sound of it: record first, then the segments that fail their check. The next
   * download fetches just those. Never rejects.
   * @param {Deliverable} file
   */
  async demote(file) {
    await this.#forget(file.sha256, 'record');
    for (let index = 0; index < file.segments.length; index++) {
      await this.readSegment(file, index).catch(() => this.#forget(file.sha256, index));
    }
  }

  /**
   * Forget a file, record first, so that it is never half there. Never rejects: what a broken store does not give up
   * is checked again by whoever reads it.
   * @param {string} sha256
   */
  async remove(sha256) {
    await this.#forget(sha256, 'record');
    for (const { digest, part } of await this.#entries()) {
      if (digest === sha256) await this.#forget(sha256, part);
    }
  }

  /** @returns {Promise<StoredFile[]>} all that is here, whole or not */
  async list() {
    /** @type {Map<string, StoredFile>} */
    const files = new Map();
    for (const { digest, part } of await this.#entries()) {
      const file = files.get(digest) ?? { sha256: digest, name: '', bytes: 0, have: 0, site: '', whole: false, storedAt: 0, usedAt: null };
      files.set(digest, file);
      const response = await this.#cache.match(key(digest, part)).catch(() => undefined);
      if (!response) continue;
      if (typeof part === 'number') file.have += Number(response.headers.get('content-length') ?? 0);
      else {
        // A label that cannot be read must not hide what takes space here.
        const label = /** @type {Partial<Label>} */ (await response.json().catch(() => ({})));
        Object.assign(file, label, { whole: part === 'record' || file.whole });
      }
    }
    return [...files.values()];
  }

  /** @returns {Promise<{ digest: string, part: Part }[]>} */
  async #entries() {
    const keys = await this.#cache.keys().catch(() => []);
    return keys.flatMap(({ url }) => {
      const [, digest, part] = PATH.exec(url) ?? [];
      if (!digest) return [];
      return [{ digest, part: /^\d+$/.test(part) ? Number(part) : /** @type {Part} */ (part) }];
    });
  }

  /**
   * @param {Deliverable} file
   * @param {'begun' | 'record'} part
   * @param {number | null} usedAt
   */
  async #label(file, part, usedAt) {
    const { name, bytes, sha256 } = file;
    const before = await this.#cache.match(key(sha256, 'record')).then((response) => response?.json()).catch(() => null);
    const storedAt = before?.storedAt ?? Date.now();
    /** @type {Label} */
    const label = { name, bytes, sha256, site: siteRoot(), storedAt, usedAt };
    await this.#put(key(sha256, part), Response.json(label), file);
  }

  /**
   * @param {string} sha256
   * @param {Part} part
   */
  async #forget(sha256, part) {
    await this.#cache.delete(key(sha256, part)).catch(() => false);
  }

  /**
   * @param {string} url
   * @param {Response} response
   * @param {Deliverable} file
   */
  async #put(url, response, file) {
    try {
      await this.#cache.put(url, response);
    } catch (thrown) {
      const full = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
      throw MatteboxError.from(thrown, full ? 'storage-full' : 'storage-failed', { name: file.name, needed: file.bytes });
    }
  }
}
