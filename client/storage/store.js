/**
 * Files kept on this device, in Cache Storage, under their SHA-256.
 *
 * A file is stored as its segments and a record. The record is written last, so that an entry exists only when it is
 * whole; what a crash leaves behind is segments without a record, which nobody reads.
 *
 * @typedef {import('../protocol.js').Deliverable} Deliverable
 */
import { MatteboxError } from '../errors.js';
import { verifyLength, verifySegment } from './integrity.js';

const CACHE = 'mattebox-store-1';

/**
 * @param {Deliverable} file
 * @param {number | 'record'} part
 * @returns {string} a key; never a URL that anything fetches
 */
function key(file, part) {
  return new URL(`/mattebox-store/${file.sha256}/${part}`, globalThis.location.href).href;
}

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
    return (await this.#cache.match(key(file, 'record')).catch(() => undefined)) !== undefined;
  }

  /**
   * @param {Deliverable} file
   * @returns {Promise<ArrayBuffer>} its bytes, checked again
   * @throws {MatteboxError} `length-mismatch`, `digest-mismatch` or `storage-failed` with `details.source` "store"
   */
  async read(file) {
    const whole = new Uint8Array(file.bytes);
    let offset = 0;
    for (let index = 0; index < file.segments.length; index++) {
      const segment = await this.#segment(file, index);
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
   */
  async #segment(file, index) {
    /** @type {Uint8Array<ArrayBuffer>} */
    let bytes;
    try {
      const response = await this.#cache.match(key(file, index));
      if (!response) return null;
      bytes = new Uint8Array(await response.arrayBuffer());
    } catch (thrown) {
      throw MatteboxError.from(thrown, 'storage-failed', { name: file.name, source: 'store' });
    }
    await verifySegment(file, index, bytes, 'store');
    return bytes;
  }

  /**
   * @param {Deliverable} file
   * @param {number} index
   * @param {Uint8Array<ArrayBuffer>} bytes a verified segment
   * @throws {MatteboxError} `storage-full` or `storage-failed`
   */
  async writeSegment(file, index, bytes) {
    await this.#put(key(file, index), new Response(bytes), file);
  }

  /**
   * Declare the file whole.
   * @param {Deliverable} file all of whose segments have been written
   * @throws {MatteboxError} `storage-full` or `storage-failed`
   */
  async promote(file) {
    const record = { name: file.name, bytes: file.bytes, sha256: file.sha256, segments: file.segments.length };
    await this.#put(key(file, 'record'), Response.json(record), file);
  }

  /**
   * Forget a file, record first, so that it is never half there. Never rejects: what a broken store does not give up
   * is checked again by whoever reads it.
   * @param {Deliverable} file
   */
  async remove(file) {
    /** @param {number | 'record'} part */
    const forget = (part) => this.#cache.delete(key(file, part)).catch(() => false);
    await forget('record');
    await Promise.all(file.segments.map((_, index) => forget(index)));
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
