/**
 * The canaries of models that do something else than matting: samples of every output, and how far off they may be. Pure.
 *
 * @typedef {import('../shared/catalog-entry.js').PipelinePart} PipelinePart
 */
import { assertCanary } from '../runtime/canary.js';

/** Knuth's multiplicative hash, so that samples lie near to no row or column (model_store/pipeline_canary.py). */
const STRIDE = 0x9e3779b1;

/**
 * @param {Record<string, ArrayLike<number>>} found what a part made of its canary, by the names of its outputs
 * @param {PipelinePart} part
 * @throws {import('../shared/errors.js').MatteboxError} `canary-mismatch`; differences are parts of the output's largest sample
 */
export function assertSamples(found, { model, outputs, canary: { samples, tolerance } }) {
  for (const { name } of outputs) {
    const expected = samples[name];
    const largest = Math.max(...expected.map(Math.abs));
    const taken = expected.map((_, i) => found[name][(Math.imul(i + 1, STRIDE) >>> 0) % found[name].length]);
    const relative = (/** @type {number[]} */ values) => values.map((value) => value / largest);
    assertCanary(relative(taken), { model, canary: { samples: relative(expected), tolerance } });
  }
}
