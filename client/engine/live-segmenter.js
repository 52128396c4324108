/**
 * A model that selects what is pointed at, up in a worker of its own.
 *
 * @typedef {import('../shared/protocol-segment.js').SegmentPhoto} SegmentPhoto
 * @typedef {import('../shared/protocol-segment.js').SegmentPrompt} SegmentPrompt
 * @typedef {import('../shared/protocol-segment.js').SegmentAnswer} SegmentAnswer
 * @typedef {import('./engine.js').Watch} Watch
 */
import { LiveSession } from './live-session.js';

export class LiveSegmenter extends LiveSession {
  /**
   * @param {SegmentPhoto} photo to be asked about
   * @param {Watch} watch
   * @param {import('../shared/protocol.js').Report} report filled in
   */
  async see({ handle, source, size }, watch, report) {
    const ready = source instanceof Blob ? await this.ready(source, watch, report) : { source, transfer: [] };
    const { heap, ms } = await this.call('see', { handle, source: ready.source, size }, ready.transfer, watch);
    this.facts.heap = heap;
    Object.assign(report.ms, ms);
  }

  /**
   * A prompt is answered within a moment, so it is never interrupted: that would end the worker.
   * @param {string} handle
   * @param {SegmentPrompt} prompt
   * @returns {Promise<SegmentAnswer | null>} null where the photo is to be seen (once more)
   */
  async ask(handle, prompt) {
    const found = await this.call('ask', { handle, prompt }, [], { onProgress() {} }, 'running');
    return found?.answer ?? null;
  }

  /** @param {string} handle */
  async forget(handle) {
    await this.call('dropPhoto', { handle }, [], { onProgress() {} }, 'running');
  }
}
