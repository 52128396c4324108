/**
 * A file, read in windows: a head is small and lies anywhere, and nothing that is not needed is read.
 */
import { MatteboxError } from '../../shared/errors.js';

/** Read at once, so that a walk from marker to marker is a few reads. */
const WINDOW = 64 * 1024;

/**
 * The most steps of any walk through a file. Files are made by programs: the longest that was met, a PNG in pieces of 8 KiB, has
 * some thousands.
 */
export const MOST_STEPS = 100_000;

export class Bytes {
  #blob;
  #from = 0;
  #held = new ArrayBuffer(0);

  /** @param {Blob} blob */
  constructor(blob) {
    this.#blob = blob;
  }

  /** Bytes of the whole file. */
  get size() {
    return this.#blob.size;
  }

  /**
   * @param {number} start
   * @param {number} length
   * @returns {Promise<DataView<ArrayBuffer>>} shorter where the file ends before, empty behind its end
   */
  async view(start, length) {
    const end = Math.min(this.size, start + length);
    if (!(start >= 0 && start < end)) return new DataView(new ArrayBuffer(0));
    if (start < this.#from || end > this.#from + this.#held.byteLength) {
      this.#held = await this.#blob.slice(start, Math.max(end, start + WINDOW)).arrayBuffer();
      this.#from = start;
    }
    return new DataView(this.#held, start - this.#from, end - start);
  }

  /**
   * @param {number} start
   * @param {number} length
   * @param {string} type of the file, for the error
   * @returns {Promise<DataView<ArrayBuffer>>}
   * @throws {MatteboxError} `corrupt-image` where the file ends before
   */
  async need(start, length, type) {
    const view = await this.view(start, length);
    if (view.byteLength < length) throw truncated(type);
    return view;
  }

  /**
   * @param {Span} span
   * @returns {Promise<Uint8Array<ArrayBuffer>>} a copy
   */
  async copy(span) {
    return new Uint8Array(await this.file(span).arrayBuffer());
  }

  /**
   * @param {Span} span
   * @returns {Blob} a file in the file; nothing is read
   */
  file({ start, end }) {
    return this.#blob.slice(start, end);
  }
}

/** @typedef {{ start: number, end: number }} Span of bytes in the file */
/** @typedef {Span & { bytes: Uint8Array<ArrayBuffer> }} Mend what is to stand there instead, so that all browsers read the file alike */

/**
 * @param {Blob} blob
 * @param {Mend[]} mends that do not overlap
 * @returns {Blob} the file with them; itself without any
 */
export function mended(blob, mends) {
  if (mends.length === 0) return blob;
  const parts = [];
  let at = 0;
  for (const { start, end, bytes } of mends.toSorted((a, b) => a.start - b.start)) {
    parts.push(blob.slice(at, start), bytes);
    at = end;
  }
  return new Blob([...parts, blob.slice(at)]);
}

/**
 * @param {DataView} view
 * @param {number} at
 * @param {number} length
 * @returns {string} Latin-1, cut where the view ends
 */
export function text(view, at, length) {
  const start = Math.min(at, view.byteLength);
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + start, Math.min(length, view.byteLength - start)));
}

/** @param {string} type */
export function truncated(type) {
  return new MatteboxError('corrupt-image', { type, reason: 'truncated' });
}

/**
 * @param {string} type
 * @param {string} cause for a report
 */
export function damaged(type, cause) {
  return new MatteboxError('corrupt-image', { type, cause });
}
