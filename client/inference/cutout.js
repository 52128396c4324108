/**
 * One photo through the pipeline: decode, tensor, model, matte, compose, encode. Each stage is a function from values
 * to values; none reaches back.
 *
 * @typedef {import('../protocol.js').InferenceCalls['cutout']} Cutout
 */
import { applyMatte } from '../image/compose.js';
import { decode } from '../image/decode.js';
import { encode, encodeMatte } from '../image/encode.js';
import { enlargeMatte } from '../image/resample.js';

/**
 * @param {Blob} blob a photo as it came
 * @param {Pick<import('./runner.js').Runner, 'matte'>} runner
 * @param {(event: Cutout['progress']) => void} progress
 * @returns {Promise<Omit<Cutout['result'], 'heap'>>}
 * @throws {import('../errors.js').MatteboxError} see each stage
 */
export async function cutout(blob, runner, progress) {
  const lap = stopwatch();
  progress({ stage: 'decoding' });
  const pixels = await decode(blob);
  const { width, height } = pixels;
  const decodeMs = lap();

  progress({ stage: 'running' });
  const { matte: small, columns, rows, ms: { pre, run } } = await runner.matte(pixels);
  lap();

  progress({ stage: 'encoding' });
  const matte = enlargeMatte(small, columns, rows, width, height);
  applyMatte(pixels, matte);
  const post = lap();
  const written = await encodeMatte(Uint16Array.from(matte, (value) => value * 257), width, height);
  const result = { cutout: await encode(pixels), matte: written, size: { width, height } };
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
