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
import { gridOf, meanColours } from './grid.js';
import { guidedCoefficients } from './guided.js';

/** Cells of the grid at most. */
const CELLS = 1 << 20;

/** Radius of the window, in pixels of the model's matte. */
const RADIUS = 2;

/** Variance of colour (0..1) below which a window counts as flat. */
const EPSILON = 1e-4;

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
  const radius = Math.max(1, Math.round(RADIUS * Math.max(grid.width / columns, grid.height / rows)));
  const coefficients = guidedCoefficients(meanColours(pixels, grid), matte, grid, radius, EPSILON);
  return evaluate(coefficients, grid, pixels);
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
  const [red, green, blue, constant] = lines;
  const { cell, part } = places(width, grid.width, grid.step);
  const down = places(height, grid.height, grid.step);
  for (let y = 0, at = 0; y < height; y++) {
    coefficients.forEach((plane, i) => between(plane, grid.width, down.cell[y], down.part[y], grid.height, lines[i]));
    for (let x = 0; x < width; x++, at++) {
      const c = cell[x];
      const t = part[x];
      const r = red[c] + t * (red[c + 1] - red[c]);
      const g = green[c] + t * (green[c + 1] - green[c]);
      const b = blue[c] + t * (blue[c + 1] - blue[c]);
      const k = constant[c] + t * (constant[c + 1] - constant[c]);
      const value = (r * data[at * 4] + g * data[at * 4 + 1] + b * data[at * 4 + 2]) / 255 + k;
      out[at] = snapped(value < 0 ? 0 : value > 1 ? 1 : value);
    }
  }
  return out;
}

/**
 * Where pixels lie between the middles of cells.
 * @param {number} length pixels
 * @param {number} cells
 * @param {number} step
 */
function places(length, cells, step) {
  const cell = new Int32Array(length);
  const part = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const place = Math.min(Math.max((i + 0.5) / step - 0.5, 0), cells - 1);
    cell[i] = Math.floor(place);
    part[i] = place - cell[i];
  }
  return { cell, part };
}

/**
 * @param {Float32Array} plane
 * @param {number} width
 * @param {number} row
 * @param {number} part of the way to the next row
 * @param {number} height
 * @param {Float32Array} line one longer than the row: the last value is there twice
 */
function between(plane, width, row, part, height, line) {
  const upper = row * width;
  const lower = Math.min(row + 1, height - 1) * width;
  for (let x = 0; x < width; x++) line[x] = plane[upper + x] + part * (plane[lower + x] - plane[upper + x]);
  line[width] = line[width - 1];
}
