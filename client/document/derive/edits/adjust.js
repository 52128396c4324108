/**
 * What is done to all edges of a matte: they are moved, then softened. A part has the values that the whole would have there.
 *
 * @typedef {import('../../edits.js').Box} Box
 * @typedef {import('./boxes.js').Size} Size
 * @typedef {{ feather: number, shift: number }} Adjustment in pixels: `feather` 0..50 of the ramp that a hard edge becomes, `shift` -50 (in) .. 50 (out)
 */
import { FIRST_SOLID, LAST_CLEAR } from '../../../image/matte/levels.js';
import { cutMatte, flatValue, grown, inPhoto, putMatte } from './boxes.js';
import { dilate } from './dilate.js';
import { reachOfSoftening, soften } from './soften.js';

/** Pixels along the side of the squares that are worked on one by one, at least: most of them are flat, which costs nothing. */
const SQUARE = 128;

/**
 * @param {Adjustment} adjustment
 * @returns {number} pixels around a place by which its value is decided
 */
export const reachOf = ({ feather, shift }) => Math.ceil(Math.abs(shift)) + reachOfSoftening(feather);

/**
 * @param {Uint16Array} matte of the whole photo
 * @param {Size} size of it
 * @param {Adjustment} adjustment
 * @param {Box} box that is asked for
 * @param {Uint16Array | null} ceiling of the whole photo: the most that the matte may be; null for 65535 everywhere
 * @returns {Uint16Array<ArrayBuffer>} of the box
 */
export function adjusted(matte, size, adjustment, box, ceiling) {
  const out = new Uint16Array(box.width * box.height);
  const side = Math.max(SQUARE, 4 * reachOf(adjustment));
  for (let y = 0; y < box.height; y += side) {
    for (let x = 0; x < box.width; x += side) {
      const square = { x: box.x + x, y: box.y + y, width: Math.min(side, box.width - x), height: Math.min(side, box.height - y) };
      const values = adjustedSquare(matte, size, adjustment, square);
      const at = { ...square, x, y };
      if (typeof values !== 'number') putMatte(out, box.width, at, values);
      else for (let row = y; row < y + at.height; row++) out.fill(values, row * box.width + x, row * box.width + x + at.width);
    }
  }
  if (ceiling) keepBelow(out, ceiling, size, box);
  return out;
}

/**
 * @param {Uint16Array} matte
 * @param {Size} size
 * @param {Adjustment} adjustment
 * @param {Box} box
 * @returns {Uint16Array | number} one value where all are the same
 */
function adjustedSquare(matte, size, { feather, shift }, box) {
  if (feather === 0 && shift === 0) return cutMatte(matte, size.width, box);
  const within = inPhoto(grown(box, reachOf({ feather, shift })), size);
  const flat = flatValue(matte, size.width, within);
  if (flat !== null) return snapped(flat);
  const moving = inPhoto(grown(box, reachOfSoftening(feather)), size);
  const moved = shift === 0 ? cutMatte(matte, size.width, moving) : move(matte, size, shift, moving);
  const soft = feather === 0 ? moved : soften(moved, moving.width, moving.height, feather);
  const out = cutMatte(soft, moving.width, { ...box, x: box.x - moving.x, y: box.y - moving.y });
  for (let i = 0; i < out.length; i++) out[i] = snapped(out[i]);
  return out;
}

/**
 * @param {Uint16Array} matte
 * @param {Size} size
 * @param {number} shift
 * @param {Box} box
 * @returns {Uint16Array} of the box
 */
function move(matte, size, shift, box) {
  // What lies beyond the photo is neither foreground nor background, but lines may lead through it.
  const around = grown(box, Math.ceil(Math.abs(shift)));
  const values = new Uint16Array(around.width * around.height);
  const inside = inPhoto(around, size);
  for (let y = 0; y < inside.height; y++) {
    const from = (inside.y + y) * size.width + inside.x;
    const at = (inside.y - around.y + y) * around.width + inside.x - around.x;
    // In is out for what is behind.
    if (shift > 0) values.set(matte.subarray(from, from + inside.width), at);
    else for (let x = 0; x < inside.width; x++) values[at + x] = 65535 - matte[from + x];
  }
  dilate(values, around.width, around.height, Math.abs(shift));
  const out = cutMatte(values, around.width, { ...box, x: box.x - around.x, y: box.y - around.y });
  if (shift < 0) for (let i = 0; i < out.length; i++) out[i] = 65535 - out[i];
  return out;
}

/** @param {number} value @returns {number} ends are snapped, as everywhere in a matte */
const snapped = (value) => (value <= LAST_CLEAR ? 0 : value >= FIRST_SOLID ? 65535 : value);

/** @param {Uint16Array} values of the box @param {Uint16Array} ceiling @param {Size} size @param {Box} box */
function keepBelow(values, ceiling, size, { x, y, width, height }) {
  for (let row = 0, i = 0; row < height; row++) {
    for (let at = (y + row) * size.width + x, end = at + width; at < end; at++, i++) if (values[i] > ceiling[at]) values[i] = ceiling[at];
  }
}
