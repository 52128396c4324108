/**
 * Guided filter with a colour guide (He, Sun, Tang 2013, equations 19 to 22): within each window the matte is taken for a linear
 * function of the colour, a . I + b, and each place gets the mean of the functions of all windows around it. What does not follow
 * any edge of the colour is averaged; what does, follows the edge.
 */
import { boxMean } from './box.js';

/**
 * @param {[Float32Array, Float32Array, Float32Array]} guide red, green, blue, 0..1
 * @param {Float32Array} matte 0..1
 * @param {{ width: number, height: number }} size
 * @param {number} radius of the window
 * @param {number} epsilon the variance of colour below which a window counts as flat
 * @returns {[Float32Array, Float32Array, Float32Array, Float32Array]} a (red, green, blue) and b of each place
 */
export function guidedCoefficients(guide, matte, { width, height }, radius, epsilon) {
  const mean = boxMean(width, height, radius);
  const [red, green, blue] = guide;
  const [mr, mg, mb, mp] = [red, green, blue, matte].map((plane) => mean(plane.slice()));
  const [rp, gp, bp] = guide.map((plane) => mean(product(plane, matte)));
  const [rr, rg, rb] = guide.map((plane) => mean(product(red, plane)));
  const [gg, gb] = [green, blue].map((plane) => mean(product(green, plane)));
  const bb = mean(product(blue, blue));
  for (let i = 0; i < matte.length; i++) {
    const [r, g, b, p] = [mr[i], mg[i], mb[i], mp[i]];
    // Covariance of the colours, and of colour and matte.
    const c00 = rr[i] - r * r + epsilon;
    const c01 = rg[i] - r * g;
    const c02 = rb[i] - r * b;
    const c11 = gg[i] - g * g + epsilon;
    const c12 = gb[i] - g * b;
    const c22 = bb[i] - b * b + epsilon;
    const pr = rp[i] - r * p;
    const pg = gp[i] - g * p;
    const pb = bp[i] - b * p;
    // The symmetric inverse by its cofactors.
    const i00 = c11 * c22 - c12 * c12;
    const i01 = c12 * c02 - c01 * c22;
    const i02 = c01 * c12 - c11 * c02;
    const i11 = c00 * c22 - c02 * c02;
    const i12 = c02 * c01 - c00 * c12;
    const i22 = c00 * c11 - c01 * c01;
    const scale = 1 / (c00 * i00 + c01 * i01 + c02 * i02);
    const ar = (i00 * pr + i01 * pg + i02 * pb) * scale;
    const ag = (i01 * pr + i11 * pg + i12 * pb) * scale;
    const ab = (i02 * pr + i12 * pg + i22 * pb) * scale;
    rp[i] = ar;
    gp[i] = ag;
    bp[i] = ab;
    mp[i] = p - ar * r - ag * g - ab * b;
  }
  return [mean(rp), mean(gp), mean(bp), mean(mp)];
}

/**
 * How hard the edge in the window around each place is: the variance of the matte over what it would be if the window held nothing
 * but 0 and 1 at the same mean. 1 at a clean edge that is narrow against the window, near 0 in a wide soft one.
 * @param {Float32Array} matte 0..1
 * @param {{ width: number, height: number }} size
 * @param {number} radius of the window
 * @returns {Float32Array} 0..1; 0 where the window is flat
 */
export function hardness(matte, { width, height }, radius) {
  const mean = boxMean(width, height, radius);
  const first = mean(matte.slice());
  const second = mean(product(matte, matte));
  for (let i = 0; i < first.length; i++) {
    const m = first[i];
    second[i] = Math.max(0, second[i] - m * m) / Math.max(m * (1 - m), LEAST);
  }
  return second;
}

/** Of m (1 - m): a hundredth of a percent of a window is no edge. */
const LEAST = 1e-4;

/**
 * @param {Float32Array} u
 * @param {Float32Array} v
 */
function product(u, v) {
  const out = new Float32Array(u.length);
  for (let i = 0; i < out.length; i++) out[i] = u[i] * v[i];
  return out;
}
