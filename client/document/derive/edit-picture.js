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
 * @property {((part: Pixels, matte: Uint16Array, at: Box) => void) | null} fill gives a part the foreground's colours; null where they are the photo's own
 * @property {(() => number) | null} hidden what is given the colours of what is cut away, packed; null where they are kept
 */
import { onNothing } from '../../image/compose/nothing.js';
import { CELL, fillHidden, HAZE, survey } from '../../image/matte/hidden.js';
import { packed } from '../../image/scale/blocks.js';
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
  const [left, top] = [Math.floor(x / side) * side, Math.floor(y / side) * side];
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
      const seen = partOf(view, part, look);
      if (seen) shrinkInto(seen, side, out, (x - box.x) / side, (y - box.y) / side);
    }
  }
  return out;
}

/**
 * @param {View} view
 * @param {Box} box
 * @param {Look} look
 * @returns {Pixels | null} null where nothing is seen
 */
function partOf(view, box, look) {
  if (look === 'photo') return photoPart(view, box);
  const { matte, pixels } = view;
  const flat = flatValue(matte, pixels.width, box);
  if (look === 'matte') return greyPart(cutMatte(matte, pixels.width, box), box);
  if (flat === 0) return null;
  return flat === 65535 ? cutPixels(pixels, box) : cutoutPart(view, box);
}

/** @param {View} view @param {Box} box @returns {Pixels} */
function cutoutPart({ pixels, isOpaque, matte, fill, hidden }, box) {
  const whole = hidden ? withRim(box, pixels) : box;
  const part = cutPixels(pixels, whole);
  const values = cutMatte(matte, pixels.width, whole);
  fill?.(part, values, whole);
  if (hidden) {
    const { seen, isHazy } = survey(part, values, isOpaque ? HAZE : 0);
    if (isHazy) fillHidden(part, seen, hidden());
  }
  onNothing(part, values);
  return hidden ? cutPixels(part, { ...box, x: box.x - whole.x, y: box.y - whole.y }) : part;
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

/**
 * @param {Uint16Array} matte
 * @param {Box} box
 * @returns {Pixels} opaque
 */
function greyPart(matte, { width, height }) {
  const grey = new Int32Array(matte.length);
  for (let i = 0; i < grey.length; i++) grey[i] = (((matte[i] + 128) / 257) | 0) * 0x010101 | OPAQUE;
  return { data: new Uint8ClampedArray(grey.buffer), width, height };
}

/** Alpha's part of a packed pixel. */
const OPAQUE = 0xff000000;

/** @param {Pixels} pixels @param {Box} box @returns {Pixels} a copy */
export function cutPixels({ data, width: columns }, { x, y, width, height }) {
  const out = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * columns + x) * 4;
    out.set(data.subarray(start, start + width * 4), row * width * 4);
  }
  return { data: out, width, height };
}

/**
 * @param {Pixels} part
 * @param {number} side of the blocks that become pixels; the last ones may be cut off
 * @param {Pixels} out
 * @param {number} column where in it the part begins
 * @param {number} row
 */
function shrinkInto(part, side, out, column, row) {
  const from = packed(part.data);
  const to = packed(out.data);
  const columns = Math.ceil(part.width / side);
  for (let v = 0; v * side < part.height; v++) {
    const at = (row + v) * out.width + column;
    if (side === 1) to.set(from.subarray(v * part.width, (v + 1) * part.width), at);
    else for (let u = 0; u < columns; u++) to[at + u] = meanOf(from, part, u * side, v * side, side);
  }
}

/**
 * @param {Int32Array} pixels
 * @param {{ width: number, height: number }} size
 * @param {number} left
 * @param {number} top
 * @param {number} side
 * @returns {number} packed; colours weighed by alpha
 */
function meanOf(pixels, { width, height }, left, top, side) {
  const right = Math.min(width, left + side);
  const bottom = Math.min(height, top + side);
  let [red, green, blue, weight] = [0, 0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let i = y * width + left, end = y * width + right; i < end; i++) {
      const pixel = pixels[i];
      const alpha = pixel >>> 24;
      red += (pixel & 0xff) * alpha;
      green += ((pixel >> 8) & 0xff) * alpha;
      blue += ((pixel >> 16) & 0xff) * alpha;
      weight += alpha;
    }
  }
  if (weight === 0) return 0;
  const scale = 1 / weight;
  const alpha = weight / ((right - left) * (bottom - top)) + 0.5;
  return (red * scale + 0.5) | ((green * scale + 0.5) << 8) | ((blue * scale + 0.5) << 16) | (alpha << 24);
}
