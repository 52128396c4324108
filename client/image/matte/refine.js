/**
 * A matte from the model's size to the photo's, following the photo's own edges.
 *
 * Fast guided filter (He and Sun 2015): the functions of colour are found on a coarser grid, and evaluated at every pixel with
 * that pixel's own colour.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {import('./grid.js').Grid} Grid
 */
import { snapped } from './levels.js';
import { gridOf, lerp, meanColours, places } from './grid.js';
import { guidedCoefficients, hardness } from './guided.js';
import { resizePlane } from '../scale/plane.js';

/** Radius of the window: this part of the photo's longer side, whatever the model's size. */
const WINDOW = 1 / 80;

/** Cells of the grid along a window's radius at least, so long as a cell is no less than a pixel: never 960 of them along a side. */
const FINENESS = 6;

/** Variance of colour (0..1) below which a window counts as flat. */
const EPSILON = 1e-5;

/** Radius of the window in which an edge's hardness is judged, the same or at least so many pixels of the photo. */
const JUDGED_LEAST = 10;

/** Contrast that the hardest edges gain, and the hardness where that begins and where it is whole. */
const GAIN = 0.65;
const SOFT = 0.65;
const HARD = 0.9;

/**
 * @param {Float32Array} small the model's matte, `rows` x `columns`, 0..1
 * @param {number} columns
 * @param {number} rows
 * @param {Pixels} pixels the photo; its alpha plays no part
 * @returns {Uint16Array<ArrayBuffer>} one value per pixel, 0..65535, the ends snapped
 */
export function refineMatte(small, columns, rows, pixels) {
  const { width, height } = pixels;
  const window = Math.max(width, height) * WINDOW;
  const grid = gridOf(width, height, Math.max(1, Math.floor(window / FINENESS)));
  const extents = { extentX: (grid.width * grid.step * columns) / width, extentY: (grid.height * grid.step * rows) / height };
  const matte = resizePlane(small, columns, rows, { ...grid, ...extents });
  const radius = Math.max(1, Math.round(window / grid.step));
  const judged = Math.max(1, Math.round(Math.max(window, JUDGED_LEAST) / grid.step));
  const coefficients = refined(meanColours(pixels, grid), matte, grid, radius, judged);
  return evaluate(coefficients, grid, pixels);
}

/**
 * The functions of colour, found where the matte is not flat and as far around as it matters; elsewhere they are the matte itself.
 * @param {[Float32Array, Float32Array, Float32Array]} guide
 * @param {Float32Array} matte
 * @param {Grid} grid
 * @param {number} radius
 * @param {number} judged
 * @returns {Float32Array[]}
 */
function refined(guide, matte, grid, radius, judged) {
  const box = unsettled(matte, grid, 2 * radius + Math.max(2 * radius, judged));
  const [red, green, blue, alpha] = [...guide, matte].map((plane) => cut(plane, grid.width, box));
  const found = guidedCoefficients([red, green, blue], alpha, box, radius, EPSILON);
  stretch(found, hardness(alpha, box, judged));
  return found.map((plane, i) => {
    const whole = i < 3 ? new Float32Array(matte.length) : matte;
    for (let y = 0; y < box.height; y++) {
      whole.set(plane.subarray(y * box.width, (y + 1) * box.width), (box.top + y) * grid.width + box.left);
    }
    return whole;
  });
}

/** Further from 0 and 1 than this, the matte is not flat. */
const FLAT = 1 / 1020;

/**
 * What holds all of the matte that is not flat, and a margin.
 * @param {Float32Array} matte
 * @param {Grid} grid
 * @param {number} margin
 * @returns {Box} of one cell where all of it is flat
 *
 * @typedef {{ left: number, top: number, width: number, height: number }} Box
 */
function unsettled(matte, { width, height }, margin) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const value = matte[i];
      const isFlat = (value < FLAT || value > 1 - FLAT) && (x === 0 || value > 0.5 === matte[i - 1] > 0.5) && (y === 0 || value > 0.5 === matte[i - width] > 0.5);
      if (isFlat) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < 0) return { left: 0, top: 0, width: 1, height: 1 };
  left = Math.max(0, left - margin);
  top = Math.max(0, top - margin);
  return { left, top, width: Math.min(width, right + margin + 1) - left, height: Math.min(height, bottom + margin + 1) - top };
}

/**
 * @param {Float32Array} plane
 * @param {number} width
 * @param {Box} box
 * @returns {Float32Array}
 */
function cut(plane, width, box) {
  const out = new Float32Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    const from = (box.top + y) * width + box.left;
    out.set(plane.subarray(from, from + box.width), y * box.width);
  }
  return out;
}

