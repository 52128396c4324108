/**
 * Separable resampling with a Lanczos kernel (a = 3) that widens when shrinking, as Pillow's `LANCZOS` does
 * (Pillow, `Resample.c`), so that a model sees what it was trained and published with.
 *
 * @typedef {{ size: number, taps: number, first: Int32Array, weights: Float32Array }} Kernel for each of `size` outputs
 *   the index of its first input, and `taps` weights that sum to 1
 */

const SUPPORT = 3;

/** @param {number} x */
function lanczos(x) {
  if (x === 0) return 1;
  if (Math.abs(x) >= SUPPORT) return 0;
  const t = Math.PI * x;
  return (SUPPORT * Math.sin(t) * Math.sin(t / SUPPORT)) / (t * t);
}

/**
 * @param {number} from input length
 * @param {number} to output length
 * @param {number} [extent] how many inputs the output spans, where the last one is only partly covered
 * @param {number} [start] where in the input the output begins
 * @returns {Kernel}
 */
export function kernel(from, to, extent = from, start = 0) {
  const scale = extent / to;
  const stretch = Math.max(scale, 1);
  const support = SUPPORT * stretch;
  const taps = Math.min(from, Math.ceil(support) * 2 + 1);
  const first = new Int32Array(to);
  const weights = new Float32Array(to * taps);
  for (let i = 0; i < to; i++) {
    const centre = start + (i + 0.5) * scale;
    const begin = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    // Near the far edge fewer inputs are left than there are taps: shift so that all taps read inside.
    const base = Math.min(begin, from - taps);
    first[i] = base;
    let sum = 0;
    for (let j = begin; j < end; j++) sum += lanczos((j - centre + 0.5) / stretch);
    for (let j = begin; j < end; j++) weights[i * taps + j - base] = lanczos((j - centre + 0.5) / stretch) / sum;
  }
  return { size: to, taps, first, weights };
}

/**
 * Shrink an RGBA picture to planar RGB.
 * Rounds to 8 bit after each direction, as Pillow does. Pictures much larger than the result are first averaged in
 * whole blocks that leave at least `GAP` times the resolution (Pillow's `reducing_gap`): the kernel's cost falls with
 * the square of the block and the result stays within rounding.
 *
 * @param {Uint8ClampedArray} rgba
 * @param {number} width
 * @param {number} height
 * @param {number} toWidth
 * @param {number} toHeight
 * @returns {Uint8ClampedArray} 3 planes of `toHeight` x `toWidth`
 */
export function resizeToPlanes(rgba, width, height, toWidth, toHeight) {
  const bx = block(width, toWidth);
  const by = block(height, toHeight);
  const reduced = reduce(rgba, width, height, bx, by);
  const across = kernel(reduced.width, toWidth, width / bx);
  const down = kernel(reduced.height, toHeight, height / by);
  const rows = resizeRows(reduced.data, reduced.width, reduced.height, across);
  return resizeColumns(rows, toWidth, reduced.height, down);
}

const GAP = 3;

/**
 * @param {number} from
 * @param {number} to
 */
function block(from, to) {
  return Math.max(1, Math.floor(from / (to * GAP)));
}

/**
 * Average blocks of `bx` x `by` pixels; the last ones are smaller where the sizes do not divide.
 * @param {Uint8ClampedArray} rgba
 * @param {number} width
 * @param {number} height
 * @param {number} bx
 * @param {number} by
 */
function reduce(rgba, width, height, bx, by) {
  if (bx === 1 && by === 1) return { data: rgba, width, height };
  const toWidth = Math.ceil(width / bx);
  const toHeight = Math.ceil(height / by);
  const data = new Uint8ClampedArray(toWidth * toHeight * 4);
  const sums = new Uint32Array(toWidth * 3);
  for (let y = 0; y < toHeight; y++) {
    const rows = Math.min(by, height - y * by);
    sums.fill(0);
    for (let r = 0; r < rows; r++) {
      let at = (y * by + r) * width * 4;
      for (let x = 0, s = 0; x < toWidth; x++, s += 3) {
        const columns = Math.min(bx, width - x * bx);
        let red = 0;
        let green = 0;
        let blue = 0;
        for (let c = 0; c < columns; c++, at += 4) {
          red += rgba[at];
          green += rgba[at + 1];
          blue += rgba[at + 2];
        }
        sums[s] += red;
        sums[s + 1] += green;
        sums[s + 2] += blue;
      }
    }
    for (let x = 0, to = y * toWidth * 4; x < toWidth; x++, to += 4) {
      const n = rows * Math.min(bx, width - x * bx);
      data[to] = sums[x * 3] / n;
      data[to + 1] = sums[x * 3 + 1] / n;
      data[to + 2] = sums[x * 3 + 2] / n;
    }
  }
  return { data, width: toWidth, height: toHeight };
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
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < size; x++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let at = (y * width + first[x]) * 4;
      for (let k = x * taps, end = k + taps; k < end; k++, at += 4) {
        const w = weights[k];
        red += w * rgba[at];
        green += w * rgba[at + 1];
        blue += w * rgba[at + 2];
      }
      const to = y * size + x;
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
