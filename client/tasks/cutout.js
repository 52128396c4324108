/**
 * One photo through the pipeline: decode, model, matte, and what makes a file of it. Each stage is a function from values to
 * values; none reaches back.
 *
 * @typedef {import('../shared/protocol.js').ModelCalls['cutout']} Cutout
 */
import { decode } from '../image/read/decode.js';
import { encodeMatte } from '../image/write/encode.js';
import { enlargeMatte } from '../image/matte/enlarge.js';
import { isShown, look } from '../image/read/inspect.js';
import { assertWholeFits } from '../image/longest.js';
import { refineMatte } from '../image/matte/refine.js';
import { isCutOut, multiplyByAlpha, ownAlpha, shown } from '../image/matte/transparency.js';
import { finish } from './finish.js';
import { stopwatch } from '../shared/stopwatch.js';

/**
 * @param {Cutout['args']} photo
 * @param {{ matte: (pixels: import('../image/read/decode.js').Pixels) => Promise<import('./matting.js').Matted> }} runner
 * @param {(event: Cutout['progress']) => void} progress
 * @returns {Promise<Omit<Cutout['result'], 'heap'>>}
 * @throws {import('../shared/errors.js').MatteboxError} see each stage
 */
export async function cutout({ source, output, reduce }, runner, progress) {
  const lap = stopwatch();
  progress({ stage: 'decoding' });
  const pixels = await decode(source, { reduce });
  const { width, height } = pixels;
  const notes = [...pixels.notes];
  const decodeMs = lap();
  // Said before the model runs, where it can be.
  if (!reduce) assertWholeFits(pixels, output);
  const original = await originalOf(source, pixels);

  const own = ownAlpha(pixels);
  const isKept = output.ownAlpha !== 'ignore' && isCutOut(own);
  if (isKept) notes.push({ code: 'already-cut-out', detail: {} });
  const refined = !isKept && output.refine !== false;
  const seen = own && !isKept ? shown(pixels) : pixels;

  if (!isKept) progress({ stage: 'running' });
  const small = isKept ? null : await runner.matte(seen);
  lap();

  progress({ stage: 'encoding' });
  const matte = small ? enlarged(small, seen, refined) : new Uint16Array(width * height).fill(65535);
  if (own) multiplyByAlpha(matte, pixels);
  const post = lap();
  // The browser deflates the matte on a thread of its own while this one goes on.
  const writingMatte = encodeMatte(matte, width, height, output.depth ?? 8);
  // A failure of the other stages is told instead; this one's own is told where it is awaited.
  writingMatte.catch(() => {});
  const { ms: { compose, encode }, ...finished } = await finish(pixels, matte, source, { ...output, reduce });
  lap();
  const written = await writingMatte;
  Object.assign(finished.applied, { refined });
  const { pre, run } = small?.ms ?? { pre: 0, run: 0 };
  const ms = { decode: decodeMs, pre, run, post, compose, encode: encode + lap() };
  return { ...finished, matte: written, original, notes: [...notes, ...finished.notes], isKept, ms };
}

/**
 * @param {Cutout['args']['source']} source
 * @param {import('../image/read/decode.js').Decoded} pixels
 * @returns {Promise<Blob | null>} without it, a photo is cut out all the same
 */
async function originalOf(source, pixels) {
  if (pixels.original) return pixels.original;
  if (source instanceof Blob && isShown((await look(source)).type)) return null;
  const { screenPicture } = await import('../image/screen.js');
  return screenPicture(pixels).catch(() => null);
}

/**
 * @param {import('./fuse.js').SmallMatte} small
 * @param {import('../image/read/decode.js').Pixels} pixels as the model saw them
 * @param {boolean} isRefined
 */
function enlarged({ matte, columns, rows }, pixels, isRefined) {
  return isRefined ? refineMatte(matte, columns, rows, pixels) : enlargeMatte(matte, columns, rows, pixels.width, pixels.height);
}
