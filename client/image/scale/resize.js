/**
 * A window of the photo at another size, by Lanczos on premultiplied colour: what is transparent has no say in the colours of the
 * edge, so that no background and no black comes back as a fringe.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {import('../compose/layout.js').Frame} Frame
 * @typedef {import('./axis.js').Axis} Axis
 * @typedef {import('./filter.js').Source} Source
 */
import { axis } from './axis.js';
import { filter } from './filter.js';

/**
 * @param {Pixels} pixels its own alpha is not read
 * @param {Uint16Array} matte
 * @param {Frame} frame
 * @returns {{ pixels: Pixels, matte: Uint16Array<ArrayBuffer> }} of the frame's own size; the alpha is in the matte alone. Where it is 0
 *   there is the colour of the nearest pixel of the photo.
 */
export function resize(pixels, matte, frame) {
  const { toWidth, toHeight } = frame;
  const across = axis(pixels.width, frame.x, frame.width, toWidth);
  const down = axis(pixels.height, frame.y, frame.height, toHeight);
  const data = new Uint8ClampedArray(toWidth * toHeight * 4);
  const alpha = new Uint16Array(toWidth * toHeight);
  filter(premultiplied(pixels, matte, across), across, down, (y, { values, left, right }) => {
    nearestRow(pixels, across, down.nearest[y], data, y * toWidth);
    for (let x = left, i = left * 4, to = y * toWidth + left; x < right; x++, i += 4, to++) {
      const a = values[i + 3];
      if (a < 0.5) continue;
      // By the alpha as it came out, though it may be over 1 beside an edge: the colour is the mean of the colours.
      const gain = 255 / a;
      data[to * 4] = values[i] * gain;
      data[to * 4 + 1] = values[i + 1] * gain;
      data[to * 4 + 2] = values[i + 2] * gain;
      alpha[to] = level(a);
    }
  });
  return { pixels: { data, width: toWidth, height: toHeight }, matte: alpha };
}

/**
 * @param {Uint16Array} matte
 * @param {number} width
 * @param {number} height
 * @param {Frame} frame
 * @returns {Uint16Array<ArrayBuffer>} the same that `resize` gives
 */
export function resizeMatte(matte, width, height, frame) {
  const across = axis(width, frame.x, frame.width, frame.toWidth);
  const down = axis(height, frame.y, frame.height, frame.toHeight);
  const out = new Uint16Array(frame.toWidth * frame.toHeight);
  filter(alone(matte, width, across), across, down, (y, { values, left, right }) => {
    for (let x = left, to = y * frame.toWidth + left; x < right; x++, to++) if (values[x] >= 0.5) out[to] = level(values[x]);
  });
  return out;
}

/**
 * @param {number} alpha 0..255, from 0.5
 * @returns {number} 16 bit; what 8 bit would round to 255 is whole
 */
function level(alpha) {
  return alpha >= 254.5 ? 65535 : Math.round(alpha * 257);
}

/**
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 * @param {Axis} across
 * @returns {Source} red, green, blue, alpha, each 0..255
 */
function premultiplied({ data, width }, matte, { from, to, block }) {
  return {
    channels: 4,
    add(y, sums) {
      for (let x = from, at = 0, left = block; x < to; x++) {
        const m = matte[y * width + x];
        if (m > 0) {
          const i = (y * width + x) * 4;
          const a = m / 65535;
          sums[at] += data[i] * a;
          sums[at + 1] += data[i + 1] * a;
          sums[at + 2] += data[i + 2] * a;
          sums[at + 3] += 255 * a;
        }
        if (--left === 0) {
          at += 4;
          left = block;
        }
      }
    },
  };
}

/**
 * @param {Uint16Array} matte
 * @param {number} width
 * @param {Axis} across
 * @returns {Source} alpha, 0..255
 */
function alone(matte, width, { from, to, block }) {
  return {
    channels: 1,
    add(y, sums) {
      for (let x = from, at = 0, left = block; x < to; x++) {
        sums[at] += matte[y * width + x] * (1 / 257);
        if (--left === 0) {
          at++;
          left = block;
        }
      }
    },
  };
}

/**
 * @param {Pixels} pixels
 * @param {Axis} across
 * @param {number} y in the photo
 * @param {Uint8ClampedArray} data
 * @param {number} to the pixel that the row begins at
 */
function nearestRow(pixels, { nearest, size }, y, data, to) {
  for (let x = 0, i = to * 4; x < size; x++, i += 4) {
    const from = (y * pixels.width + nearest[x]) * 4;
    data[i] = pixels.data[from];
    data[i + 1] = pixels.data[from + 1];
    data[i + 2] = pixels.data[from + 2];
  }
}
