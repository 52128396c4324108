/**
 * Means over square windows, by running sums: the cost does not depend on the window.
 */
import { kernelsFor } from '../scale/kernels.js';

/** Parts of the kernels' memory that begin with zeros. */
const EMPTY = /** @type {const} */ (['line', 'sums', 'ring', 'none']);

/**
 * @param {number} width
 * @param {number} height
 * @param {number} radius the window's side is 2 * radius + 1; it ends where the plane does
 * @returns {(plane: Float32Array) => Float32Array} replaces a plane's values by the means around them, in place
 */
export function boxMean(width, height, radius) {
  const across = inverseCounts(width, radius);
  const down = inverseCounts(height, radius);
  // In the kernels' memory rows are taken four at a time, and so are values.
  const stride = (width + 3) & ~3;
  const rows = (height + 3) & ~3;
  const sizes = { plane: stride * rows * 4, across: width * 8, line: (width + 2 * radius + 2) * 32, sums: stride * 8, ring: stride * (radius + 1) * 4, none: stride * 4 };
  return (plane) => {
    const { kernels, buffer, at } = kernelsFor(sizes);
    const held = new Float32Array(buffer, at.plane, stride * rows);
    for (let y = 0; y < height; y++) held.set(plane.subarray(y * width, (y + 1) * width), y * stride);
    new Float64Array(buffer, at.across).set(across);
    for (const part of EMPTY) new Uint8Array(buffer, at[part], sizes[part]).fill(0);
    for (let y = 0; y < height; y += 4) kernels.boxRows(at.plane + y * stride * 4, stride * 4, width, radius, at.across, at.line);
    const sums = new Float64Array(buffer, at.sums, stride);
    for (let y = 0; y < Math.min(radius, height); y++) for (let x = 0, i = y * stride; x < width; x++, i++) sums[x] += held[i];
    for (let y = 0; y < height; y++) {
      const ahead = y + radius < height ? at.plane + (y + radius) * stride * 4 : at.none;
      kernels.boxRow(at.plane + y * stride * 4, stride, down[y], at.sums, ahead, at.ring + (y % (radius + 1)) * stride * 4);
    }
    for (let y = 0; y < height; y++) plane.set(held.subarray(y * stride, y * stride + width), y * width);
    return plane;
  };
}

/**
 * One over the places that a window around each place of a line covers; fewer at its ends.
 * @param {number} length
 * @param {number} radius
 */
function inverseCounts(length, radius) {
  return Float64Array.from({ length }, (_, i) => 1 / (Math.min(i + radius, length - 1) - Math.max(i - radius, 0) + 1));
}
