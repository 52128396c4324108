/**
 * One photo through the pipeline: decode, model, matte, and what is made of it. Each stage is a function from values to values; none
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
import { openPhoto, originalOf, smallMatte } from './photo.js';
import { baseOf, photoOf, previewOf } from './preview.js';

/** @type {import('../../shared/protocol.js').Note} */
const CUT_OUT_ALREADY = { code: 'already-cut-out', detail: {} };

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

/**
 * @param {{ notes: import('../../shared/protocol.js').Note[] }} photo
 * @param {import('../document.js').SmallMatte | null} matte
 */
const notesOf = ({ notes }, matte) => (matte ? notes : [...notes, CUT_OUT_ALREADY]);
