/**
 * What a decoder gives, as a matte of the photo: of several masks the one that it is surest of. Pure.
 *
 * @typedef {import('../shared/catalog-entry.js').UsedTensor} UsedTensor
 * @typedef {import('../runtime/session.js').Tensor} Tensor
 * @typedef {import('./segment-prompt.js').Size} Size
 * @typedef {import('./segment-prompt.js').SegmentRules} SegmentRules
 * @typedef {{ matte: Float32Array, columns: number, rows: number, score: number }} Segmented `matte` 0..1, row by row; `score` 0..1
 */
import { MatteboxError } from '../shared/errors.js';
import { fitted } from './segment-prompt.js';

/** @param {number} logit */
const sigmoid = (logit) => 1 / (1 + Math.exp(-logit));

/**
 * @param {Record<string, Tensor>} outputs by what they are for: "masks", logits, and "scores", of each mask how well it fits; "presence", the logit
 *   of whether there is anything at all, where the model gives it
 * @param {Size} photo
 * @param {SegmentRules} rules
 * @returns {Segmented}
 * @throws {MatteboxError} `bad-matte`
 */
export function answerOf({ masks, scores, presence }, photo, rules) {
  const [rows, columns] = masks.dims.slice(-2);
  const logits = /** @type {Float32Array} */ (masks.data);
  const fits = Array.from(/** @type {Float32Array} */ (scores.data), Number);
  if (logits.length !== fits.length * rows * columns) {
    throw new MatteboxError('bad-matte', { reason: 'shape', expected: [fits.length, rows, columns], found: masks.dims });
  }
  const best = fits.indexOf(Math.max(...fits));
  const mask = logits.subarray(best * rows * columns, (best + 1) * rows * columns);
  if (best < 0 || !mask.every(Number.isFinite)) throw new MatteboxError('bad-matte', { reason: 'not-finite' });
  const there = presence ? sigmoid(Number(presence.data[0])) : 1;
  return { ...shown(mask, columns, rows, photo, rules), score: Math.min(1, Math.max(0, fits[best])) * there };
}

/**
 * @param {Float32Array} mask logits
 * @param {number} columns
 * @param {number} rows
 * @param {Size} photo
 * @param {SegmentRules} rules
 * @returns {Omit<Segmented, 'score'>} of the photo alone: below or right of it, there may be nothing but what made the model's square full
 */
function shown(mask, columns, rows, photo, rules) {
  const seen = fitted(photo, rules);
  const part = (/** @type {number} */ length, /** @type {number} */ of) => Math.max(1, Math.round((of * length) / rules.side));
  const [width, height] = [part(seen.width, columns), part(seen.height, rows)];
  const matte = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) matte[y * width + x] = sigmoid(mask[y * columns + x]);
  }
  return { matte, columns: width, rows: height };
}
