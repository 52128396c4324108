/**
 * Samples of a Photoshop file as converters take them (colour.js): 8 bit, or 16.
 *
 * @typedef {import('./heads/psd.js').PsdLayout} PsdLayout
 * @typedef {Uint8Array | Uint16Array} Samples
 */
import { MODES } from './heads/psd.js';

/** Fine enough for 16 bit to be made 8. */
const STEPS = 1 << 12;
/** sRGB in 16 bit of linear light. */
const ENCODED = Uint16Array.from({ length: STEPS + 1 }, (_, i) => {
  const x = i / STEPS;
  return Math.round(65535 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055));
});

/**
 * @param {Samples} samples to be filled, every `stride`th
 * @param {Uint8Array} rows of one channel
 * @param {PsdLayout} layout
 * @param {{ channel: number, stride: number, rows: number, rowBytes: number, isAlpha: boolean }} place
 */
export function fillSamples(samples, rows, { width, depth, mode }, { channel, stride, rows: count, rowBytes, isAlpha }) {
  const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength);
  const read = readers(view, isAlpha, mode === MODES.lab && channel > 0)[depth];
  for (let y = 0, at = channel; y < count; y++) for (let x = 0; x < width; x++, at += stride) samples[at] = read(y * rowBytes, x);
}

/**
 * @param {DataView} view
 * @param {boolean} isAlpha
 * @param {boolean} isSigned a or b of Lab, whose middle is 128 of 256
 * @returns {Record<number, (row: number, x: number) => number>} by depth
 */
function readers(view, isAlpha, isSigned) {
  return {
    // Of a bitmap, 1 is black.
    1: (row, x) => ((view.getUint8(row + (x >> 3)) >> (7 - (x & 7))) & 1 ? 0 : 255),
    8: (row, x) => view.getUint8(row + x),
    16: (row, x) => {
      const value = view.getUint16(row + x * 2);
      return isSigned ? Math.min(65535, (value * 257) / 256) : value;
    },
    32: (row, x) => {
      // Not a number counts as nothing.
      const value = Math.min(1, Math.max(0, view.getFloat32(row + x * 4) || 0));
      return isAlpha ? value * 65535 : encoded(value * STEPS);
    },
  };
}

/** @param {number} at 0..STEPS */
function encoded(at) {
  const below = Math.floor(at);
  const share = at - below;
  return ENCODED[below] * (1 - share) + ENCODED[Math.min(STEPS, below + 1)] * share;
}

/**
 * What is half transparent was put on white before it was stored: straight colours are got back by taking the white away.
 * @param {Samples} samples changed; the last of each pixel is its alpha
 * @param {number} stride
 * @param {number} mode
 * @param {number} most
 */
export function withoutWhite(samples, stride, mode, most) {
  const middle = mode === MODES.lab ? Math.round((128 / 255) * most) : most;
  for (let at = 0; at < samples.length; at += stride) {
    const alpha = samples[at + stride - 1];
    if (alpha === 0 || alpha === most) continue;
    for (let c = 0; c < stride - 1; c++) {
      const white = c === 0 ? most : middle;
      const straight = white + ((samples[at + c] - white) * most) / alpha;
      samples[at + c] = Math.min(most, Math.max(0, Math.round(straight)));
    }
  }
}
