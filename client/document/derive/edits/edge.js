/**
 * Strokes of the edge brush: inside of one the matte is made anew from the photo's colours, on cells of so many pixels that the time stays
 * within bounds. Where the stroke fades, new and old are mixed.
 *
 * @typedef {import('../../edits.js').Box} Box
 * @typedef {import('../../edits.js').Stroke} Stroke
 * @typedef {import('../../../image/read/decode.js').Pixels} Pixels
 */
import { snapped } from '../../../image/matte/levels.js';
import { partOf, rowsOf } from '../../../image/matte/part.js';
import { resolveMatte } from '../../../image/matte/resolve.js';
import { boxOfStroke } from '../../edits.js';
import { cutMatte, grown, inPhoto, putMatte } from './boxes.js';
import { maskOf } from './mask.js';

/** Cells around a stroke that are looked at for what is certain. */
const AROUND = 32;

/** Cells of a stroke at most: so many, or a part of its pixels, but never more than the last. */
const CELLS = 50_000;
const PART = 1 / 4;
const MOST_CELLS = 200_000;
/** Cells at most of the rectangle around a stroke, which costs memory. */
const MOST_AROUND = 1_000_000;

/**
 * @param {Uint16Array<ArrayBuffer>} matte changed in place
 * @param {Pixels} pixels of the photo
 * @param {Stroke} stroke
 * @param {Uint16Array<ArrayBuffer> | null} ceiling the most that the matte may be; null for 65535 everywhere
 * @returns {Box | null} where it may be another now; null where nothing around the stroke tells foreground from background
 */
export function applyEdge(matte, pixels, stroke, ceiling) {
  const own = boxOfStroke(stroke, pixels);
  if (!own) return null;
  const drawn = maskOf(stroke, pixels, own);
  const step = stepOf(drawn);
  const box = inPhoto(grown(own, AROUND * step), pixels);
  const mask = new Uint16Array(box.width * box.height);
  putMatte(mask, box.width, { ...own, x: own.x - box.x, y: own.y - box.y }, drawn);
  const before = cutMatte(matte, pixels.width, box);
  const most = ceiling && cutMatte(ceiling, pixels.width, box);
  if (most) divide(before, most);
  const part = partOf(pixels, before, mask, box, step);
  const alpha = resolveMatte(part);
  if (!alpha) return null;
  const rowOf = rowsOf(part, alpha, pixels, box, step);
  const line = new Float32Array(own.width);
  for (let y = own.y; y < own.y + own.height; y++) {
    rowOf(y - box.y, own.x - box.x, line);
    const inBox = (y - box.y) * box.width + own.x - box.x;
    const under = mask.subarray(inBox, inBox + own.width);
    mixInto(matte.subarray(y * pixels.width + own.x, y * pixels.width + own.x + own.width), line, under, most?.subarray(inBox, inBox + own.width));
  }
  return own;
}

/**
 * @param {Uint16Array} row of the matte, changed
 * @param {Float32Array} line what it is to be, not limited to 0..1
 * @param {Uint16Array} mask by how much
 * @param {Uint16Array | undefined} most that it may be
 */
function mixInto(row, line, mask, most) {
  for (let i = 0; i < row.length; i++) {
    if (mask[i] === 0) continue;
    const found = (snapped(Math.min(Math.max(line[i], 0), 1)) * (most ? most[i] : 65535)) / 65535;
    row[i] = row[i] + ((found - row[i]) * mask[i]) / 65535 + 0.5;
  }
}

/**
 * @param {Uint16Array} mask
 * @returns {number} pixels along a cell's side
 */
function stepOf(mask) {
  let count = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i]) count++;
  const cells = Math.min(Math.max(CELLS, count * PART), MOST_CELLS);
  return Math.ceil(Math.sqrt(Math.max(count / cells, mask.length / MOST_AROUND)));
}

/**
 * What of the photo's own opacity is left: a colour that is seen through is what it is.
 * @param {Uint16Array} matte replaced
 * @param {Uint16Array} ceiling
 */
function divide(matte, ceiling) {
  for (let i = 0; i < matte.length; i++) if (ceiling[i] > 0) matte[i] = Math.min(65535, (matte[i] * 65535) / ceiling[i] + 0.5);
}
