/**
 * A matte from the model's size to the photo's, following the photo's own edges.
 *
 * Fast guided filter (He and Sun 2015): the functions of colour are found on a coarser grid, and evaluated at every pixel with
 * that pixel's own colour.
 *
 * @typedef {import('./decode.js').Pixels} Pixels
 * @typedef {import('./grid.js').Grid} Grid
 */
import { snapped } from './depth.js';
import { resampleMatte } from './enlarge.js';
import { between, gridOf, meanColours, places } from './grid.js';
import { guidedCoefficients, hardness } from './guided.js';

/** Cells of the grid at most: 12 megapixels in blocks of 4 x 4. */
const CELLS = 3 << 18;

/** Radius of the window: this part of the photo's longer side, whatever the model's size. */
const WINDOW = 1 / 80;

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
  const grid = gridOf(width, height, CELLS);
  const extents = { extentX: (grid.width * grid.step * columns) / width, extentY: (grid.height * grid.step * rows) / height };
  const matte = resampleMatte(small, columns, rows, { ...grid, ...extents });
  const window = Math.max(width, height) * WINDOW;
  const radius = Math.max(1, Math.round(window / grid.step));
  const judged = Math.max(1, Math.round(Math.max(window, JUDGED_LEAST) / grid.step));
  const coefficients = guidedCoefficients(meanColours(pixels, grid), matte, grid, radius, EPSILON);
  stretch(coefficients, hardness(matte, grid, judged));
  return evaluate(coefficients, grid, pixels);
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
  const lines = coefficients.map(() => new Float32Array(grid.width + 1));
  const down = places(height, grid.height, grid.step);
  const across = places(width, grid.width, grid.step);
  const states = new Uint8Array(grid.width);
  for (let y = 0; y < height; y++) {
    coefficients.forEach((plane, i) => between(plane, grid.width, down.cell[y], down.part[y], grid.height, lines[i]));
    flatness(lines, states);
    evaluateRow(data, y * width, across, lines, states, out);
  }
  return out;
}

/**
 * Which stretches from one cell's middle to the next are wholly background or wholly foreground, whatever the colour.
 * @param {Float32Array[]} lines of the row, the colours' in 0..1
 * @param {Uint8Array} states filled: ZERO, ONE or MIXED
 */
function flatness([red, green, blue, constant], states) {
  let least = lowest(red[0], green[0], blue[0], constant[0]);
  let most = highest(red[0], green[0], blue[0], constant[0]);
  for (let c = 0; c < states.length; c++) {
    const low = lowest(red[c + 1], green[c + 1], blue[c + 1], constant[c + 1]);
    const high = highest(red[c + 1], green[c + 1], blue[c + 1], constant[c + 1]);
    states[c] = most < LEVEL && high < LEVEL ? ZERO : least > 1 - LEVEL && low > 1 - LEVEL ? ONE : MIXED;
    least = low;
    most = high;
  }
}

/** Half a level of 8 bit, and a little less: what lies nearer to an end is snapped to it. */
const LEVEL = 0.499 / 255;

const ZERO = 0;
const ONE = 1;
const MIXED = 2;

/** @type {(r: number, g: number, b: number, k: number) => number} the least value that any colour gives */
function lowest(r, g, b, k) {
  return k + (r < 0 ? r : 0) + (g < 0 ? g : 0) + (b < 0 ? b : 0);
}

/** @type {(r: number, g: number, b: number, k: number) => number} */
function highest(r, g, b, k) {
  return k + (r > 0 ? r : 0) + (g > 0 ? g : 0) + (b > 0 ? b : 0);
}

/**
 * @param {Uint8ClampedArray} data RGBA
 * @param {number} start of the row, in pixels
 * @param {ReturnType<typeof places>} across
 * @param {Float32Array[]} lines
 * @param {Uint8Array} states
 * @param {Uint16Array} out
 */
function evaluateRow(data, start, { cell, part }, [red, green, blue, constant], states, out) {
  const width = cell.length;
  for (let x = 0; x < width; ) {
    const c = cell[x];
    let end = x + 1;
    while (end < width && cell[end] === c) end++;
    if (states[c] === MIXED) {
      const [r, g, b, k] = [red[c] / 255, green[c] / 255, blue[c] / 255, constant[c]];
      const [dr, dg, db, dk] = [red[c + 1] / 255 - r, green[c + 1] / 255 - g, blue[c + 1] / 255 - b, constant[c + 1] - k];
      for (let at = (start + x) * 4; x < end; x++, at += 4) {
        const t = part[x];
        const value = k + t * dk + (r + t * dr) * data[at] + (g + t * dg) * data[at + 1] + (b + t * db) * data[at + 2];
        out[start + x] = snapped(value < 0 ? 0 : value > 1 ? 1 : value);
      }
    } else {
      if (states[c] === ONE) out.fill(65535, start + x, start + end);
      x = end;
    }
  }
}
