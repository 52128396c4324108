/**
 * A file made ready for the inference worker: in the store when there is one, else as bytes in memory. Tabs that want
 * the same file at once share one download.
 *
 * @typedef {import('../shared/protocol.js').Deliverable} Deliverable
 * @typedef {import('../shared/protocol.js').Obtained} Obtained
 * @typedef {import('../storage/store.js').Store} Store
 */
import { MatteboxError, throwIfCancelled } from '../shared/errors.js';
import { segmentLength } from '../storage/integrity.js';
import { download } from './download.js';
import { memorySink, storeAndMemorySink, storeSink } from './sinks.js';

/** How often a tab that waits for another one's download looks how far it is. */
const FOLLOW_EVERY_MS = 300;

/**
 * @param {string} url absolute
 * @param {Deliverable} file
 * @param {Store | null} store
 * @param {object} options
 * @param {number} options.segmentBytes
 * @param {AbortSignal} options.signal
 * @param {(bytes: number) => void} options.onProgress bytes of the file that are here
 * @param {boolean} [options.isUsedAtOnce] what is fetched now is handed over as bytes, too
 * @returns {Promise<Obtained>}
 * @throws {MatteboxError} see `download`
 */
export async function obtain(url, file, store, options) {
  let received = 0;
  const counting = { ...options, onReceived: (/** @type {number} */ bytes) => (received += bytes) };
  const inMemory = async () => {
    const sink = memorySink(file, options.segmentBytes, store);
    await download(url, file, { ...counting, sink });
    return sink.buffer;
  };
  if (!store) return { buffer: await inMemory(), received, storage: { code: 'no-cache-storage' } };
  if (await store.has(file)) return { buffer: null, received, storage: null };
  return inTurn(file, store, options, async () => {
    // Another tab may have brought it meanwhile.
    if (await store.has(file)) return { buffer: null, received, storage: null };
    const space = await room(file);
    if (space.available !== null && space.available < file.bytes - (await bytesHere(file, store, options.segmentBytes))) {
      return { buffer: await inMemory(), received, storage: { code: 'storage-full', ...space } };
    }
    const sink = options.isUsedAtOnce ? storeAndMemorySink(store, file, options.segmentBytes) : { ...storeSink(store, file), buffer: null, trouble: null };
    let isHere = false;
    try {
      await store.announce(file);
      await download(url, file, { ...counting, sink });
      isHere = true;
      if (sink.trouble) throw sink.trouble;
      await store.promote(file);
      return { buffer: sink.buffer, received, storage: null };
    } catch (error) {
      if (!isStorageError(error)) throw error;
      // A full disk costs the next visit its head start, not this one its cutout.
      const buffer = isHere && sink.buffer ? sink.buffer : await inMemory();
      await store.remove(file.sha256);
      return { buffer, received, storage: { code: error.code, ...(await room(file)) } };
    }
  });
}

/**
 * One tab works, the others follow its progress. When it is closed, crashes or fails, the next one goes on from the
 * segments it left. Cache Storage and Web Locks come with the same secure context; where a browser has only the first,
 * tabs download side by side and write the same segments.
 *
 * @param {Deliverable} file
 * @param {Store} store
 * @param {Parameters<typeof obtain>[3]} options
 * @param {() => Promise<Obtained>} work
 */
async function inTurn(file, store, { segmentBytes, signal, onProgress }, work) {
  if (!globalThis.navigator?.locks) return work();
  const follow = async () => onProgress(await bytesHere(file, store, segmentBytes));
  const following = setInterval(() => void follow().catch(() => {}), FOLLOW_EVERY_MS);
  try {
    return await navigator.locks.request(`mattebox-file-${file.sha256}`, { signal }, () => {
      clearInterval(following);
      return work();
    });
  } catch (thrown) {
    throwIfCancelled(signal);
    throw thrown;
  } finally {
    clearInterval(following);
  }
}

/**
 * @param {Deliverable} file
 * @param {Store} store
 * @param {number} segmentBytes
 * @returns {Promise<number>} bytes of the file in finished segments
 */
export async function bytesHere(file, store, segmentBytes) {
  const present = await store.present(file);
  return present.reduce((sum, isHere, index) => sum + (isHere ? segmentLength(file, index, segmentBytes) : 0), 0);
}

/**
 * @param {Deliverable} file
 * @returns {Promise<{ needed: number, available: number | null }>} bytes
 */
async function room(file) {
  const estimate = await globalThis.navigator?.storage?.estimate?.().catch(() => null);
  const available = estimate?.quota === undefined ? null : Math.max(0, estimate.quota - (estimate.usage ?? 0));
  return { needed: file.bytes, available };
}

/**
 * @param {unknown} error
 * @returns {error is MatteboxError & { code: 'storage-full' | 'storage-failed' }}
 */
function isStorageError(error) {
  return error instanceof MatteboxError && (error.code === 'storage-full' || error.code === 'storage-failed');
}
