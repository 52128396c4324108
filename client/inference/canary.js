/**
 * A picture whose matte is known, run before any photo: a backend that is fast and wrong is refused here.
 * Recipe and expected samples are in the catalog; the samples were computed natively from the upstream graph.
 *
 * @typedef {import('../protocol.js').Model} Model
 */
import { MatteboxError } from '../errors.js';

/**
 * The picture of recipe "ellipse-v1", in integers, so that every language draws the same: a warm ellipse on a cool
 * gradient, with noise from a linear congruential generator (Numerical Recipes' constants).
 *
 * @param {number} width
 * @param {number} height
 * @param {number} seed
 * @returns {Uint8ClampedArray} 3 planes of `height` x `width`
 */
export function canaryPlanes(width, height, seed) {
  const plane = width * height;
  const out = new Uint8ClampedArray(plane * 3);
  const a = Math.floor((width * 3) / 10);
  const b = Math.floor((height * 3) / 8);
  let state = seed;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const noise = state >>> 28;
      const inside = (2 * x - width) ** 2 * b * b + (2 * y - height) ** 2 * a * a <= 4 * a * a * b * b;
      out[i] = noise + (inside ? 210 : 40 + Math.floor((x * 80) / width));
      out[i + plane] = noise + (inside ? 140 - Math.floor((y * 60) / height) : 60 + Math.floor((y * 80) / height));
      out[i + plane * 2] = noise + (inside ? 70 : 120);
    }
  }
  return out;
}

/**
 * @param {Float32Array} matte the model's matte of the canary, 0..1
 * @param {Pick<Model, 'id' | 'output' | 'canary'>} model
 * @throws {MatteboxError} `canary-mismatch` with the mean and the largest absolute difference
 */
export function checkCanary(matte, { id, output, canary }) {
  const [, , height, width] = output.shape;
  const { grid, samples, tolerance } = canary;
  let sum = 0;
  let max = 0;
  for (let i = 0; i < grid; i++) {
    for (let j = 0; j < grid; j++) {
      const y = Math.floor(((2 * i + 1) * height) / (2 * grid));
      const x = Math.floor(((2 * j + 1) * width) / (2 * grid));
      const difference = Math.abs(matte[y * width + x] - samples[i * grid + j]);
      sum += difference;
      max = Math.max(max, difference);
    }
  }
  const mean = sum / (grid * grid);
  // Negated, so that NaN fails too.
  if (!(mean <= tolerance.mean && max <= tolerance.max)) {
    throw new MatteboxError('canary-mismatch', { model: id, mean, max, tolerance });
  }
}
