/**
 * Whether a small model draws a preview of a photo while a large one is fetched, made ready or run. Pure.
 *
 * @typedef {import('../shared/protocol.js').Model} Model
 * @typedef {Pick<Model, 'id' | 'gflop' | 'fusion' | 'task' | 'backends'> & { requirements: { memory_mib: number } }} Weighed
 */
import { hasRoom } from './expected.js';

/** What the preview may take, as a part of the large model's run. */
export const MOST_SHARE = 0.15;

/**
 * @param {object} given
 * @param {Weighed} given.model
 * @param {Weighed} given.coarse
 * @param {boolean} given.isFetching some of the large model is still to come
 * @param {'webgpu' | 'wasm'} given.backend of the large one; the small one runs on the processor
 * @param {number | null} given.modelMs of a run, as this device has shown
 * @param {number | null} given.coarseMs
 * @param {number} [given.memory] `navigator.deviceMemory`, in GB
 * @returns {boolean}
 */
export function isPreviewWorth({ model, coarse, isFetching, backend, modelMs, coarseMs, memory }) {
  if (!hasRoom(model.requirements.memory_mib + coarse.requirements.memory_mib, memory)) return false;
  if (isFetching) return true;
  // Its own first part is sooner.
  if (model.fusion) return false;
  if (modelMs !== null && coarseMs !== null) return coarseMs <= MOST_SHARE * modelMs;
  // By their work where both run in the same way; how a GPU compares is not known before it has run.
  return backend === 'wasm' && coarse.gflop <= MOST_SHARE * model.gflop;
}
