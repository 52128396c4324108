/**
 * A picture whose matte is known, run before any photo: a backend that is fast and wrong is refused here.
 * Recipe and expected samples are in the catalog; the samples were computed natively from the upstream graph.
 *
 * @typedef {import('../shared/protocol.js').ModelPart} ModelPart
 */
import { MatteboxError } from '../shared/errors.js';

/** Blocks per side. */
const BLOCKS = 4;

/**
 * The picture of recipe "blocks-v1", in integers, so that every language draws the same: blocks of random dark colours.
 * What stands out among them depends on their colours, so the matte moves when channels, scale, mean or std are wrong.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} seed of a linear congruential generator (Numerical Recipes' constants)
 * @returns {Uint8ClampedArray} 3 planes of `height` x `width`
 */
export function canaryPlanes(width, height, seed) {
  let state = seed;
  const colours = Array.from({ length: BLOCKS * BLOCKS * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 20 + (((state >>> 24) * 120) >> 8);
  });
  const plane = width * height;
  const out = new Uint8ClampedArray(plane * 3);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor((y * BLOCKS) / height) * BLOCKS;
    for (let x = 0; x < width; x++, i++) {
      const block = (row + Math.floor((x * BLOCKS) / width)) * 3;
      for (let c = 0; c < 3; c++) out[i + c * plane] = colours[block + c];
    }
  }
  return out;
}

/**
 * @param {Float32Array} matte what the part made of the canary, 0..1
 * @param {Pick<ModelPart, 'model' | 'output' | 'canary'>} part
 * @throws {MatteboxError} `canary-mismatch` with the mean and the largest absolute difference
 */
export function checkCanary(matte, { model, output, canary }) {
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
    throw new MatteboxError('canary-mismatch', { model, mean, max, tolerance });
  }
}
