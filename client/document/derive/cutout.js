/**
 * One photo through the pipeline to its file: decode, model, matte, and what is made of it. Each stage is a function from values to values; none
 * reaches back.
 *
 * @typedef {import('../../shared/protocol.js').ModelCalls} ModelCalls
 * @typedef {import('./photo.js').Model} Model
 */
import { encodeMatte } from '../../image/write/encode.js';
import { assertWholeFits } from '../../image/longest.js';
import { stopwatch } from '../../shared/stopwatch.js';
import { doubtsOf } from './doubt.js';
import { finish } from './file.js';
import { fullMatte } from './full-matte.js';
import { notesOf, openPhoto, originalOf, smallMatte } from './photo.js';

/**
 * The finished file at once.
 * @param {ModelCalls['cutout']['args']} photo
 * @param {Model} model
 * @param {(event: ModelCalls['cutout']['progress']) => void} progress
 * @returns {Promise<Omit<ModelCalls['cutout']['result'], 'heap'>>}
 * @throws {import('../../shared/errors.js').MatteboxError} see each stage
 */
export async function cutout({ source, output, reduce }, model, progress) {
  const lap = stopwatch();
  progress({ stage: 'decoding' });
  const photo = await openPhoto(source, { reduce });
  const decode = lap();
  // Said before the model runs, where it can be.
  if (!reduce) assertWholeFits(photo.pixels, output);
  const original = await originalOf(photo);
  const { matte: small, apart, ms: { pre, run } } = await smallMatte(photo, model, { ownAlpha: output.ownAlpha, onRun: () => progress({ stage: 'running' }) });
  lap();

  progress({ stage: 'encoding' });
  const refined = small !== null && output.refine !== false;
  const matte = fullMatte(photo, small, refined);
  const post = lap();
  // The browser deflates the matte on a thread of its own while this one goes on.
  const writingMatte = encodeMatte(matte, photo.pixels.width, photo.pixels.height, output.depth ?? 8);
  // A failure of the other stages is told instead; this one's own is told where it is awaited.
  writingMatte.catch(() => {});
  const { ms: { compose, encode }, applied, notes, ...finished } = await finish(photo, matte, { ...output, reduce });
  lap();
  const written = await writingMatte;
  const ms = { decode, pre, run, post, compose, encode: encode + lap() };
  return { ...finished, applied: { ...applied, refined }, matte: written, original, notes: [...notesOf(photo, small), ...notes], isKept: small === null, doubts: doubtsOf(small, apart), ms };
}
