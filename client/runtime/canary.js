/**
 * An input whose result is known, run before any photo: a backend that is fast and wrong is refused here. Recipe, expected samples and
 * tolerance are the part's, in the catalog; the samples were computed natively from the upstream graph.
 */
import { MatteboxError } from '../shared/errors.js';

/**
 * @param {ArrayLike<number>} found samples of what the part made of its canary
 * @param {{ model: string, canary: { samples: number[], tolerance: { mean: number, max: number } } }} part
 * @throws {MatteboxError} `canary-mismatch` with the mean and the largest absolute difference
 */
export function assertCanary(found, { model, canary: { samples, tolerance } }) {
  let sum = 0;
  let max = 0;
  for (const [i, expected] of samples.entries()) {
    const difference = Math.abs(found[i] - expected);
    sum += difference;
    max = Math.max(max, difference);
  }
  const mean = sum / samples.length;
  // Negated, so that NaN fails too; and so does a canary without samples.
  if (!(mean <= tolerance.mean && max <= tolerance.max)) {
    throw new MatteboxError('canary-mismatch', { model, mean, max, tolerance });
  }
}
