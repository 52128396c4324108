/**
 * One photo through the pipeline to its first preview: decode, model, matte at the size of a screen.
 *
 * @typedef {import('../../shared/protocol.js').ModelCalls} ModelCalls
 * @typedef {import('./photo.js').Model} Model
 */
import { stopwatch } from '../../shared/stopwatch.js';
import { doubtsOf } from './doubt.js';
import { notesOf, openPhoto, originalOf, smallMatte } from './photo.js';
import { baseOf, photoOf, previewOf } from './preview.js';

/** Pixels from which on a page had better show a smaller picture of the photo: decoded, they take four bytes each. */
const LARGE = 2 ** 22;

/**
 * What a document is made of, and its first preview; no file yet.
 * @param {ModelCalls['draft']['args']} photo
 * @param {Model} model
 * @param {(event: ModelCalls['draft']['progress']) => void} progress
 * @param {import('../../image/read/decode.js').Pixels | null} picture decoded, of a background that is one
 * @returns {Promise<Omit<ModelCalls['draft']['result'], 'heap'>>}
 * @throws {import('../../shared/errors.js').MatteboxError} see each stage
 */
export async function draft({ source, output, reduce, longest, isEarly, opened = null }, model, progress, picture) {
  const lap = stopwatch();
  progress({ stage: 'decoding' });
  const photo = opened ? { ...opened, seen: null } : await openPhoto(source, { reduce });
  const { width, height } = photo.pixels;
  const decode = lap();
  const shown = opened ? opened.original : await originalOf(photo);
  /** Of the photo's pixels, which only the model needed until then. @type {import('../../shared/protocol.js').Base | null} */
  let base = null;
  const onEarly = async (/** @type {import('../document.js').SmallMatte} */ early) => {
    base = await baseOf(photo, longest);
    const { preview } = await previewOf({ base, layers: null }, early, output, picture);
    progress({ stage: 'preview', preview });
  };
  const onRun = () => progress({ stage: 'running' });
  const { matte, apart, ms: { pre, run, create } } = await smallMatte(photo, model, { ownAlpha: output.ownAlpha, onRun, onEarly: isEarly ? onEarly : undefined });
  lap();

  progress({ stage: 'encoding' });
  /** @type {import('./preview.js').Layered} */
  const layered = { base: base ?? await baseOf(photo, longest), layers: null };
  const original = shown ?? (width * height > LARGE ? await photoOf(layered.base) : null);
  const post = lap();
  const { preview, ms: { compose, encode } } = await previewOf(layered, matte, output, picture);
  const ms = { decode, pre, run, post, compose, encode };
  return { matte, original, layered, preview, size: { width, height }, notes: notesOf(photo, matte), doubts: doubtsOf(matte, apart), create, ms };
}
