/**
 * The colour of the foreground alone, where it and the background share a pixel. The colours of both come from a coarser grid
 * (cell-colours.js), which is what makes it fast: they are blurred anyway. The last step is each pixel's own.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 */
import { packed } from '../scale/blocks.js';
import { estimateColours, meansOf } from './cell-colours.js';
import { CELL } from './hidden.js';
import { gridWithin, lerp, places } from './grid.js';

/** Cells of the grid at most. */
const CELLS = 1 << 16;

/** Levels by which the foreground's colour may change within a cell that is given a single one where nothing of it is seen. */
const EVEN = 1;

/** Alpha's part of a packed pixel. */
const OPACITY = 0xff000000;

/**
 * @typedef {object} Field where a photo's pixels lie among the cells of the grid
 * @property {import('./grid.js').Grid} grid
 * @property {import('./grid.js').Places} across
 * @property {import('./grid.js').Places} down
 *
 * @typedef {{ front: Float32Array[], back: Float32Array[] }} Colours of each cell, blurred
 */

/**
 * Replace the colours of pixels that are not wholly foreground by those of the foreground, in place. Alpha is left alone. Where the
 * matte is 0 the foreground's colour goes on, so that nothing of the background shows after resizing, or where alpha is dropped.
 * A matte without any foreground changes nothing.
 * @param {Pixels} pixels
 * @param {Uint16Array} matte one value per pixel, 0..65535
 * @param {import('./hidden.js').Visible} [visible] where `removeHidden` is to give all that is not near it a colour: there, nothing is estimated
 */
export function estimateForeground(pixels, matte, visible) {
  const field = fieldOf(pixels);
  const colours = estimateColours(meansOf(pixels, matte, field.grid), field.grid);
  if (colours) fillForeground(pixels, matte, { x: 0, y: 0 }, field, colours, visible);
}

/**
 * @param {{ width: number, height: number }} size of the photo
 * @returns {Field}
 */
export function fieldOf({ width, height }) {
  const grid = gridWithin(width, height, CELLS);
  return { grid, across: places(width, grid.width, grid.step), down: places(height, grid.height, grid.step) };
}

/**
 * `estimateForeground` of a part, from colours that are known.
 * @param {Pixels} part of the photo
 * @param {Uint16Array} matte of that part
 * @param {{ x: number, y: number }} at where in the photo it lies
 * @param {Field} field of the photo
 * @param {Colours} colours
 * @param {import('./hidden.js').Visible} [visible] of a part that is all of the photo
 */
export function fillForeground({ data, width, height }, matte, { x, y: top }, { grid, across, down }, colours, visible) {
  const shown = visible && { near: visible.near, columns: Math.ceil(width / CELL), row: 0 };
  const packedPixels = packed(data);
  for (let row = Math.max(0, Math.floor(top / grid.step) - 1); row < grid.height; row++) {
    const upper = row * grid.width;
    const lower = Math.min(row + 1, grid.height - 1) * grid.width;
    const end = Math.min(down.first[row + 1], top + height);
    for (let y = Math.max(down.first[row], top); y < end; y++) {
      if (shown) shown.row = Math.floor(y / CELL) * shown.columns;
      const span = { start: (y - top) * width - x, from: x, to: x + width };
      estimateRow(data, packedPixels, matte, span, across, colours, { upper, lower, share: down.share[y] }, grid.step, shown);
    }
  }
}

/**
 * @param {Uint8ClampedArray} data RGBA
 * @param {Int32Array} pixels the same, `packed`
 * @param {Uint16Array} matte
 * @param {{ start: number, from: number, to: number }} span of the row: from where to where in the photo, and the index of its first pixel,
 *   which may lie outside of the part
 * @param {import('./grid.js').Places} across
 * @param {Colours} colours
 * @param {{ upper: number, lower: number, share: number }} between the rows of cells, given by their first ones: `share` of the way
 * @param {number} step of the grid
 * @param {{ near: Uint8Array, columns: number, row: number }} [shown]
 */
function estimateRow(data, pixels, matte, { start, from, to }, { first, share }, { front: [fr, fg, fb], back: [br, bg, bb] }, { upper, lower, share: s }, step, shown) {
  const last = first.length - 2;
  for (let c = Math.max(0, Math.floor(from / step) - 1); c <= last && first[c] < to; c++) {
    const end = start + Math.min(first[c + 1], to);
    let i = start + Math.max(first[c], from);
    while (i < end && matte[i] === 65535) i++;
    if (i >= end || (shown && !isShown(shown, i - start, end - start))) continue;
    const u = upper + c;
    const l = lower + c;
    const on = c < last ? 1 : 0;
    const r = lerp(fr[u], fr[l], s);
    const g = lerp(fg[u], fg[l], s);
    const b = lerp(fb[u], fb[l], s);
    const dr = lerp(fr[u + on], fr[l + on], s) - r;
    const dg = lerp(fg[u + on], fg[l + on], s) - g;
    const db = lerp(fb[u + on], fb[l + on], s) - b;
    const isEven = Math.abs(dr) + Math.abs(dg) + Math.abs(db) < EVEN;
    const middle = rgb(r + dr / 2, g + dg / 2, b + db / 2);
    for (; i < end; i++) {
      const level = matte[i];
      if (level === 65535) continue;
      if (level === 0 && isEven) {
        pixels[i] = (pixels[i] & OPACITY) | middle;
        continue;
      }
      const t = share[i - start];
      const red = r + t * dr;
      const green = g + t * dg;
      const blue = b + t * db;
      if (level === 0) {
        pixels[i] = (pixels[i] & OPACITY) | rgb(red, green, blue);
      } else {
        const at = i * 4;
        const a = level / 65535;
        const rest = 1 - a;
        data[at] = red + a * (data[at] - a * red - rest * lerp(lerp(br[u], br[l], s), lerp(br[u + on], br[l + on], s), t));
        data[at + 1] = green + a * (data[at + 1] - a * green - rest * lerp(lerp(bg[u], bg[l], s), lerp(bg[u + on], bg[l + on], s), t));
        data[at + 2] = blue + a * (data[at + 2] - a * blue - rest * lerp(lerp(bb[u], bb[l], s), lerp(bb[u + on], bb[l + on], s), t));
      }
    }
  }
}

/**
 * @param {{ near: Uint8Array, row: number }} shown
 * @param {number} from
 * @param {number} end in the row of pixels
 */
function isShown({ near, row }, from, end) {
  for (let cell = row + Math.floor(from / CELL), last = row + Math.floor((end - 1) / CELL); cell <= last; cell++) if (near[cell]) return true;
  return false;
}

/** @type {(red: number, green: number, blue: number) => number} packed, rounded */
const rgb = (red, green, blue) => (red + 0.5) | ((green + 0.5) << 8) | ((blue + 0.5) << 16);
