/**
 * The mattes of a model's parts, made one by the catalog's rule. Pure.
 *
 * @typedef {import('../shared/protocol.js').Fusion} Fusion
 * @typedef {{ matte: Float32Array, columns: number, rows: number }} SmallMatte 0..1, row by row
 */
import { kernel } from '../image/scale/resample.js';

/**
 * The detail knows outlines and may miss a whole leg; the presence knows what is there and not where it ends. Where they differ
 * by no more than the threshold, the detail is right about both.
 *
 * @param {Fusion} fusion
 * @param {SmallMatte} detail
 * @param {SmallMatte} presence of any size
 * @returns {SmallMatte} of the detail's size
 */
export function fuse({ threshold }, detail, presence) {
  const { columns, rows } = detail;
  const there = resized(presence, columns, rows);
  const matte = detail.matte.map((fine, i) => (Math.abs(fine - there[i]) > threshold ? Math.max(fine, (fine + there[i]) / 2) : fine));
  return { matte, columns, rows };
}

/**
 * @param {SmallMatte} source
 * @param {number} toColumns
 * @param {number} toRows
 * @returns {Float32Array} by the Lanczos kernel; what overshoots is cut off
 */
function resized({ matte, columns, rows }, toColumns, toRows) {
  if (columns === toColumns && rows === toRows) return matte;
  const across = kernel(columns, toColumns);
  const down = kernel(rows, toRows);
  const wide = new Float32Array(toColumns * rows);
  for (let y = 0, to = 0; y < rows; y++) {
    for (let x = 0; x < toColumns; x++, to++) {
      const from = y * columns + across.first[x];
      let sum = 0;
      for (let k = 0; k < across.taps; k++) sum += across.weights[x * across.taps + k] * matte[from + k];
      wide[to] = sum;
    }
  }
  const out = new Float32Array(toColumns * toRows);
  for (let y = 0, to = 0; y < toRows; y++) {
    const top = down.first[y] * toColumns;
    for (let x = 0; x < toColumns; x++, to++) {
      let sum = 0;
      for (let k = 0, at = top + x; k < down.taps; k++, at += toColumns) sum += down.weights[y * down.taps + k] * wide[at];
      out[to] = Math.min(1, Math.max(0, sum));
    }
  }
  return out;
}
