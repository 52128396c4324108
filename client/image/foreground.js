/**
 * The colour of the foreground alone, where it and the background share a pixel.
 *
 * Blur-fusion (Forte 2021, "Approximate Fast Foreground Colour Estimation"): the foreground's colour nearby is the mean of the
 * colours weighed by alpha, the background's the mean weighed by 1 - alpha; what the two do not explain of a pixel belongs to the
 * foreground by as much as it is foreground. Both rounds' means are taken on a coarser grid, which is what makes it fast: they
 * are blurred anyway. The last step is each pixel's own.
 *
 * @typedef {import('./decode.js').Pixels} Pixels
 * @typedef {import('./grid.js').Grid} Grid
 */
import { boxMean } from './box.js';
import { gridOf } from './grid.js';

const CELLS = 1 << 19;

/** Of the wide first round and the narrow second one, in pixels of a photo with `CELLS` cells. */
const WIDE = 45;
const NARROW = 3;

/** Keeps far from any foreground the colour defined: it tends to the foreground's mean colour. */
const FLOOR = 1e-4;

/**
 * Replace the colours of pixels that are not wholly foreground by those of the foreground, in place. Alpha is left alone. Where the
 * matte is 0 the foreground's colour goes on, so that nothing of the background shows after resizing, or where alpha is dropped.
 * @param {Pixels} pixels
 * @param {Uint16Array} matte one value per pixel
 */
export function estimateForeground(pixels, matte) {
  const { data, width, height } = pixels;
  const grid = gridOf(width, height, CELLS);
  const sums = accumulate(pixels, matte, grid);
  const mean = meanOf(sums);
  if (!mean) return;
  const { front, back } = fuse(sums, mean, grid);
  const planes = [...front, ...back];
  const lines = planes.map(() => new Float32Array(grid.width + 1));
  for (let y = 0, at = 0; y < height; y++) {
    const placeY = Math.min(Math.max((y + 0.5) / grid.step - 0.5, 0), grid.height - 1);
    const row = Math.floor(placeY);
    const part = placeY - row;
    const upper = row * grid.width;
    const lower = Math.min(row + 1, grid.height - 1) * grid.width;
    planes.forEach((plane, i) => {
      const line = lines[i];
      for (let x = 0; x < grid.width; x++) line[x] = plane[upper + x] + part * (plane[lower + x] - plane[upper + x]);
      line[grid.width] = line[grid.width - 1];
    });
    for (let x = 0; x < width; x++, at++) {
      if (matte[at] === 65535) continue;
      const alpha = matte[at] / 65535;
      const placeX = Math.min(Math.max((x + 0.5) / grid.step - 0.5, 0), grid.width - 1);
      const c = Math.floor(placeX);
      const t = placeX - c;
      for (let channel = 0; channel < 3; channel++) {
        const f = lines[channel][c] + t * (lines[channel][c + 1] - lines[channel][c]);
        const b = lines[channel + 3][c] + t * (lines[channel + 3][c + 1] - lines[channel + 3][c]);
        const i = at * 4 + channel;
        data[i] = f + alpha * (data[i] - alpha * f - (1 - alpha) * b);
      }
    }
  }
}

/**
 * Per cell: the mean of alpha, and of the colours times alpha and times 1 - alpha (0..255).
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 * @param {Grid} grid
 */
function accumulate({ data, width, height }, matte, { step, width: columns, height: rows }) {
  const size = columns * rows;
  const [alphas, counts] = [new Float32Array(size), new Float32Array(size)];
  const [front, all] = [[0, 1, 2], [0, 1, 2]].map((channels) => channels.map(() => new Float32Array(size)));
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor(y / step) * columns;
    for (let x = 0; x < width; x++, at++) {
      const cell = row + Math.floor(x / step);
      const alpha = matte[at] / 65535;
      counts[cell]++;
      alphas[cell] += alpha;
      for (let c = 0; c < 3; c++) {
        front[c][cell] += alpha * data[at * 4 + c];
        all[c][cell] += data[at * 4 + c];
      }
    }
  }
  for (let i = 0; i < size; i++) {
    const scale = 1 / counts[i];
    alphas[i] *= scale;
    for (let c = 0; c < 3; c++) {
      front[c][i] *= scale;
      all[c][i] *= scale;
    }
  }
  return { alphas, front, all };
}

/**
 * @param {ReturnType<typeof accumulate>} sums
 * @returns {number[] | null} the foreground's mean colour; null where there is none
 */
function meanOf({ alphas, front }) {
  let weight = 0;
  const colour = [0, 0, 0];
  for (let i = 0; i < alphas.length; i++) {
    weight += alphas[i];
    for (let c = 0; c < 3; c++) colour[c] += front[c][i];
  }
  return weight > 0 ? colour.map((sum) => sum / weight) : null;
}

/**
 * @param {ReturnType<typeof accumulate>} sums
 * @param {number[]} mean
 * @param {Grid} grid
 * @returns {{ front: Float32Array[], back: Float32Array[] }} blurred colours after the second round
 */
function fuse({ alphas, front, all }, mean, grid) {
  const size = alphas.length;
  const wide = boxMean(grid.width, grid.height, Math.min(WIDE, Math.max(grid.width, grid.height)));
  const narrow = boxMean(grid.width, grid.height, NARROW);
  const far = wide(alphas.slice());
  const near = narrow(alphas.slice());
  const result = { front: /** @type {Float32Array[]} */ ([]), back: /** @type {Float32Array[]} */ ([]) };
  for (let c = 0; c < 3; c++) {
    const f = wide(front[c].slice());
    const b = wide(all[c].map((value, i) => value - front[c][i]));
    for (let i = 0; i < size; i++) {
      f[i] = (f[i] + FLOOR * mean[c]) / (far[i] + FLOOR);
      b[i] = (b[i] + FLOOR * f[i]) / (1 - far[i] + FLOOR);
    }
    // First round's result, weighed and blurred again.
    const f2 = new Float32Array(size);
    const b2 = new Float32Array(size);
    for (let i = 0; i < size; i++) {
      const a = alphas[i];
      const estimate = f[i] + a * (all[c][i] - a * f[i] - (1 - a) * b[i]);
      f2[i] = a * Math.min(Math.max(estimate, 0), 255);
      b2[i] = (1 - a) * b[i];
    }
    narrow(f2);
    narrow(b2);
    for (let i = 0; i < size; i++) {
      f2[i] = (f2[i] + FLOOR * f[i]) / (near[i] + FLOOR);
      b2[i] = (b2[i] + FLOOR * b[i]) / (1 - near[i] + FLOOR);
    }
    result.front.push(f2);
    result.back.push(b2);
  }
  return result;
}
