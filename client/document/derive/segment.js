/**
 * What a model that selects what is pointed at knows of photos: each is seen once, and asked about for each prompt.
 *
 * @typedef {import('../../shared/protocol-segment.js').SegmentCalls} SegmentCalls
 * @typedef {import('../../tasks/segment.js').Segmenting} Segmenting
 * @typedef {import('../../tasks/segment.js').Sight} Sight
 */
import { shown } from '../../image/matte/transparency.js';
import { stopwatch } from '../../shared/stopwatch.js';
import { packed } from '../document.js';
import { openPhoto } from './photo.js';

/** Bytes of what is kept of photos: of EdgeTAM's, 17 MB each, five. */
const MOST = 96 * 2 ** 20;

export class Sights {
  #most;
  /** @type {Map<string, Sight>} by handle, the least recently used first */
  #kept = new Map();

  /** @param {number} [most] bytes; one photo is kept whatever it takes */
  constructor(most = MOST) {
    this.#most = most;
  }

  /**
   * @param {SegmentCalls['see']['args']} photo
   * @param {Segmenting} task
   * @param {(event: SegmentCalls['see']['progress']) => void} progress
   * @returns {Promise<Omit<SegmentCalls['see']['result'], 'heap'>>}
   * @throws {import('../../shared/errors.js').MatteboxError} those of `openPhoto` and of the model
   */
  async see({ handle, source, size }, task, progress) {
    const lap = stopwatch();
    progress({ stage: 'decoding' });
    const { pixels, own } = await openPhoto(source, { size });
    const decode = lap();
    progress({ stage: 'running' });
    const { ms, ...sight } = await task.see(own ? shown(pixels) : pixels);
    this.keep(handle, sight);
    return { ms: { decode, pre: ms.pre, run: ms.run } };
  }

  /**
   * @param {SegmentCalls['ask']['args']} question
   * @param {Segmenting} task
   * @returns {Promise<Omit<NonNullable<SegmentCalls['ask']['result']>, 'heap'> | null>} null where the photo is not kept (any more)
   * @throws {import('../../shared/errors.js').MatteboxError} the model's
   */
  async ask({ handle, prompt }, task) {
    const sight = this.#kept.get(handle);
    if (!sight) return null;
    this.keep(handle, sight);
    const { matte, columns, rows, score, ms } = await task.ask(sight, prompt);
    return { answer: { seen: { x: 0, y: 0, ...sight.size }, matte: { values: packed(matte), columns, rows }, score }, ms };
  }

  /** @param {string} handle */
  drop(handle) {
    this.#kept.delete(handle);
  }

  /** @param {string} handle @param {Sight} sight used now; those that were used long ago go for it */
  keep(handle, sight) {
    this.#kept.delete(handle);
    this.#kept.set(handle, sight);
    let held = [...this.#kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [oldest, { bytes }] of this.#kept) {
      if (held <= this.#most || oldest === handle) break;
      this.#kept.delete(oldest);
      held -= bytes;
    }
  }
}
