/**
 * A soft shadow that the subject drops on what is behind it: its alpha, moved, blurred and thinned.
 *
 * The wider the blur, the smaller the alpha it is made of, and what that smoothes already is taken off the blur. Where the frame cuts the
 * subject, the subject is taken to go on, so that the shadow does not fade there.
 *
 * @typedef {import('../../shared/protocol.js').Shadow} Shadow
 * @typedef {import('./subject.js').Subject} Subject
 * @typedef {import('../read/decode.js').Pixels} Pixels
 *
 * @typedef {object} Shade
 * @property {[number, number, number]} colour
 * @property {(y: number, row: Float32Array) => void} fill a row with the shadow's alpha, 0..1
 */
import { rgbOf } from './background.js';
import { blur } from './blur.js';
import { bilinearRows } from '../scale/bilinear.js';

const BLUR = 0.06;
const DOWN = 0.03;
const OPACITY = 0.35;

/**
 * @param {Shadow} shadow lengths in parts of the subject's longer side; `blur` is how wide the soft edge is, twice the Gaussian's standard
 *   deviation, as in CSS
 * @param {Uint16Array} matte of the result
 * @param {number} width
 * @param {number} height
 * @param {number} side the subject's longer side in the result's pixels
 * @returns {Shade}
 */
export function shadeOf({ blur: softness = BLUR, x = 0, y = DOWN, opacity = OPACITY, colour = '#000000' }, matte, width, height, side) {
  const sigma = (softness * side) / 2;
  const block = sigma < 2.5 ? 1 : Math.max(2, Math.floor(sigma / 2));
  // Means of blocks have a variance of 1/12 of a block's square, straight lines between them one of 1/6.
  const rest = block > 1 ? Math.sqrt((sigma / block) ** 2 - 1 / 4) : sigma;
  // A blur's reach all around, so that what is moved in from beyond the frame has been blurred as well.
  const around = Math.ceil(3 * rest);
  const grid = reduced(matte, width, height, block, around, opacity);
  blur(grid.values, grid.width, grid.height, 1, rest);
  const along = (/** @type {number} */ offset) => ({ step: 1 / block, start: around - (offset * side) / block });
  const fill = bilinearRows(grid, along(x), along(y), width);
  return { colour: rgbOf(colour), fill };
}

/**
 * @param {Uint16Array} matte
 * @param {number} width
 * @param {number} height
 * @param {number} block
 * @param {number} around blocks beyond the edges, on which the outermost go on
 * @param {number} gain
 */
function reduced(matte, width, height, block, around, gain) {
  const columns = Math.ceil(width / block);
  const rows = Math.ceil(height / block);
  const length = columns + 2 * around;
  const values = new Float32Array(length * (rows + 2 * around));
  for (let row = 0; row < rows; row++) {
    const start = (row + around) * length;
    const line = values.subarray(start + around, start + around + columns);
    const bottom = Math.min(height, (row + 1) * block);
    for (let y = row * block; y < bottom; y++) {
      for (let column = 0, at = y * width; column < columns; column++) {
        const end = Math.min((y + 1) * width, at + block);
        let sum = 0;
        for (; at < end; at++) sum += matte[at];
        line[column] += sum;
      }
    }
    const unit = gain / (65535 * (bottom - row * block));
    for (let column = 0; column < columns; column++) line[column] *= unit / (Math.min(width, (column + 1) * block) - column * block);
    values.fill(line[0], start, start + around);
    values.fill(line[columns - 1], start + around + columns, start + length);
  }
  for (let row = 0; row < around; row++) {
    values.copyWithin(row * length, around * length, (around + 1) * length);
    values.copyWithin((around + rows + row) * length, (around + rows - 1) * length, (around + rows) * length);
  }
  return { values, width: length, height: rows + 2 * around, channels: 1 };
}
