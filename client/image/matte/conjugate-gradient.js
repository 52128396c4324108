/**
 * (L + W) x = W v by conjugate gradients, for a matting Laplacian L and weights W: the smoothest alpha in the sense of L that is held
 * towards v by as much as the weights say. Where a place is known, x is v.
 *
 * @typedef {import('./laplacian.js').Laplacian} Laplacian
 */
import { TIES } from './laplacian.js';

/**
 * @param {Laplacian} laplacian
 * @param {object} system all of one size
 * @param {Int32Array} system.unknown the places that are looked for, in order; none in the outermost two rows and columns
 * @param {Float32Array} system.x the start, and values where known; becomes the result
 * @param {Float32Array} system.values
 * @param {Float32Array} system.weights
 * @param {object} until
 * @param {number} until.tolerance part of what the right side measures
 * @param {number} until.iterations at most
 * @returns {number} iterations made
 */
export function conjugateGradient(laplacian, { unknown, x, values, weights }, { tolerance, iterations }) {
  const { entries } = laplacian;
  const n = unknown.length;
  // What is looked for is moved by x alone: p and what is multiplied by it are 0 where a place is known.
  const p = new Float32Array(x.length);
  const q = new Float32Array(n);
  const r = new Float32Array(n);
  const inverse = new Float32Array(n);
  multiply(laplacian, unknown, weights, x, q);
  let rz = 0;
  let size = 0;
  for (let k = 0; k < n; k++) {
    const at = unknown[k];
    const given = weights[at] * values[at];
    r[k] = given - q[k];
    inverse[k] = 1 / (entries[at * TIES] + weights[at]);
    p[at] = r[k] * inverse[k];
    rz += r[k] * p[at];
    size += inverse[k] * r[k] * r[k];
  }
  const enough = tolerance * tolerance * n;
  let made = 0;
  while (made < iterations && rz > enough) {
    multiply(laplacian, unknown, weights, p, q);
    let pq = 0;
    for (let k = 0; k < n; k++) pq += p[unknown[k]] * q[k];
    const step = rz / pq;
    let next = 0;
    for (let k = 0; k < n; k++) {
      const at = unknown[k];
      x[at] += step * p[at];
      const rest = (r[k] -= step * q[k]);
      next += rest * rest * inverse[k];
    }
    const share = next / rz;
    for (let k = 0; k < n; k++) {
      const at = unknown[k];
      p[at] = r[k] * inverse[k] + share * p[at];
    }
    rz = next;
    made++;
  }
  return made;
}

/**
 * out = (L + W) x, of the places looked for.
 * @param {Laplacian} laplacian
 * @param {Int32Array} unknown
 * @param {Float32Array} weights
 * @param {Float32Array} x
 * @param {Float32Array} out
 */
export function multiply({ entries, offsets }, unknown, weights, x, out) {
  const [, o1, o2, o3, o4, o5, o6, o7, o8, o9, o10, o11, o12] = offsets;
  const [, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12] = offsets.map((offset, tie) => offset * TIES - tie);
  for (let k = 0; k < unknown.length; k++) {
    const at = unknown[k];
    const e = at * TIES;
    out[k] = (entries[e] + weights[at]) * x[at] +
      entries[e + 1] * x[at + o1] + entries[e - b1] * x[at - o1] +
      entries[e + 2] * x[at + o2] + entries[e - b2] * x[at - o2] +
      entries[e + 3] * x[at + o3] + entries[e - b3] * x[at - o3] +
      entries[e + 4] * x[at + o4] + entries[e - b4] * x[at - o4] +
      entries[e + 5] * x[at + o5] + entries[e - b5] * x[at - o5] +
      entries[e + 6] * x[at + o6] + entries[e - b6] * x[at - o6] +
      entries[e + 7] * x[at + o7] + entries[e - b7] * x[at - o7] +
      entries[e + 8] * x[at + o8] + entries[e - b8] * x[at - o8] +
      entries[e + 9] * x[at + o9] + entries[e - b9] * x[at - o9] +
      entries[e + 10] * x[at + o10] + entries[e - b10] * x[at - o10] +
      entries[e + 11] * x[at + o11] + entries[e - b11] * x[at - o11] +
      entries[e + 12] * x[at + o12] + entries[e - b12] * x[at - o12];
  }
}
