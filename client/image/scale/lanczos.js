/**
 * The one kernel: Lanczos (a = 3) that widens when shrinking, as Pillow's `LANCZOS` does (Pillow, `Resample.c`), so that a model sees what
 * it was trained and published with. It is separable: whoever resamples filters rows, then columns. Another filter can be given (triangle.js).
 *
 * @typedef {{ support: number, at: (x: number) => number }} Filter the share of an input at the distance `x` from an output, 0 from `support` on
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

/** @type {Filter} */
const LANCZOS = { support: SUPPORT, at: lanczos };

/**
 * @param {number} from input length
 * @param {number} to output length
 * @param {number} [extent] how many inputs the output spans, where the last one is only partly covered
 * @param {number} [start] where in the input the output begins
 * @param {Filter} [filter]
 * @returns {Kernel}
 */
export function kernel(from, to, extent = from, start = 0, filter = LANCZOS) {
  const scale = extent / to;
  const stretch = Math.max(scale, 1);
  const support = filter.support * stretch;
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
    for (let j = begin; j < end; j++) sum += filter.at((j - centre + 0.5) / stretch);
    for (let j = begin; j < end; j++) weights[i * taps + j - base] = filter.at((j - centre + 0.5) / stretch) / sum;
  }
  return { size: to, taps, first, weights };
}
