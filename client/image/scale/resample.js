/**
 * A photo's colours, shrunk to what a model takes: 8 bits in and out, and much the fastest way here.
 *
 * @typedef {import('./lanczos.js').Filter} Filter
 * @typedef {import('./lanczos.js').Kernel} Kernel
 */
import { eachRowOfBlocks } from './blocks.js';
import { kernelsFor } from './kernels.js';
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
  return filtered({ data, width, height }, kernel(width, toWidth, extentX, 0, filter), kernel(height, toHeight, extentY, 0, filter));
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
function average(source, bx, by) {
  const width = Math.ceil(source.width / bx);
  const height = Math.ceil(source.height / by);
  const data = new Uint8ClampedArray(width * height * 4);
  const last = source.width - (width - 1) * bx;
  eachRowOfBlocks(source, bx, by, (row, rows, _, mean) => data.set(mean(1 / (rows * bx), 1 / (rows * last)), row * width * 4));
  return { data, width, height };
}

/**
 * @param {{ data: Uint8ClampedArray, width: number, height: number }} source RGBA
 * @param {Kernel} across
 * @param {Kernel} down
 * @returns {Uint8ClampedArray} 3 planes of `down.size` x `across.size`
 */
function filtered({ data, width, height }, across, down) {
  const plane = across.size * height;
  const length = 3 * across.size * down.size;
  const { kernels, buffer, at } = kernelsFor({
    pixels: width * 4, wide: width * 32, first: across.size * 4, across: across.weights.length * 8, down: down.weights.length * 8, planes: 3 * plane, out: length,
  });
  const pixels = new Uint8Array(buffer, at.pixels);
  new Int32Array(buffer, at.first).set(across.first);
  new Float64Array(buffer, at.across).set(across.weights);
  new Float64Array(buffer, at.down).set(down.weights);
  for (let y = 0; y < height; y++) {
    pixels.set(data.subarray(y * width * 4, (y + 1) * width * 4));
    kernels.across(at.pixels, width, at.wide, across.size, across.taps, at.first, at.across, at.planes + y * across.size, plane);
  }
  // In order: the end of each row spills into the next.
  for (let p = 0, out = at.out; p < 3; p++) {
    for (let y = 0; y < down.size; y++, out += across.size) {
      kernels.down(at.planes + p * plane + down.first[y] * across.size, across.size, down.taps, at.down + y * down.taps * 8, out);
    }
  }
  return new Uint8ClampedArray(buffer, at.out, length).slice();
}
