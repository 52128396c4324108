/**
 * What the subject is put on, row by row: no second picture of the result's size is needed.
 *
 * What changes slowly across the picture is dithered, by an ordered 8 x 8 pattern of less than one level: in 8 bit a gradient otherwise
 * stands in bands as wide as a finger, whose edges the eye finds. Ordered, because a photo then always gives the same file, and a pattern
 * that repeats costs a PNG half of what noise does (3.1 MB of 6.7 for 12 megapixels). Where a value is whole it stays so, and none is a
 * level off.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {import('./layout.js').Frame} Frame
 * @typedef {import('./backdrop.js').Backdrop} Backdrop
 * @typedef {import('../../shared/protocol.js').Background} Background
 * @typedef {(y: number, line: Uint8ClampedArray) => void} Painter fills a row of the result, RGB
 */
import { BACKGROUNDS } from '../../shared/choices.js';
import { MatteboxError } from '../../shared/errors.js';
import { bilinearRows } from '../scale/bilinear.js';
import { resize } from '../scale/resize.js';

/**
 * @param {Exclude<Background, { kind: 'none' }>} background
 * @param {Frame} frame
 * @param {Pixels | Backdrop | null} backdrop the decoded picture of `image`, what `prepareBackdrop` gave for `blur`
 * @returns {Painter}
 * @throws {MatteboxError} `bad-option`
 */
export function painterOf(background, frame, backdrop) {
  switch (background.kind) {
    case 'colour':
      return plain(rgbOf(background.colour), frame);
    case 'gradient':
      return gradient(background, frame);
    case 'image':
      return cover(/** @type {Pixels} */ (given(backdrop, background.kind)), frame);
    case 'blur':
      return blurred(/** @type {Backdrop} */ (given(backdrop, background.kind)), frame);
    default:
      throw new MatteboxError('bad-option', { option: 'background', value: background, allowed: BACKGROUNDS });
  }
}

/**
 * @param {string} colour `#rrggbb`
 * @returns {[number, number, number]} 0..255
 * @throws {MatteboxError} `bad-option`
 */
export function rgbOf(colour) {
  const found = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/iu.exec(colour);
  if (!found) throw new MatteboxError('bad-option', { option: 'colour', value: colour, allowed: ['#rrggbb'] });
  return [Number.parseInt(found[1], 16), Number.parseInt(found[2], 16), Number.parseInt(found[3], 16)];
}

/**
 * @param {Pixels | Backdrop | null} backdrop
 * @param {string} kind
 */
function given(backdrop, kind) {
  if (!backdrop) throw new MatteboxError('bad-option', { option: 'background', value: `${kind} without its picture`, allowed: ['none', 'colour', 'gradient'] });
  return backdrop;
}

/**
 * @param {[number, number, number]} rgb
 * @param {Frame} frame
 * @returns {Painter}
 */
function plain(rgb, { toWidth }) {
  const row = new Uint8ClampedArray(toWidth * 3);
  for (let i = 0; i < row.length; i++) row[i] = rgb[i % 3];
  return (_y, line) => line.set(row);
}

/**
 * A linear gradient as CSS draws it (CSS Images 3, section 3.1): the line runs through the middle, and is so long that the corners
 * have the two colours; mixed in sRGB, as CSS does unless told otherwise.
 * @param {Extract<Background, { kind: 'gradient' }>} background
 * @param {Frame} frame
 * @returns {Painter}
 */
function gradient({ from, to, angle }, { toWidth, toHeight }) {
  const first = rgbOf(from);
  const change = rgbOf(to).map((value, c) => value - first[c]);
  const right = Math.sin((angle * Math.PI) / 180);
  const up = Math.cos((angle * Math.PI) / 180);
  const length = toWidth * Math.abs(right) + toHeight * Math.abs(up);
  const [red, green, blue] = first;
  const [toRed, toGreen, toBlue] = change;
  return (y, line) => {
    const start = 0.5 + ((0.5 - toWidth / 2) * right - (y + 0.5 - toHeight / 2) * up) / length;
    const step = right / length;
    const pattern = (y & 7) << 3;
    for (let x = 0, i = 0; x < toWidth; x++, i += 3) {
      const t = start + x * step;
      const dither = DITHER[pattern | (x & 7)];
      line[i] = (red + toRed * t + dither) | 0;
      line[i + 1] = (green + toGreen * t + dither) | 0;
      line[i + 2] = (blue + toBlue * t + dither) | 0;
    }
  };
}

/**
 * The largest middle part of the picture that has the frame's shape, at the frame's size. Where the picture is transparent it shows white.
 * @param {Pixels} picture
 * @param {Frame} frame
 * @returns {Painter}
 */
function cover(picture, { toWidth, toHeight }) {
  const scale = Math.max(toWidth / picture.width, toHeight / picture.height);
  const width = toWidth / scale;
  const height = toHeight / scale;
  const alpha = new Uint16Array(picture.width * picture.height);
  for (let i = 0; i < alpha.length; i++) alpha[i] = picture.data[i * 4 + 3] * 257;
  const part = { x: (picture.width - width) / 2, y: (picture.height - height) / 2, width, height, toWidth, toHeight };
  const { pixels, matte } = resize(picture, alpha, part);
  const { data } = pixels;
  return (y, line) => {
    for (let x = 0, at = y * toWidth, i = 0; x < toWidth; x++, at++, i += 3) {
      const m = matte[at];
      if (m === 65535) {
        line[i] = data[at * 4];
        line[i + 1] = data[at * 4 + 1];
        line[i + 2] = data[at * 4 + 2];
      } else {
        for (let c = 0; c < 3; c++) line[i + c] = 255 + ((data[at * 4 + c] - 255) * m) / 65535;
      }
    }
  };
}

/**
 * @param {Backdrop} backdrop
 * @param {Frame} frame
 * @returns {Painter}
 */
function blurred(backdrop, { x, y, width, height, toWidth, toHeight }) {
  const across = { step: width / toWidth / backdrop.block, start: x / backdrop.block };
  const down = { step: height / toHeight / backdrop.block, start: y / backdrop.block };
  const fill = bilinearRows(backdrop, across, down, toWidth);
  const row = new Float32Array(toWidth * 3);
  return (at, line) => {
    fill(at, row);
    const pattern = (at & 7) << 3;
    for (let u = 0, i = 0; u < toWidth; u++, i += 3) {
      const dither = DITHER[pattern | (u & 7)];
      line[i] = (row[i] + dither) | 0;
      line[i + 1] = (row[i + 1] + dither) | 0;
      line[i + 2] = (row[i + 2] + dither) | 0;
    }
  };
}

/** Bayer's pattern of order 3, 8 x 8, as what is added before rounding down: (k + 0.5) / 64 for each k once. */
const DITHER = Float32Array.from({ length: 64 }, (_, i) => {
  let k = 0;
  for (let bit = 0; bit < 3; bit++) {
    const x = (i >> bit) & 1;
    const y = (i >> (3 + bit)) & 1;
    k = (k << 2) | ((x ^ y) << 1) | y;
  }
  return (k + 0.5) / 64;
});
