/**
 * A photo's colours, shrunk to what a model takes: 8 bits in and out, and much the fastest way here.
 *
 * @typedef {import('./lanczos.js').Filter} Filter
 * @typedef {import('./lanczos.js').Kernel} Kernel
 */
import { packed, sumBlocks } from './blocks.js';
import { kernel } from './lanczos.js';

/**
 * Shrink an RGBA picture to planar RGB.
 * Rounds to 8 bit after each direction, as Pillow does. Pictures much larger than the result are first averaged in
 * whole blocks (`averaged`): the kernel's cost falls with the square of the block and the result stays within rounding.
 *
 * @param {Averaged} source RGBA
 * @param {number} toWidth
 * @param {number} toHeight
 * @param {Filter} [filter]
 * @returns {Uint8ClampedArray} 3 planes of `toHeight` x `toWidth`
 */
export function resizeToPlanes(source, toWidth, toHeight, filter) {
  const { data, width, height, extentX = width, extentY = height } = averaged(source, toWidth, toHeight);
  const rows = resizeRows(data, width, height, kernel(width, toWidth, extentX, 0, filter));
  return resizeColumns(rows, toWidth, height, kernel(height, toHeight, extentY, 0, filter));
}

/**
 * How many times the result's resolution the blocks leave at least (Pillow's `reducing_gap`). Less for a large result, where the kernel
 * costs most and what is lost is finest: with 1.9 the 12 megapixels of a phone are halved before they become 768, 0.3 levels on
 * average from what they are otherwise.
 * @param {number} to
 */
const gap = (to) => (to > 512 ? 1.9 : 3);

/**
 * A picture averaged in the largest blocks of whole pixels that `resizeToPlanes` may use for a result of this size. Whoever needs
 * several sizes of a large picture averages it once, for the largest of them.
 *
 * @param {Averaged} source
 * @param {number} toWidth
 * @param {number} toHeight
 * @returns {Averaged} the source itself where a block would be a single pixel
 *
 * @typedef {object} Averaged
 * @property {Uint8ClampedArray} data RGBA; alpha is not averaged
 * @property {number} width
 * @property {number} height
 * @property {number} [extentX] how many of its pixels the picture spans, where the last ones of its rows are only partly covered
 * @property {number} [extentY]
 */
export function averaged(source, toWidth, toHeight) {
  const { extentX = source.width, extentY = source.height } = source;
  const bx = block(extentX, toWidth);
  const by = block(extentY, toHeight);
  return bx === 1 && by === 1 ? source : { ...average(source, bx, by), extentX: extentX / bx, extentY: extentY / by };
}

/**
 * @param {number} from
 * @param {number} to
 */
function block(from, to) {
  return Math.max(1, Math.floor(from / (to * gap(to))));
}

/**
 * The mean of each block of `bx` x `by` pixels; the last ones are smaller where the sizes do not divide.
 * @param {Averaged} source
 * @param {number} bx
 * @param {number} by
 */
function average({ data, width, height }, bx, by) {
  const pixels = packed(data);
  const toWidth = Math.ceil(width / bx);
  const toHeight = Math.ceil(height / by);
  const out = new Uint8ClampedArray(toWidth * toHeight * 4);
  const means = packed(out);
  const sums = new Float64Array(toWidth * 3);
  for (let y = 0, to = 0; y < toHeight; y++) {
    const rows = Math.min(by, height - y * by);
    sumBlocks(pixels, width, y * by, rows, bx, sums);
    for (let x = 0, s = 0; x < toWidth; x++, s += 3, to++) {
      const scale = 1 / (rows * Math.min(bx, width - x * bx));
      means[to] = (sums[s] * scale + 0.5) | ((sums[s + 1] * scale + 0.5) << 8) | ((sums[s + 2] * scale + 0.5) << 16);
    }
  }
  return { data: out, width: toWidth, height: toHeight };
}

/**
 * @param {Uint8ClampedArray} rgba
 * @param {number} width
 * @param {number} height
 * @param {Kernel} across
 * @returns {Uint8ClampedArray} 3 planes of `height` x `across.size`
 */
function resizeRows(rgba, width, height, { size, taps, first, weights }) {
  const plane = size * height;
  const out = new Uint8ClampedArray(plane * 3);
  const pixels = packed(rgba);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, k = 0; x < size; x++, to++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let at = y * width + first[x];
      for (const end = k + taps; k < end; k++, at++) {
        const w = weights[k];
        const pixel = pixels[at];
        red += w * (pixel & 0xff);
        green += w * ((pixel >> 8) & 0xff);
        blue += w * ((pixel >> 16) & 0xff);
      }
      out[to] = red;
      out[to + plane] = green;
      out[to + plane * 2] = blue;
    }
  }
  return out;
}

/**
 * @param {Uint8ClampedArray} planes 3 planes of `height` x `width`
 * @param {number} width
 * @param {number} height
 * @param {Kernel} down
 * @returns {Uint8ClampedArray} 3 planes of `down.size` x `width`
 */
function resizeColumns(planes, width, height, { size, taps, first, weights }) {
  const out = new Uint8ClampedArray(3 * size * width);
  const line = new Float32Array(width);
  for (let p = 0; p < 3; p++) {
    for (let y = 0; y < size; y++) {
      line.fill(0);
      for (let k = 0; k < taps; k++) {
        const w = weights[y * taps + k];
        const from = (p * height + first[y] + k) * width;
        for (let x = 0; x < width; x++) line[x] += w * planes[from + x];
      }
      out.set(line, (p * size + y) * width);
    }
  }
  return out;
}
