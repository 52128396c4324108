/**
 * A photo on a coarser grid, whose cells are whole blocks of its pixels: what filters of the matte and of its colours work on,
 * so that their cost does not grow with the photo.
 *
 * @typedef {import('./decode.js').Pixels} Pixels
 * @typedef {object} Grid
 * @property {number} step pixels along a cell's side; the last cells of a row and a column may cover fewer
 * @property {number} width cells
 * @property {number} height cells
 */

/**
 * The finest grid with at most `cells` cells.
 * @param {number} width of the photo
 * @param {number} height
 * @param {number} cells
 * @returns {Grid}
 */
export function gridOf(width, height, cells) {
  let step = Math.max(1, Math.floor(Math.sqrt((width * height) / cells)));
  while (Math.ceil(width / step) * Math.ceil(height / step) > cells && step < Math.max(width, height)) step++;
  return { step, width: Math.ceil(width / step), height: Math.ceil(height / step) };
}

/**
 * Mean colour of each cell.
 * @param {Pixels} pixels
 * @param {Grid} grid
 * @returns {[Float32Array, Float32Array, Float32Array]} red, green and blue, 0..1
 */
export function meanColours({ data, width, height }, grid) {
  const { step } = grid;
  const size = grid.width * grid.height;
  const red = new Float32Array(size);
  const green = new Float32Array(size);
  const blue = new Float32Array(size);
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor(y / step) * grid.width;
    for (let x = 0, cell = row; x < width; cell++) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (const end = Math.min(x + step, width); x < end; x++, at += 4) {
        r += data[at];
        g += data[at + 1];
        b += data[at + 2];
      }
      red[cell] += r;
      green[cell] += g;
      blue[cell] += b;
    }
  }
  for (let y = 0, cell = 0; y < grid.height; y++) {
    const rows = Math.min(step, height - y * step);
    for (let x = 0; x < grid.width; x++, cell++) {
      const scale = 1 / (255 * rows * Math.min(step, width - x * step));
      red[cell] *= scale;
      green[cell] *= scale;
      blue[cell] *= scale;
    }
  }
  return [red, green, blue];
}

/**
 * Where pixels lie between the middles of cells.
 * @param {number} length pixels
 * @param {number} cells
 * @param {number} step
 */
export function places(length, cells, step) {
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
 * A row of pixels' share of two rows of cells.
 * @param {Float32Array} plane
 * @param {number} width
 * @param {number} row
 * @param {number} part of the way to the next row
 * @param {number} height
 * @param {Float32Array} line one longer than the row: the last value is there twice
 */
export function between(plane, width, row, part, height, line) {
  const upper = row * width;
  const lower = Math.min(row + 1, height - 1) * width;
  for (let x = 0; x < width; x++) line[x] = plane[upper + x] + part * (plane[lower + x] - plane[upper + x]);
  line[width] = line[width - 1];
}
