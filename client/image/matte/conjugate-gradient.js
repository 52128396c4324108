/**
 * (L + W) x = W v by conjugate gradients, for a matting Laplacian L and weights W: the smoothest alpha in the sense of L that is held
 * towards v by as much as the weights say. Where a place is known, x is v.
 */
import { MIDDLE, TIES } from './laplacian.js';

/**
 * @param {Float32Array} entries of L
 * @param {object} system
 * @param {number} system.width of the planes
 * @param {Int32Array} system.unknown the places that are looked for, in order; none in the rim
 * @param {Float32Array} system.x the start, and values where known; becomes the result
 * @param {Float32Array} system.values
 * @param {Float32Array} system.weights
 * @param {object} until
 * @param {number} until.tolerance of alpha, about: the root of the mean square of the rest, each over its own entry
 * @param {number} until.iterations at most
 * @returns {number} iterations made
 */
export function conjugateGradient(entries, { width, unknown, x, values, weights }, { tolerance, iterations }) {
  const n = unknown.length;
  // What is looked for is moved by x alone: p and what is multiplied by it are 0 where a place is known.
  const p = new Float32Array(x.length);
  const q = new Float32Array(n);
  const r = new Float32Array(n);
  const inverse = new Float32Array(n);
  multiply(entries, width, unknown, weights, x, q);
  let rz = 0;
  for (let k = 0; k < n; k++) {
    const at = unknown[k];
    const given = weights[at] * values[at];
    r[k] = given - q[k];
    inverse[k] = 1 / (entries[k * TIES + MIDDLE] + weights[at]);
    p[at] = r[k] * inverse[k];
    rz += r[k] * p[at];
  }
  const enough = tolerance * tolerance * n;
  let made = 0;
  while (made < iterations && rz > enough) {
    multiply(entries, width, unknown, weights, p, q);
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
 * @param {Float32Array} entries
 * @param {number} width
 * @param {Int32Array} unknown
 * @param {Float32Array} weights
 * @param {Float32Array} x
 * @param {Float32Array} out
 */
function multiply(entries, width, unknown, weights, x, out) {
  for (let k = 0, e = 0; k < unknown.length; k++, e += TIES) {
    const at = unknown[k];
    const a = at - 2 * width;
    const b = at - width;
    const c = at + width;
    const d = at + 2 * width;
    out[k] = weights[at] * x[at] +
      entries[e] * x[a - 2] + entries[e + 1] * x[a - 1] + entries[e + 2] * x[a] + entries[e + 3] * x[a + 1] + entries[e + 4] * x[a + 2] +
      entries[e + 5] * x[b - 2] + entries[e + 6] * x[b - 1] + entries[e + 7] * x[b] + entries[e + 8] * x[b + 1] + entries[e + 9] * x[b + 2] +
      entries[e + 10] * x[at - 2] + entries[e + 11] * x[at - 1] + entries[e + 12] * x[at] + entries[e + 13] * x[at + 1] + entries[e + 14] * x[at + 2] +
      entries[e + 15] * x[c - 2] + entries[e + 16] * x[c - 1] + entries[e + 17] * x[c] + entries[e + 18] * x[c + 1] + entries[e + 19] * x[c + 2] +
      entries[e + 20] * x[d - 2] + entries[e + 21] * x[d - 1] + entries[e + 22] * x[d] + entries[e + 23] * x[d + 1] + entries[e + 24] * x[d + 2];
  }
}
