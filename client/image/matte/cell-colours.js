/**
 * The colours of foreground and background around each cell of a grid.
 *
 * Blur-fusion (Forte, "Approximate Fast Foreground Colour Estimation", ICIP 2021): the foreground's colour nearby is the mean of the
 * colours weighed by alpha, the background's the mean weighed by 1 - alpha; what the two do not explain of a cell belongs to the
 * foreground by as much as it is foreground. One round over a wide window, one over a narrow one. Other than in the paper, the
 * first round's weights are squared, so that mixed colours, which are of neither, count for less.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {import('./grid.js').Grid} Grid
 * @typedef {object} Means of each cell
 * @property {Float32Array} alpha 0..1
 * @property {Float32Array} squared alpha squared
 * @property {Float32Array[]} all each channel, 0..255
 * @property {Float32Array[]} half each channel times alpha
 * @property {Float32Array[]} front each channel times alpha squared
 */
import { boxMean } from './box.js';

/** Radii of the two windows, in cells: about 100 and 10 pixels of a photo of a megapixel or two; 90 and 6 in the paper. */
const WIDE = 20;
const NARROW = 2;

/** Weight of what is known already, where a window holds (almost) none of what is looked for: far from any, colours stay defined. */
const FLOOR = 1e-4;

/**
 * Weight of the whole foreground's mean colour in the first round, as a part of the window: where a window's rim touches but the
 * faint end of a soft edge, the colours there are mostly the background's.
 */
const KNOWN = 0.01;

/** Samples along a cell's side at least: a mean that is blurred needs no more. */
const SAMPLES = 3;

/**
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 * @param {Grid} grid
 * @returns {Means}
 */
export function meansOf(pixels, matte, grid) {
  const plane = () => new Float32Array(grid.width * grid.height);
  const three = () => [plane(), plane(), plane()];
  const means = { alpha: plane(), squared: plane(), all: three(), half: three(), front: three() };
  updateMeans(means, pixels, matte, grid, { x: 0, y: 0, width: pixels.width, height: pixels.height });
  return means;
}

/**
 * @param {Means} means of a matte that was another inside of a box; changed in place
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 * @param {Grid} grid
 * @param {{ x: number, y: number, width: number, height: number }} box in pixels
 */
export function updateMeans({ alpha, squared, all: [ar, ag, ab], half: [hr, hg, hb], front: [fr, fg, fb] }, { data, width, height }, matte, grid, box) {
  const { step, width: columns } = grid;
  const planes = [alpha, squared, ar, ag, ab, hr, hg, hb, fr, fg, fb];
  const [left, top] = [Math.floor(box.x / step), Math.floor(box.y / step)];
  const [after, below] = [Math.min(columns, Math.ceil((box.x + box.width) / step)), Math.min(grid.height, Math.ceil((box.y + box.height) / step))];
  for (const plane of planes) for (let row = top; row < below; row++) plane.fill(0, row * columns + left, row * columns + after);
  const counts = new Uint16Array(columns * (below - top));
  const stride = Math.max(1, Math.floor(step / SAMPLES));
  const bottom = Math.min(height, below * step);
  for (let y = top * step; y < bottom; y = nextSample(y, step, stride)) {
    const row = Math.floor(y / step);
    for (let x = left * step, cell = row * columns + left, end = row * columns + after; cell < end; cell++) {
      let count = 0;
      let a1 = 0;
      let a2 = 0;
      let r0 = 0;
      let g0 = 0;
      let b0 = 0;
      let r1 = 0;
      let g1 = 0;
      let b1 = 0;
      let r2 = 0;
      let g2 = 0;
      let b2 = 0;
      const next = x + step;
      const right = Math.min(next, width);
      for (let at = y * width + x; x < right; x += stride, at += stride) {
        const red = data[at * 4];
        const green = data[at * 4 + 1];
        const blue = data[at * 4 + 2];
        const a = matte[at] / 65535;
        const aa = a * a;
        count++;
        a1 += a;
        a2 += aa;
        r0 += red;
        g0 += green;
        b0 += blue;
        r1 += a * red;
        g1 += a * green;
        b1 += a * blue;
        r2 += aa * red;
        g2 += aa * green;
        b2 += aa * blue;
      }
      x = next;
      counts[cell - top * columns] += count;
      alpha[cell] += a1;
      squared[cell] += a2;
      ar[cell] += r0;
      ag[cell] += g0;
      ab[cell] += b0;
      hr[cell] += r1;
      hg[cell] += g1;
      hb[cell] += b1;
      fr[cell] += r2;
      fg[cell] += g2;
      fb[cell] += b2;
    }
  }
  for (const plane of planes) {
    for (let row = top; row < below; row++) {
      for (let cell = row * columns + left, end = row * columns + after; cell < end; cell++) plane[cell] /= counts[cell - top * columns];
    }
  }
}

