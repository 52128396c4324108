/**
 * One file from our own server, cut into segments, each compared with its digest as it lands.
 *
 * @typedef {import('../protocol.js').Deliverable} Deliverable
 */
import { MatteboxError, throwIfCancelled } from '../errors.js';
import { segmentLength, verifyLength, verifySegment } from '../storage/integrity.js';

/** Waits before the second and third try, in ms. A dropped connection on an intranet is usually back by then. */
const BACK_OFF = [400, 1600];

/**
 * @param {string} url absolute
 * @param {Deliverable} file
 * @param {object} options
 * @param {number} options.segmentBytes
 * @param {AbortSignal} options.signal
 * @param {(index: number, bytes: Uint8Array<ArrayBuffer>) => Promise<void>} options.onSegment gets each verified segment, in order;
 *   the bytes are only its own until it returns
 * @param {(received: number) => void} options.onProgress bytes of the file so far
 * @returns {Promise<number>} bytes received
 * @throws {MatteboxError} `network`, `http-status`, `length-mismatch`, `digest-mismatch`, `cancelled`
 */
export async function download(url, file, { segmentBytes, signal, onSegment, onProgress }) {
  for (let attempt = 0; ; attempt++) {
    try {
      // A file that failed its check must not come out of the HTTP cache a second time.
      return await once(url, file, attempt === 0 ? 'default' : 'reload', { segmentBytes, signal, onSegment, onProgress });
    } catch (thrown) {
      throwIfCancelled(signal);
      const error = MatteboxError.from(thrown, 'network', { name: file.name });
      if (attempt >= BACK_OFF.length || !isWorthRetrying(error)) throw error;
      await pause(BACK_OFF[attempt], signal);
    }
  }
}

/** @param {MatteboxError} error */
function isWorthRetrying({ code, details }) {
  if (code === 'http-status') return Number(details.status) >= 500 || details.status === 429;
  return code === 'network' || code === 'length-mismatch' || code === 'digest-mismatch';
}

/**
 * @param {string} url
 * @param {Deliverable} file
 * @param {RequestCache} cache
 * @param {Parameters<typeof download>[2]} options
 */
async function once(url, file, cache, { segmentBytes, signal, onSegment, onProgress }) {
  const response = await fetch(url, { cache, signal, redirect: 'error' });
  if (response.status !== 200) throw new MatteboxError('http-status', { name: file.name, status: response.status });
  if (!response.body) throw new MatteboxError('length-mismatch', { name: file.name, expected: file.bytes, received: 0, source: 'network' });
  refuseWrongLength(response, file);

  let index = 0;
  let received = 0;
  let filled = 0;
  let segment = new Uint8Array(segmentLength(file, 0, segmentBytes));
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      received += value.length;
      if (received > file.bytes) verifyLength(file, received, 'network');
      for (let from = 0; from < value.length; ) {
        const taken = Math.min(segment.length - filled, value.length - from);
        segment.set(value.subarray(from, from + taken), filled);
        filled += taken;
        from += taken;
        if (filled < segment.length) continue;
        await verifySegment(file, index, segment, 'network');
        await onSegment(index, segment);
        index++;
        filled = 0;
        // Too long a body ends in verifyLength, so there is always room for one more.
        segment = new Uint8Array(Math.max(0, segmentLength(file, index, segmentBytes)));
      }
      onProgress(received);
    }
  } finally {
    // Harmless after the end; stops the transfer when a check failed.
    reader.cancel().catch(() => {});
  }
  verifyLength(file, received, 'network');
  return received;
}

/**
 * Without a content encoding the length is announced before the first byte: an error page or a cut file is refused here.
 * @param {Response} response
 * @param {Deliverable} file
 */
function refuseWrongLength(response, file) {
  const announced = response.headers.get('content-length');
  if (announced !== null && !response.headers.has('content-encoding')) verifyLength(file, Number(announced), 'network');
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 * @throws {MatteboxError} `cancelled`
 */
async function pause(ms, signal) {
  await new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true });
  });
  throwIfCancelled(signal);
}
