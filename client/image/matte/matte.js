/**
 * The model's raw output into a matte: alpha in 0..1 at the model's size.
 *
 * @typedef {import('../../shared/protocol.js').ModelOutput} ModelOutput
 */
import { MatteboxError } from '../../shared/errors.js';

/** Alpha, 0..1, from which on a model holds a pixel for the subject's. */
export const LIKELY = 0.5;

/**
 * @param {Float32Array} raw one value per pixel, as the model gave it
 * @param {Pick<ModelOutput, 'range' | 'normalise'>} output
 * @returns {Float32Array} 0..1
 * @throws {MatteboxError} `bad-matte` when a value is not finite
 */
export function toMatte(raw, { range, normalise }) {
  // Before the sigmoid, which would turn an overflow into a confident 0 or 1.
  if (!raw.every(Number.isFinite)) throw new MatteboxError('bad-matte', { reason: 'not-finite' });
  const matte = range === 'logits' ? raw.map((x) => 1 / (1 + Math.exp(-x))) : raw.slice();
  let min = Infinity;
  let max = -Infinity;
  for (const value of matte) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  // A picture without a subject stays as the model judged it: stretched, its noise would look like one. Of 188 photographs u2netp's
  // outputs reach 0.58 and more, of walls, skies, paper and noise at most 0.41.
  const stretch = normalise === 'minmax' && max > min && max >= LIKELY;
  const offset = stretch ? min : 0;
  const gain = stretch ? 1 / (max - min) : 1;
  for (let i = 0; i < matte.length; i++) matte[i] = Math.min(1, Math.max(0, (matte[i] - offset) * gain));
  return matte;
}
