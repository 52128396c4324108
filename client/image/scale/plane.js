/**
 * A plane of floats at another size: what is a matte, and whatever else has one value a place.
 *
 * @typedef {import('./lanczos.js').Kernel} Kernel
 */
import { kernel } from './lanczos.js';

/**
 * @param {Float32Array} plane `height` x `width`, 0..1
 * @param {number} width
 * @param {number} height
 * @param {object} to
 * @param {number} to.width
 * @param {number} to.height
 * @param {number} [to.extentX] values that the result spans across: a little more than there are, where its last column is only partly covered
 * @param {number} [to.extentY]
 * @returns {Float32Array<ArrayBuffer>} `to.height` x `to.width`; what overshoots 0..1 is cut off
 */
export function resizePlane(plane, width, height, to) {
  const rows = filterRows(plane, width, height, kernel(width, to.width, to.extentX));
  const { taps, first, weights } = kernel(height, to.height, to.extentY);
  const out = new Float32Array(to.width * to.height);
  for (let y = 0; y < to.height; y++) {
    const line = out.subarray(y * to.width, (y + 1) * to.width);
    weighRows(rows, to.width, first[y], weights.subarray(y * taps, (y + 1) * taps), line, 0, to.width);
    for (let x = 0; x < to.width; x++) line[x] = line[x] < 0 ? 0 : line[x] > 1 ? 1 : line[x];
  }
  return out;
}

/**
 * @param {Float32Array} plane `height` x `width`
 * @param {number} width
 * @param {number} height
 * @param {Kernel} across
 * @returns {Float32Array} `height` x `across.size`, not cut off
 */
export function filterRows(plane, width, height, { size, taps, first, weights }) {
  const rows = new Float32Array(size * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, k = 0; x < size; x++, to++) {
      let sum = 0;
      for (let at = y * width + first[x], end = at + taps; at < end; at++, k++) sum += weights[k] * plane[at];
      rows[to] = sum;
    }
  }
  return rows;
}

/**
 * line[start..end] = the rows from `top` on, weighed. Enlarging takes 7 taps, of which one is 0; that case is unrolled and takes half
 * the time.
 * @param {Float32Array} rows
 * @param {number} width
 * @param {number} top
 * @param {Float32Array} weights
 * @param {Float32Array} line
 * @param {number} start
 * @param {number} end
 */
export function weighRows(rows, width, top, weights, line, start, end) {
  if (weights.length === 7) {
    const [a, b, c, d, e, f, g] = weights;
    for (let x = start, i = top * width + start; x < end; x++, i++) {
      line[x] = a * rows[i] + b * rows[i + width] + c * rows[i + width * 2] + d * rows[i + width * 3] +
        e * rows[i + width * 4] + f * rows[i + width * 5] + g * rows[i + width * 6];
    }
    return;
  }
  line.fill(0, start, end);
  for (let k = 0; k < weights.length; k++) {
    const w = weights[k];
    for (let x = start, i = (top + k) * width + start; x < end; x++, i++) line[x] += w * rows[i];
  }
}
