/**
 * Pixels into what the model takes, exactly as its catalog entry says.
 *
 * @typedef {import('../shared/protocol.js').ModelInput} ModelInput
 * @typedef {import('./read/decode.js').Pixels} Pixels
 */
import { kernelsFor } from './scale/kernels.js';
import { resizeToPlanes } from './scale/resample.js';

/**
 * @param {Pixels | import('./scale/resample.js').Averaged} pixels
 * @param {ModelInput} input
 * @returns {Float32Array} `input.shape`
 */
export function toTensor(pixels, input) {
  const [, , rows, columns] = input.shape;
  return normalise(resizeToPlanes(pixels, columns, rows), input);
}

/**
 * (value / scale - mean) / std, per channel.
 * @param {Uint8ClampedArray} planes 3 planes of the model's size
 * @param {Pick<ModelInput, 'mean' | 'std'> & { scale: number | 'max' }} input
 * @returns {Float32Array} `input.shape`
 */
export function normalise(planes, { scale, mean, std }) {
  // rembg divides by the picture's own largest value; its floor keeps a black picture black.
  const divisor = scale === 'max' ? Math.max(largest(planes), 1e-6) : scale;
  const out = new Float32Array(planes.length);
  const plane = planes.length / 3;
  const { kernels, buffer, at } = kernelsFor({ levels: plane, table: 256 * 4, out: plane * 4 });
  for (let c = 0; c < 3; c++) {
    // Of 8 bits there are but 256 results.
    new Float32Array(buffer, at.table).set(Float32Array.from({ length: 256 }, (_, value) => (value / divisor - mean[c]) / std[c]));
    new Uint8Array(buffer, at.levels).set(planes.subarray(c * plane, (c + 1) * plane));
    kernels.look(at.levels, plane, at.table, at.out);
    out.set(new Float32Array(buffer, at.out, plane), c * plane);
  }
  return out;
}

/** @param {Uint8ClampedArray} values */
function largest(values) {
  let max = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > max) max = values[i];
  return max;
}
