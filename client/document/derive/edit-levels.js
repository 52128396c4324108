/**
 * Levels of what is seen: each pixel is the mean of a square block of those of level 0.
 *
 * @typedef {import('../edits.js').Box} Box
 * @typedef {import('../../image/read/decode.js').Pixels} Pixels
 */
import { packed } from '../../image/scale/blocks.js';

const OPAQUE = 0xff000000;

/** Pixels of a block whose sums of two colours still fit into one number, 16 bits each. */
const MOST_TOGETHER = 256;

/**
 * @param {Uint16Array} matte
 * @param {number} columns of it
 * @param {Box} box
 * @param {number} side of the blocks; the last ones may be cut off
 * @param {Pixels} out
 * @param {number} at its pixel where the box begins; filled with opaque grey
 */
export function shrinkMatte(matte, columns, { x, y, width, height }, side, out, at) {
  const to = packed(out.data);
  for (let top = 0; top < height; top += side, at += out.width) {
    const bottom = Math.min(height, top + side);
    for (let left = 0, i = at; left < width; left += side, i++) {
      const right = Math.min(width, left + side);
      let sum = 0;
      for (let row = top; row < bottom; row++) {
        const start = (y + row) * columns + x;
        for (let from = start + left; from < start + right; from++) sum += matte[from];
      }
      const mean = sum / ((right - left) * (bottom - top));
      to[i] = (((mean + 128) / 257) | 0) * 0x010101 | OPAQUE;
    }
  }
}

/**
 * @param {Pixels} part straight alpha
 * @param {number} side of the blocks; the last ones may be cut off
 * @param {Pixels} out
 * @param {number} at its pixel where the part begins
 */
export function shrinkPixels({ data, width, height }, side, out, at) {
  const from = packed(data);
  const to = packed(out.data);
  for (let top = 0; top < height; top += side, at += out.width) {
    if (side === 1) {
      to.set(from.subarray(top * width, (top + 1) * width), at);
      continue;
    }
    const bottom = Math.min(height, top + side);
    for (let left = 0, i = at; left < width; left += side, i++) to[i] = meanOf(from, width, left, top, Math.min(width, left + side), bottom);
  }
}

/**
 * @param {Int32Array} pixels
 * @param {number} width
 * @param {number} left
 * @param {number} top
 * @param {number} right
 * @param {number} bottom
 * @returns {number} packed; colours weighed by alpha
 */
function meanOf(pixels, width, left, top, right, bottom) {
  const count = (right - left) * (bottom - top);
  let redBlue = 0;
  let green = 0;
  let all = OPAQUE;
  let any = 0;
  for (let y = top; y < bottom; y++) {
    for (let i = y * width + left, end = y * width + right; i < end; i++) {
      const pixel = pixels[i];
      redBlue += pixel & 0xff00ff;
      green += (pixel >> 8) & 0xff;
      all &= pixel;
      any |= pixel;
    }
  }
  if (any >>> 24 === 0) return 0;
  if (all !== OPAQUE || count > MOST_TOGETHER) return weighedMeanOf(pixels, width, left, top, right, bottom);
  const scale = 1 / count;
  return ((redBlue & 0xffff) * scale + 0.5) | ((green * scale + 0.5) << 8) | (((redBlue >>> 16) * scale + 0.5) << 16) | OPAQUE;
}

/** @type {typeof meanOf} */
function weighedMeanOf(pixels, width, left, top, right, bottom) {
  let red = 0;
  let green = 0;
  let blue = 0;
  let weight = 0;
  for (let y = top; y < bottom; y++) {
    for (let i = y * width + left, end = y * width + right; i < end; i++) {
      const pixel = pixels[i];
      const alpha = pixel >>> 24;
      red += (pixel & 0xff) * alpha;
      green += ((pixel >> 8) & 0xff) * alpha;
      blue += ((pixel >> 16) & 0xff) * alpha;
      weight += alpha;
    }
  }
  const scale = 1 / weight;
  const alpha = weight / ((right - left) * (bottom - top)) + 0.5;
  return (red * scale + 0.5) | ((green * scale + 0.5) << 8) | ((blue * scale + 0.5) << 16) | (alpha << 24);
}
