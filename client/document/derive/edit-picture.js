/**
 * What is seen of a document that is being edited: parts of it, at levels, as a file would hold them.
 *
 * @typedef {import('../edits.js').Box} Box
 * @typedef {import('../../image/read/decode.js').Pixels} Pixels
 * @typedef {import('../../shared/protocol-edit.js').Look} Look
 *
 * @typedef {object} View what pictures are made of
 * @property {Pixels} pixels the photo
 * @property {boolean} isOpaque by itself
 * @property {Uint16Array} matte as it is seen
 * @property {(part: Pixels, matte: Uint16Array, at: Box) => void} fill gives a part the colours that a file has there
 * @property {import('../../image/compose/light.js').Change | null} light that a file's subject is given
 * @property {number | null} hidden the colour that what is cut away is given, packed; null where its own are kept
 */
import { relight } from '../../image/compose/light.js';
import { onNothing } from '../../image/compose/nothing.js';
import { CELL, fillHidden, HAZE, isHazy, visibleOf } from '../../image/matte/hidden.js';
import { shrinkMatte, shrinkPixels } from './edit-levels.js';
import { cutMatte, flatValue } from './edits/boxes.js';

/** Pixels along the side of the squares in which a picture is made, at least. */
const SQUARE = 128;

/**
 * @param {Box} box
 * @param {number} level
 * @param {{ width: number, height: number }} size of the photo
 * @returns {Box} the smallest around it that lies on that level's pixels, but for the photo's right and lower edge
 */
export function aligned({ x, y, width, height }, level, size) {
  const side = 2 ** level;
  const [left, top] = [Math.max(0, Math.floor(x / side) * side), Math.max(0, Math.floor(y / side) * side)];
  const [right, bottom] = [Math.min(size.width, Math.ceil((x + width) / side) * side), Math.min(size.height, Math.ceil((y + height) / side) * side)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * @param {View} view
 * @param {Box} box that lies on the level's pixels
 * @param {number} level
 * @param {Look} look
 * @returns {Pixels} straight alpha; what is transparent has no colour that means anything
 */
export function pictureOf(view, box, level, look) {
  const side = 2 ** level;
  const width = Math.ceil(box.width / side);
  const out = { data: new Uint8ClampedArray(width * Math.ceil(box.height / side) * 4), width, height: Math.ceil(box.height / side) };
  const square = Math.max(SQUARE, side);
  for (let y = box.y; y < box.y + box.height; y += square) {
    for (let x = box.x; x < box.x + box.width; x += square) {
      const part = { x, y, width: Math.min(square, box.x + box.width - x), height: Math.min(square, box.y + box.height - y) };
      const at = (y - box.y) / side * width + (x - box.x) / side;
      if (look === 'matte') {
        shrinkMatte(view.matte, view.pixels.width, part, side, out, at);
        continue;
      }
      const seen = look === 'photo' ? photoPart(view, part) : cutoutPart(view, part);
      if (seen) shrinkPixels(seen, side, out, at);
    }
  }
  return out;
}

/** @param {View} view @param {Box} box @returns {Pixels | null} null where nothing is seen */
function cutoutPart({ pixels, isOpaque, matte, fill, hidden, light }, box) {
  const flat = flatValue(matte, pixels.width, box);
  if (flat === 0) return null;
  if (flat === 65535 && !light) return cutPixels(pixels, box);
  const whole = hidden !== null ? withRim(box, pixels) : box;
  const part = cutPixels(pixels, whole);
  const values = cutMatte(matte, pixels.width, whole);
  fill(part, values, whole);
  if (hidden !== null) {
    const visible = visibleOf(part, values, isOpaque ? HAZE : 0);
    if (isHazy(visible)) fillHidden(part, visible, hidden);
  }
  if (light) relight(part.data, values, light);
  onNothing(part, values);
  return hidden !== null ? cutPixels(part, { ...box, x: box.x - whole.x, y: box.y - whole.y }) : part;
}

/**
 * @param {Box} box
 * @param {{ width: number, height: number }} size of the photo
 * @returns {Box} of all whose colours what is seen in it may decide on, from a cell's edge to a cell's edge
 */
export function withRim({ x, y, width, height }, size) {
  const [left, top] = [x, y].map((from) => Math.max(0, (Math.floor(from / CELL) - 1) * CELL));
  const right = Math.min(size.width, (Math.ceil((x + width) / CELL) + 1) * CELL);
  const bottom = Math.min(size.height, (Math.ceil((y + height) / CELL) + 1) * CELL);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** @param {View} view @param {Box} box @returns {Pixels} opaque: on white, where the photo is not by itself */
function photoPart({ pixels, isOpaque }, box) {
  const part = cutPixels(pixels, box);
  if (isOpaque) return part;
  const { data } = part;
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] / 255;
    for (let c = i; c < i + 3; c++) data[c] = 255 + (data[c] - 255) * alpha;
    data[i + 3] = 255;
  }
  return part;
}

/** @param {Pixels} pixels @param {Box} box @returns {Pixels} a copy */
export function cutPixels({ data, width: columns }, { x, y, width, height }) {
  const out = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * columns + x) * 4;
    out.set(data.subarray(start, start + width * 4), row * width * 4);
  }
  return { data: out, width, height };
}

