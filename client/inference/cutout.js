/**
 * One photo through the pipeline: decode, tensor, model, matte, compose, encode. Each stage is a function from values
 * to values; none reaches back.
 *
 * @typedef {import('../protocol.js').Model} Model
 * @typedef {import('../protocol.js').InferenceCalls['cutout']} Cutout
 */
import { applyMatte } from '../image/compose.js';
import { decode } from '../image/decode.js';
import { encodeCutout, encodeMatte } from '../image/encode.js';
import { enlargeMatte } from '../image/resample.js';
import { toTensor } from '../image/tensor.js';
import { infer } from './session.js';

/**
 * @param {Blob} blob a photo as it came
 * @param {import('./ort.js').Session} session
 * @param {Model} model
 * @param {object} hooks
 * @param {(event: Cutout['progress']) => void} hooks.progress
 * @param {() => Promise<void>} hooks.doubt called for a matte of one value: right for an empty photo, and what a failing GPU gives
 *   for any; throws when the backend is not to be believed
 * @returns {Promise<Omit<Cutout['result'], 'heap'>>}
 * @throws {import('../errors.js').MatteboxError} see each stage
 */
export async function cutout(blob, session, model, { progress, doubt }) {
  const lap = stopwatch();
  progress({ stage: 'decoding' });
  const pixels = await decode(blob);
  const { width, height } = pixels;
  const decodeMs = lap();
  const input = toTensor(pixels, model.input);
  const pre = lap();

  progress({ stage: 'running' });
  const { matte: small, ms: run } = await infer(session, model, input);
  if (small.every((value) => value === small[0])) await doubt();
  lap();

  progress({ stage: 'encoding' });
  const [, , rows, columns] = model.output.shape;
  const matte = enlargeMatte(small, columns, rows, width, height);
  applyMatte(pixels, matte);
  const post = lap();
  // The browser deflates the matte on a thread of its own while the codec keeps this one busy.
  const writingMatte = encodeMatte(matte, width, height);
  const result = { cutout: encodeCutout(pixels), matte: await writingMatte, size: { width, height } };
  return { ...result, ms: { decode: decodeMs, pre, run, post, encode: lap() } };
}

/** @returns {() => number} ms since the last call */
function stopwatch() {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const ms = now - last;
    last = now;
    return ms;
  };
}