/**
 * The next row that is looked at: every `stride`th of a cell's, from its first on.
 * @param {number} y
 * @param {number} step
 * @param {number} stride
 */
function nextSample(y, step, stride) {
  const end = y - (y % step) + step;
  return Math.min(y + stride, end);
}

/**
 * @param {Means} means left as they are
 * @param {Grid} grid
 * @returns {{ front: Float32Array[], back: Float32Array[] } | null} blurred colours of both, 0..255, defined everywhere: far from any
 *   foreground, its mean colour; null where there is no foreground at all
 */
export function estimateColours({ alpha, squared, all, half, front }, { width, height }) {
  const weight = sum(squared);
  if (weight === 0) return null;
  const wide = boxMean(width, height, Math.min(WIDE, Math.max(width, height)));
  const narrow = boxMean(width, height, NARROW);
  const far = wide(squared.slice());
  const behind = wide(squared.map((value, i) => 1 - 2 * alpha[i] + value));
  const near = narrow(alpha.slice());
  /** @type {{ front: Float32Array[], back: Float32Array[] }} */
  const colours = { front: [], back: [] };
  for (let c = 0; c < 3; c++) {
    const mean = sum(front[c]) / weight;
    const f = front[c].slice();
    const b = all[c].map((value, i) => value - 2 * half[c][i] + f[i]);
    wide(f);
    wide(b);
    for (let i = 0; i < alpha.length; i++) {
      f[i] = (f[i] + KNOWN * mean) / (far[i] + KNOWN);
      b[i] = (b[i] + FLOOR * f[i]) / (behind[i] + FLOOR);
    }
    colours.front.push(f);
    colours.back.push(b);
    secondRound(alpha, all[c], f, b, near, narrow);
  }
  return colours;
}

/**
 * @param {Float32Array} alpha
 * @param {Float32Array} all
 * @param {Float32Array} f the foreground's colour after the first round; replaced by that after the second
 * @param {Float32Array} b the same of the background
 * @param {Float32Array} near alpha over the narrow window
 * @param {(plane: Float32Array) => Float32Array} narrow
 */
function secondRound(alpha, all, f, b, near, narrow) {
  const front = new Float32Array(alpha.length);
  const back = new Float32Array(alpha.length);
  for (let i = 0; i < alpha.length; i++) {
    const a = alpha[i];
    const estimate = f[i] + a * (all[i] - a * f[i] - (1 - a) * b[i]);
    front[i] = a * (estimate < 0 ? 0 : estimate > 255 ? 255 : estimate);
    back[i] = (1 - a) * b[i];
  }
  narrow(front);
  narrow(back);
  for (let i = 0; i < alpha.length; i++) {
    f[i] = (front[i] + FLOOR * f[i]) / (near[i] + FLOOR);
    b[i] = (back[i] + FLOOR * b[i]) / (1 - near[i] + FLOOR);
  }
}

/** @param {Float32Array} plane */
export function sum(plane) {
  let total = 0;
  for (let i = 0; i < plane.length; i++) total += plane[i];
  return total;
}