/**
 * More contrast where edges are hard. A filter that averages makes every edge a little softer; fur and hair are, a mug is not.
 * @param {Float32Array[]} coefficients changed in place: stretching a linear function gives one
 * @param {Float32Array} hard
 */
function stretch([red, green, blue, constant], hard) {
  for (let i = 0; i < hard.length; i++) {
    const t = Math.min(Math.max((hard[i] - SOFT) / (HARD - SOFT), 0), 1);
    const gain = 1 + GAIN * t * t * (3 - 2 * t);
    red[i] *= gain;
    green[i] *= gain;
    blue[i] *= gain;
    constant[i] = gain * constant[i] - (gain - 1) / 2;
  }
}

/**
 * Each pixel's own value of the functions around it, which change linearly from the middle of a cell to the next.
 * @param {Float32Array[]} coefficients
 * @param {Grid} grid
 * @param {Pixels} pixels
 * @returns {Uint16Array<ArrayBuffer>}
 */
function evaluate(coefficients, grid, { data, width, height }) {
  const out = new Uint16Array(width * height);
  const down = places(height, grid.height, grid.step);
  const across = places(width, grid.width, grid.step);
  const states = new Uint8Array(grid.width);
  for (let row = 0; row < grid.height; row++) {
    const upper = row * grid.width;
    const lower = Math.min(row + 1, grid.height - 1) * grid.width;
    flatness(coefficients, upper, lower, states);
    for (let y = down.first[row]; y < down.first[row + 1]; y++) {
      evaluateRow(data, y * width, across, coefficients, { upper, lower, share: down.share[y] }, states, out);
    }
  }
  return out;
}

/** Half a level of 8 bit, and a little less: what lies nearer to an end is snapped to it. */
const LEVEL = 0.499 / 255;

const ZERO = 0;
const ONE = 1;
const MIXED = 2;

/**
 * Which places between the middles of four cells are wholly background or wholly foreground, whatever the colour.
 * @param {Float32Array[]} coefficients the colours' in 0..1
 * @param {number} upper first cell of the row above
 * @param {number} lower and of the one below
 * @param {Uint8Array} states filled for each cell and the next one: ZERO, ONE or MIXED
 */
function flatness([red, green, blue, constant], upper, lower, states) {
  const last = states.length - 1;
  let [before, after] = [MIXED, MIXED];
  for (let c = 0; c <= last; c++) {
    let [least, most] = [1, 0];
    for (let i = upper + c, k = 0; k < 2; k++, i = lower + c) {
      const [r, g, b] = [red[i], green[i], blue[i]];
      least = Math.min(least, constant[i] + Math.min(r, 0) + Math.min(g, 0) + Math.min(b, 0));
      most = Math.max(most, constant[i] + Math.max(r, 0) + Math.max(g, 0) + Math.max(b, 0));
    }
    after = most < LEVEL ? ZERO : least > 1 - LEVEL ? ONE : MIXED;
    if (c > 0) states[c - 1] = before === after ? after : MIXED;
    before = after;
  }
  states[last] = after;
}

/**
 * @param {Uint8ClampedArray} data RGBA
 * @param {number} start of the row, in pixels
 * @param {import('./grid.js').Places} across
 * @param {Float32Array[]} coefficients
 * @param {{ upper: number, lower: number, share: number }} between the rows of cells, given by their first ones: `share` of the way
 * @param {Uint8Array} states
 * @param {Uint16Array} out
 */
function evaluateRow(data, start, { first, share }, [red, green, blue, constant], { upper, lower, share: s }, states, out) {
  const last = states.length - 1;
  for (let c = 0; c <= last; c++) {
    const end = first[c + 1];
    if (states[c] === ONE) out.fill(65535, start + first[c], start + end);
    if (states[c] !== MIXED) continue;
    const u = upper + c;
    const l = lower + c;
    const on = c < last ? 1 : 0;
    const r = lerp(red[u], red[l], s) / 255;
    const g = lerp(green[u], green[l], s) / 255;
    const b = lerp(blue[u], blue[l], s) / 255;
    const k = lerp(constant[u], constant[l], s);
    const dr = lerp(red[u + on], red[l + on], s) / 255 - r;
    const dg = lerp(green[u + on], green[l + on], s) / 255 - g;
    const db = lerp(blue[u + on], blue[l + on], s) / 255 - b;
    const dk = lerp(constant[u + on], constant[l + on], s) - k;
    for (let x = first[c], at = (start + x) * 4; x < end; x++, at += 4) {
      const t = share[x];
      const value = k + t * dk + (r + t * dr) * data[at] + (g + t * dg) * data[at + 1] + (b + t * db) * data[at + 2];
      out[start + x] = snapped(value < 0 ? 0 : value > 1 ? 1 : value);
    }
  }
}
