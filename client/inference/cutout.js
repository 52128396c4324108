/**
 * One photo through the pipeline: decode, model, matte, and what makes a file of it. Each stage is a function from values to
 * values; none reaches back.
 *
 * @typedef {import('../protocol.js').InferenceCalls['cutout']} Cutout
 */
import { decode } from '../image/decode.js';
import { encodeMatte } from '../image/encode.js';
import { enlargeMatte } from '../image/enlarge.js';
import { refineMatte } from '../image/refine.js';
import { multiplyByAlpha } from '../image/transparency.js';
import { finish } from './finish.js';
import { stopwatch } from './stopwatch.js';

/**
 * @param {Cutout['args']} photo
 * @param {import('./runner.js').Runner} runner
 * @param {(event: Cutout['progress']) => void} progress
 * @returns {Promise<Omit<Cutout['result'], 'heap'>>}
 * @throws {import('../errors.js').MatteboxError} see each stage
 */
export async function cutout({ source, output, reduce }, runner, progress) {
  const lap = stopwatch();
  progress({ stage: 'decoding' });
  const pixels = await decode(source, { reduce });
  const { width, height, notes } = pixels;
  const decodeMs = lap();

  progress({ stage: 'running' });
  const { matte: small, columns, rows, ms } = await runner.matte(pixels);
  lap();

  progress({ stage: 'encoding' });
  const refined = output.refine !== false;
  const matte = refined ? refineMatte(small, columns, rows, pixels) : enlargeMatte(small, columns, rows, width, height);
  multiplyByAlpha(matte, pixels);
  const post = lap();
  // The browser deflates the matte on a thread of its own while this one goes on.
  const writingMatte = encodeMatte(matte, width, height, output.depth ?? 8);
  // A failure of the other stages is told instead; this one's own is told where it is awaited.
  writingMatte.catch(() => {});
  const { ms: { compose, encode }, ...finished } = await finish(pixels, matte, source, output);
  lap();
  const written = await writingMatte;
  Object.assign(finished.applied, { refined });
  return { ...finished, matte: written, notes, ms: { decode: decodeMs, pre: ms.pre, run: ms.run, post, compose, encode: encode + lap() } };
}
