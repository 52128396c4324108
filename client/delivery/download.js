/**
 * One file from our own server into a sink, segment by segment, each compared with its digest as it lands.
 *
 * Large files come in ranges, a few at a time, and only those that the sink lacks; a range that breaks off goes on from
 * its last byte. A file that travels compressed, or whose server ignores ranges, comes as one stream.
 *
 * @typedef {import('../shared/protocol.js').Deliverable} Deliverable
 *
 * @typedef {object} Sink where verified segments go
 * @property {boolean} isStored the sink itself keeps the file, so the browser's HTTP cache need not
 * @property {() => Promise<boolean[]>} present which segments are here already
 * @property {(index: number, bytes: Uint8Array<ArrayBuffer>) => Promise<void>} put takes the bytes over
 */
import { throwIfCancelled } from '../shared/errors.js';
import { segmentLength, verifyLength, verifySegment } from '../storage/integrity.js';
import { RangeIgnored, request } from './request.js';
import { retrying } from './retry.js';

/** Enough to hide latency; each costs a segment of memory. */
const IN_FLIGHT = 3;

/**
 * @param {string} url absolute
 * @param {Deliverable} file
 * @param {object} options
 * @param {number} options.segmentBytes
 * @param {AbortSignal} options.signal
 * @param {Sink} options.sink
 * @param {(bytes: number) => void} options.onProgress bytes of the file that are here, those that were before included
 * @param {(bytes: number) => void} options.onReceived bytes of each piece that came over the network, repeated ones too
 * @returns {Promise<void>} when all segments are in the sink
 * @throws {import('../shared/errors.js').MatteboxError} `network`, `http-status`, `file-changed`, `range-mismatch`,
 *   `length-mismatch`, `model-corrupt`, `cancelled`, and what the sink throws
 */
export async function download(url, file, options) {
  const present = await options.sink.present();
  // An abort that came meanwhile has no listener yet.
  throwIfCancelled(options.signal);
  if (present.every(Boolean)) return;
  const job = new Download(url, file, options, present);
  const isCompressed = file.download !== file.bytes;
  if (!isCompressed && file.segments.length > 1) {
    try {
      await job.inRanges();
      return;
    } catch (thrown) {
      if (!(thrown instanceof RangeIgnored)) throw thrown;
    }
  }
  await job.inOneStream();
}

class Download {
  #url;
  #file;
  #options;
  #present;
  /** @type {number[]} bytes of each segment that are here */
  #filled;

  /**
   * @param {string} url
   * @param {Deliverable} file
   * @param {Parameters<typeof download>[2]} options
   * @param {boolean[]} present
   */
  constructor(url, file, options, present) {
    this.#url = url;
    this.#file = file;
    this.#options = options;
    this.#present = present;
    this.#filled = present.map((isHere, index) => (isHere ? this.#length(index) : 0));
  }

  async inRanges() {
    const missing = this.#present.flatMap((isHere, index) => (isHere ? [] : [index]));
    // One range that fails for good ends the others.
    const together = new AbortController();
    const end = () => together.abort();
    this.#options.signal.addEventListener('abort', end, { once: true });
    const lane = async () => {
      for (let index = missing.shift(); index !== undefined; index = missing.shift()) {
        await this.#range(index, together.signal).catch((thrown) => {
          end();
          throw thrown;
        });
      }
    };
    const lanes = await Promise.allSettled(Array.from({ length: Math.min(IN_FLIGHT, missing.length) }, lane));
    this.#options.signal.removeEventListener('abort', end);
    const failed = lanes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    if (failed.length === 0) return;
    // The others were cancelled by the first; the person may have cancelled all.
    throw failed.find((thrown) => thrown.code !== 'cancelled') ?? failed[0];
  }

  /**
   * @param {number} index
   * @param {AbortSignal} signal
   */
  async #range(index, signal) {
    const start = index * this.#options.segmentBytes;
    const segment = new Uint8Array(this.#length(index));
    await retrying(signal, async (isFirst) => {
      // What a broken connection brought is kept: the next one goes on behind it.
      let at = this.#filled[index];
      const span = { from: start + at, to: start + segment.length - 1 };
      const onPiece = (/** @type {Uint8Array} */ piece) => {
        this.#options.onReceived(piece.length);
        if (at + piece.length > segment.length) verifyLength(this.#file, start + at + piece.length, 'network');
        segment.set(piece, at);
        at += piece.length;
        this.#fill(index, at);
      };
      try {
        if (at < segment.length) await request(this.#url, this.#file, { span, cache: this.#cache(isFirst), signal, onPiece });
        if (at < segment.length) verifyLength(this.#file, start + at, 'network');
        await verifySegment(this.#file, index, segment, 'network');
      } catch (thrown) {
        if (isWrong(thrown)) this.#fill(index, 0);
        throw thrown;
      }
    });
    await this.#options.sink.put(index, segment);
  }

  async inOneStream() {
    await retrying(this.#options.signal, async (isFirst) => {
      let index = 0;
      let at = 0;
      let total = 0;
      let segment = new Uint8Array(this.#length(0));
      // Checked and stored while the next one comes.
      let finishing = Promise.resolve();
      const onPiece = async (/** @type {Uint8Array} */ piece) => {
        this.#options.onReceived(piece.length);
        total += piece.length;
        if (total > this.#file.bytes) verifyLength(this.#file, total, 'network');
        for (let from = 0; from < piece.length; ) {
          const taken = Math.min(segment.length - at, piece.length - from);
          segment.set(piece.subarray(from, from + taken), at);
          at += taken;
          from += taken;
          if (!this.#present[index]) this.#fill(index, at);
          if (at < segment.length) continue;
          await finishing;
          finishing = this.#finish(index, segment);
          finishing.catch(() => {});
          index++;
          at = 0;
          // A body that is too long ends above, so the last segment has no successor.
          if (index < this.#file.segments.length) segment = new Uint8Array(this.#length(index));
        }
      };
      await request(this.#url, this.#file, { cache: this.#cache(isFirst), signal: this.#options.signal, onPiece });
      await finishing;
      verifyLength(this.#file, total, 'network');
    });
  }

  /**
   * @param {number} index
   * @param {Uint8Array<ArrayBuffer>} segment
   */
  async #finish(index, segment) {
    if (this.#present[index]) return;
    try {
      await verifySegment(this.#file, index, segment, 'network');
    } catch (thrown) {
      this.#fill(index, 0);
      throw thrown;
    }
    await this.#options.sink.put(index, segment);
    this.#present[index] = true;
  }

  /** @param {number} index */
  #length(index) {
    return segmentLength(this.#file, index, this.#options.segmentBytes);
  }

  /**
   * @param {number} index
   * @param {number} bytes
   */
  #fill(index, bytes) {
    this.#filled[index] = bytes;
    this.#options.onProgress(this.#filled.reduce((sum, n) => sum + n, 0));
  }

  /**
   * A file that is stored must not lie in the HTTP cache as well; one that failed its check must not come out of it.
   * @param {boolean} isFirst
   * @returns {RequestCache}
   */
  #cache(isFirst) {
    if (this.#options.sink.isStored) return 'no-store';
    return isFirst ? 'default' : 'reload';
  }
}

/** @param {unknown} thrown an error that says the bytes themselves are wrong, not that some are missing */
function isWrong(thrown) {
  const code = /** @type {{ code?: string }} */ (thrown).code;
  return code === 'model-corrupt' || code === 'length-mismatch' || code === 'range-mismatch';
}
