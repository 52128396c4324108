/**
 * What lies between the parts: latents of a seed, the one Euler step that takes all of the noise away, and pixels. Pure.
 *
 * @typedef {import('../../shared/protocol-generate.js').Scheduler} Scheduler
 */

/**
 * @param {Float32Array} noise
 * @param {Scheduler} scheduler
 * @param {Float32Array | null} [start] latents that the noise is added to; without, to none
 * @returns {{ latents: Float32Array, seen: Float32Array }} `seen`: as the U-Net wants them, of deviation 1
 */
export function noised(noise, { sigma, divisor }, start = null) {
  const latents = noise.map((value, i) => (start ? start[i] : 0) + value * sigma);
  return { latents, seen: latents.map((value) => value / divisor) };
}

/**
 * @param {Float32Array} latents
 * @param {Float32Array} predicted the noise in them, as the U-Net has it
 * @param {Scheduler} scheduler
 * @param {number} scale of the VAE's latents
 * @returns {Float32Array} what is left without the noise, as the VAE's decoder wants it
 */
export function denoised(latents, predicted, { sigma }, scale) {
  return latents.map((value, i) => Math.fround(value - sigma * predicted[i]) / scale);
}

/**
 * @param {Float32Array} planes red, green and blue one after the other, -1..1; beyond is cut off
 * @returns {Uint8ClampedArray<ArrayBuffer>} RGBA, opaque
 */
export function pixelsOf(planes) {
  const plane = planes.length / 3;
  const out = new Uint8ClampedArray(plane * 4).fill(255);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) out[i * 4 + c] = (planes[c * plane + i] / 2 + 0.5) * 255;
  }
  return out;
}

/** @param {Float32Array} numbers @returns {boolean} whether they are, all of them; halves that overflow are not */
export const areFinite = (numbers) => numbers.every(Number.isFinite);
