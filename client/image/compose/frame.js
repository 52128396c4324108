/**
 * The part of the photo that a frame shows: as it is, copied, or at another size.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {import('./layout.js').Frame} Frame
 */
import { resize, resizeMatte } from '../scale/resize.js';

/**
 * @param {Pixels} pixels its own alpha is not read
 * @param {Uint16Array} matte
 * @param {Frame} frame
 * @returns {{ pixels: Pixels, matte: Uint16Array }} beyond the photo alpha 0, and the colour of the nearest pixel
 */
export function cut(pixels, matte, frame) {
  const { width, height } = pixels;
  if (isScaled(frame)) return resize(pixels, matte, frame);
  const from = new Uint32Array(pixels.data.buffer, pixels.data.byteOffset, width * height);
  const to = new Uint32Array(frame.width * frame.height);
  const left = clamp(-frame.x, frame.width);
  const right = clamp(width - frame.x, frame.width);
  for (let y = 0; y < frame.height; y++) {
    const row = clamp(y + frame.y, height - 1) * width;
    const at = y * frame.width;
    to.fill(from[row], at, at + left);
    to.set(from.subarray(row + left + frame.x, row + right + frame.x), at + left);
    to.fill(from[row + width - 1], at + right, at + frame.width);
  }
  const data = new Uint8ClampedArray(to.buffer);
  return { pixels: { data, width: frame.width, height: frame.height }, matte: cutMatte(matte, width, height, frame) };
}

/**
 * @param {Uint16Array} matte
 * @param {number} width
 * @param {number} height
 * @param {Frame} frame
 * @returns {Uint16Array}
 */
export function cutMatte(matte, width, height, frame) {
  if (isScaled(frame)) return resizeMatte(matte, width, height, frame);
  const out = new Uint16Array(frame.width * frame.height);
  const left = clamp(-frame.x, frame.width);
  const right = clamp(width - frame.x, frame.width);
  for (let y = Math.max(0, -frame.y); y < Math.min(frame.height, height - frame.y); y++) {
    const row = (y + frame.y) * width + frame.x;
    out.set(matte.subarray(row + left, row + right), y * frame.width + left);
  }
  return out;
}

/** @param {Frame} frame */
function isScaled({ x, y, width, height, toWidth, toHeight }) {
  return toWidth !== width || toHeight !== height || !Number.isInteger(x) || !Number.isInteger(y);
}

/** @param {number} value @param {number} most */
const clamp = (value, most) => Math.min(Math.max(value, 0), most);
