/**
 * The photo's own background out of focus, without the subject.
 *
 * A normalised convolution (Knutsson and Westin 1993): colours are blurred with weights, and the weights too. What shows the subject
 * weighs nothing, so that the subject leaves no halo in what was behind it. A pixel with alpha a shows a parts of the subject's colour;
 * were it weighed by 1 - a, a soft edge would still colour its surroundings, so it is weighed by the eighth power.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {import('../scale/bilinear.js').Samples & { block: number }} Backdrop RGB 0..255, in floats, so that what is enlarged has no steps; a
 *   value stands for `block` x `block` pixels
 */
import { blur } from './blur.js';

/** Values along the longer side, at most. */
const SIDE = 1024;

/** Standard deviation of the blur at strength 1, in parts of the longer side. */
const WIDEST = 0.05;

/** Weight of the mean of all background, which shows where there is none far and wide: under the middle of the subject. */
const FAR = 1e-4;

/**
 * @param {Pixels} pixels with the background's colours in them still
 * @param {Uint16Array} matte
 * @param {{ strength: number }} background 0..1: at 0 it is hardly softer than the photo
 * @returns {Backdrop}
 */
export function prepareBackdrop(pixels, matte, { strength }) {
  const block = Math.ceil(Math.max(pixels.width, pixels.height) / SIDE);
  const width = Math.ceil(pixels.width / block);
  const height = Math.ceil(pixels.height / block);
  const weighed = gather(pixels, matte, block, width, height);
  const mean = meanOf(weighed);
  blur(weighed, width, height, 4, (strength * WIDEST * Math.max(pixels.width, pixels.height)) / block);

  const values = new Float32Array(width * height * 3);
  for (let i = 0, from = 0; i < values.length; i += 3, from += 4) {
    const weight = Math.max(0, weighed[from + 3]) + FAR;
    for (let c = 0; c < 3; c++) values[i + c] = Math.min(255, Math.max(0, (weighed[from + c] + FAR * mean[c]) / weight));
  }
  return { values, width, height, channels: 3, block };
}

/**
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 * @param {number} block
 * @param {number} toWidth
 * @param {number} toHeight
 * @returns {Float32Array} red, green and blue times the weight, and the weight, 0..1 for a whole block
 */
function gather({ data, width, height }, matte, block, toWidth, toHeight) {
  const out = new Float32Array(toWidth * toHeight * 4);
  const unit = 1 / (block * block);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / block) * toWidth * 4;
    for (let x = 0, at = y * width, to = row; x < width; to += 4) {
      const end = Math.min(width, x + block);
      let red = 0;
      let green = 0;
      let blue = 0;
      let weight = 0;
      for (; x < end; x++, at++) {
        const w = weightOf(matte[at], data[at * 4 + 3]);
        red += w * data[at * 4];
        green += w * data[at * 4 + 1];
        blue += w * data[at * 4 + 2];
        weight += w;
      }
      out[to] += red * unit;
      out[to + 1] += green * unit;
      out[to + 2] += blue * unit;
      out[to + 3] += weight * unit;
    }
  }
  return out;
}

/**
 * @param {number} m the matte
 * @param {number} own alpha of the photo: what is transparent has no colour to give
 * @returns {number} 0..1
 */
function weightOf(m, own) {
  if (m === 65535 || own === 0) return 0;
  if (m === 0 && own === 255) return 1;
  const clear = 1 - m / 65535;
  const square = clear * clear;
  return square * square * square * square * (own / 255);
}

/**
 * @param {Float32Array} weighed
 * @returns {[number, number, number]} mean colour of all background; grey when there is none
 */
function meanOf(weighed) {
  const sums = [0, 0, 0, 0];
  for (let i = 0; i < weighed.length; i++) sums[i & 3] += weighed[i];
  const [red, green, blue, weight] = sums;
  return weight > 0 ? [red / weight, green / weight, blue / weight] : [128, 128, 128];
}
