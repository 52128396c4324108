import { createHash } from 'node:crypto';

/** As much of Cache Storage's `Cache` as the store uses, with a diary of what was done to it. */
export class MemoryCache {
  /** @type {Map<string, { bytes: Uint8Array<ArrayBuffer>, headers: Headers }>} */
  entries = new Map();
  /** @type {string[]} e.g. "put 0", "delete record" */
  diary = [];
  /** @type {(what: string) => void} called before every action; throws what the browser would */
  before = () => {};

  #note(action, url) {
    const what = `${action} ${url.slice(url.lastIndexOf('/') + 1)}`;
    this.before(what);
    this.diary.push(what);
  }

  async match(url) {
    this.#note('match', url);
    const entry = this.entries.get(url);
    return entry && new Response(entry.bytes, { headers: entry.headers });
  }

  async put(url, response) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    this.#note('put', url);
    this.entries.set(url, { bytes, headers: response.headers });
  }

  async delete(url) {
    this.#note('delete', url);
    return this.entries.delete(url);
  }

  async keys() {
    this.#note('keys', '/');
    return [...this.entries.keys()].map((url) => new Request(url));
  }

  /** What was done of one kind. */
  did(action) {
    return this.diary.filter((what) => what.startsWith(action));
  }

  /** The stored bytes of a part, to be damaged. */
  part(name) {
    const url = [...this.entries.keys()].find((key) => key.endsWith(`/${name}`));
    return { url, ...this.entries.get(url) };
  }
}

/** Where a worker's script stands, below the site's root. */
export const LOCATION = { href: 'https://mattebox.test/sub/assets/0123/workers/delivery.js' };

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/**
 * A file and its catalog entry.
 * @param {number} length
 * @param {number} segmentBytes
 */
export function sampleFile(length, segmentBytes) {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 5)) & 0xff);
  const segments = [];
  for (let at = 0; at < length; at += segmentBytes) segments.push(sha256(bytes.subarray(at, at + segmentBytes)));
  const file = { name: 'sample.onnx', url: 'models/sample.onnx', bytes: length, download: length, sha256: sha256(bytes), segments };
  return { bytes, file };
}
