/**
 * Closed-form matting (Levin, Lischinski and Weiss, PAMI 2008): the alpha that is, in each small window, most nearly a linear function of
 * colour, and is what is known where it is known. Elsewhere it may be held towards values by weights, which is how what is guessed of
 * each place by itself comes in.
 *
 * @typedef {object} Unknowns of planes that have a rim of `RIM` places around what counts
 * @property {Int32Array} unknown the places where alpha is looked for, in order, none of them in the rim; elsewhere it is known
 * @property {Float32Array} values 0..1: what is known, or what alpha is held towards
 * @property {Float32Array | null} weights of what alpha is held towards, where it is looked for; null for nothing
 */
import { conjugateGradient } from './conjugate-gradient.js';
import { mattingLaplacian } from './laplacian.js';

/**
 * @param {Float32Array[]} planes red, green, blue, 0..1, with the rim
 * @param {{ width: number, height: number }} size with the rim
 * @param {Unknowns} unknowns
 * @param {object} options
 * @param {number} [options.epsilon] the variance of colour, ninefold, below which a window counts as flat
 * @param {number} [options.tolerance] of alpha, about, at which the solver stops
 * @param {number} [options.iterations] after which it stops anyway
 * @returns {Float32Array} alpha, not limited to 0..1
 */
export function solveMatting(planes, size, { unknown, values, weights }, { epsilon = 1e-6, tolerance = 1e-4, iterations = 1000 } = {}) {
  const x = values.slice();
  const system = { width: size.width, unknown, x, values, weights: weights ?? new Float32Array(x.length) };
  conjugateGradient(mattingLaplacian(planes, size, unknown, epsilon), system, { tolerance, iterations });
  return x;
}
