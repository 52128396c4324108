/**
 * The picture that another one begins with, as the encoder of a VAE wants it. Pure.
 *
 * @typedef {import('../../image/read/decode.js').Pixels} Pixels
 */
import { resizeToPlanes } from '../../image/scale/resample.js';

/**
 * @param {Pixels} pixels cut to the proportions wanted, around the middle, as backgrounds cover photos; what is transparent shows white
 * @param {number} width
 * @param {number} height
 * @returns {Float32Array} red, green and blue one after the other, -1..1
 */
export function planesOf(pixels, width, height) {
  return Float32Array.from(resizeToPlanes(onWhite(middleOf(pixels, width / height)), width, height), (level) => (level / 255) * 2 - 1);
}

/** @param {Pixels} pixels @param {number} aspect width / height @returns {Pixels} a copy of their middle */
function middleOf({ data, width, height }, aspect) {
  const across = Math.max(1, Math.min(width, Math.round(height * aspect)));
  const down = Math.max(1, Math.min(height, Math.round(width / aspect)));
  const [left, top] = [(width - across) >> 1, (height - down) >> 1];
  const out = new Uint8ClampedArray(across * down * 4);
  for (let y = 0; y < down; y++) {
    const from = ((top + y) * width + left) * 4;
    out.set(data.subarray(from, from + across * 4), y * across * 4);
  }
  return { data: out, width: across, height: down };
}

/** @param {Pixels} pixels changed @returns {Pixels} */
function onWhite(pixels) {
  const { data } = pixels;
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] / 255;
    if (alpha < 1) for (let c = 0; c < 3; c++) data[i + c] = data[i + c] * alpha + 255 * (1 - alpha);
  }
  return pixels;
}
