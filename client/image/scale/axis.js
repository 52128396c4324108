/**
 * One direction of a resampling: which inputs make each output, and with what weights.
 *
 * The output shows a window of the input, which may begin between two inputs and reach beyond the first and the last. Beyond is
 * nothing, weighed as such, on a side where the window reaches beyond; on a side where it does not, the edge is no edge of the
 * subject, and the kernel keeps to what is there, as Pillow's does.
 *
 * @typedef {object} Axis
 * @property {number} from first input that is needed
 * @property {number} to end of the inputs that are needed
 * @property {number} block inputs that are averaged before the kernel sees them
 * @property {number} count blocks
 * @property {boolean} fades whether a last block that is not whole is averaged with the nothing beyond
 * @property {number} size outputs
 * @property {number} taps blocks that make an output, at most
 * @property {Int32Array} begin for each output its first block
 * @property {Int32Array} end
 * @property {Int32Array} offset into `weights`, of where the weight of block 0 would be
 * @property {Float32Array} weights
 * @property {Int32Array} nearest for each output the input under its middle
 */
import { kernel } from './lanczos.js';

/** Blocks leave at least this many times the output's resolution (Pillow's `reducing_gap`): the result stays within rounding. */
const GAP = 3;

/** Reach of the kernel in outputs, or in inputs where it enlarges. */
const REACH = 3;

/**
 * @param {number} length of the input
 * @param {number} start of the window
 * @param {number} extent of the window
 * @param {number} size of the output
 * @returns {Axis}
 */
export function axis(length, start, extent, size) {
  const block = Math.max(1, Math.floor(extent / (size * GAP)));
  const reach = Math.ceil(REACH * Math.max(block, extent / size)) + block;
  const from = clamp(Math.floor(start) - reach, 0, length - 1);
  const to = clamp(Math.ceil(start + extent) + reach, from + 1, length);
  const count = Math.ceil((to - from) / block);
  const isShortBefore = start < 0;
  const isShortAfter = start + extent > length;
  // Blocks of nothing, so that the kernel's weights are those of a larger input.
  const before = isShortBefore ? Math.ceil((from - start + reach) / block) : 0;
  const after = isShortAfter ? Math.max(0, Math.ceil((start + extent + reach - from) / block) - count) : 0;
  const { taps, first, weights } = kernel(before + count + after, size, extent / block, (start - from) / block + before);

  const begin = new Int32Array(size);
  const end = new Int32Array(size);
  const offset = new Int32Array(size);
  const nearest = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    offset[i] = i * taps - first[i] + before;
    let low = Math.max(0, first[i] - before);
    let high = Math.min(count, first[i] - before + taps);
    // The end first: an output that sees nothing needs no block, rather than those from its end on.
    while (low < high && weights[offset[i] + high - 1] === 0) high--;
    while (low < high && weights[offset[i] + low] === 0) low++;
    begin[i] = low;
    end[i] = high;
    nearest[i] = clamp(Math.floor(start + ((i + 0.5) * extent) / size), 0, length - 1);
  }
  return { from, to, block, count, fades: isShortAfter, size, taps, begin, end, offset, weights, nearest };
}

/** @param {number} value @param {number} least @param {number} most */
const clamp = (value, least, most) => Math.min(Math.max(value, least), most);
