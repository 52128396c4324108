/**
 * A file made ready for the inference worker: in the store when there is one, else as bytes in memory.
 *
 * @typedef {import('../protocol.js').Deliverable} Deliverable
 * @typedef {import('../storage/store.js').Store} Store
 */
import { MatteboxError } from '../errors.js';
import { download } from './download.js';

/**
 * @param {string} url absolute
 * @param {Deliverable} file
 * @param {Store | null} store
 * @param {object} options
 * @param {number} options.segmentBytes
 * @param {AbortSignal} options.signal
 * @param {(received: number) => void} options.onProgress
 * @returns {Promise<{ buffer: ArrayBuffer | null, received: number }>} `buffer` is null when the file is in the store
 * @throws {MatteboxError} see `download`
 */
export async function obtain(url, file, store, { segmentBytes, signal, onProgress }) {
  if (await store?.has(file)) return { buffer: null, received: 0 };
  if (store) {
    try {
      const received = await download(url, file, {
        segmentBytes,
        signal,
        onProgress,
        onSegment: (index, bytes) => store.writeSegment(file, index, bytes),
      });
      await store.promote(file);
      return { buffer: null, received };
    } catch (error) {
      if (!isStorageError(error)) throw error;
      // A full disk costs the next visit its head start, not this one its cutout.
      await store.remove(file);
    }
  }
  const whole = new Uint8Array(file.bytes);
  const received = await download(url, file, {
    segmentBytes,
    signal,
    onProgress,
    onSegment: async (index, bytes) => whole.set(bytes, index * segmentBytes),
  });
  return { buffer: whole.buffer, received };
}

/** @param {unknown} error */
function isStorageError(error) {
  return error instanceof MatteboxError && (error.code === 'storage-full' || error.code === 'storage-failed');
}
