/**
 * Samples of a TIFF into RGBA (TIFF 6.0, sections 4 to 6, 14 and 18).
 *
 * @typedef {import('./tiff.js').Layout} Layout
 * @typedef {{ x: number, y: number, columns: number, rows: number, rowBytes: number, plane: number }} Place of a piece in the picture
 */
import { damaged } from './bytes.js';

const WHITE_IS_ZERO = 0;
const RGB = 2;
const PALETTE = 3;
const CMYK = 5;
const PREMULTIPLIED = 1;

/**
 * @param {Layout} layout
 * @param {Uint8ClampedArray} data RGBA, to be painted on
 * @returns {(piece: Uint8Array, place: Place) => void} paints a piece, which is changed where its samples are differences
 */
export function painter(layout, data) {
  const { bits, samples, inPiece, photometric, extra, predictor } = layout;
  const paintRow = rowPainter(layout, data);
  if (predictor === 2 && bits !== 8 && bits !== 16) throw damaged('TIFF', `differences of ${bits} bit`);
  if (predictor > 2) throw damaged('TIFF', `predictor ${predictor}`);
  const isPremultiplied = extra === PREMULTIPLIED && photometric !== CMYK && inPiece === samples;
  return (piece, { x, y, columns, rows, rowBytes, plane }) => {
    for (let row = 0; row < rows; row++) {
      const line = piece.subarray(row * rowBytes, (row + 1) * rowBytes);
      if (predictor === 2) undoDifferences(line, layout);
      const to = ((y + row) * layout.width + x) * 4;
      paintRow(line, to, columns, plane);
      if (isPremultiplied) divide(data, to, columns);
    }
  };
}

/**
 * @param {Layout} layout
 * @param {Uint8ClampedArray} data
 * @returns {(line: Uint8Array, to: number, columns: number, plane: number) => void}
 */
function rowPainter(layout, data) {
  const { samples, inPiece, photometric, extra } = layout;
  const read = reader(layout);
  const colours = photometric === RGB ? 3 : photometric === CMYK ? 4 : 1;
  const alphaAt = extra ? colours : -1;
  const palette = photometric === PALETTE ? paletteOf(layout) : null;
  if (inPiece < samples) return planePainter(read, data, photometric, alphaAt);
  return (line, to, columns) => {
    for (let i = 0, at = 0; i < columns; i++, at += samples, to += 4) {
      if (palette) palette(data, to, read(line, at));
      else paint(data, to, photometric, (channel) => read(line, at + channel));
      data[to + 3] = alphaAt < 0 ? 255 : read(line, at + alphaAt);
    }
  };
}

/**
 * One channel of RGB or grey after the other.
 * @param {(line: Uint8Array, at: number) => number} read
 * @param {Uint8ClampedArray} data
 * @param {number} photometric
 * @param {number} alphaAt
 */
function planePainter(read, data, photometric, alphaAt) {
  if (photometric !== RGB && photometric > 1) throw damaged('TIFF', 'planes of a palette or of inks');
  /** @param {Uint8Array} line @param {number} to @param {number} columns @param {number} plane */
  return (line, to, columns, plane) => {
    for (let i = 0; i < columns; i++, to += 4) {
      const value = read(line, i);
      if (plane === 0 && alphaAt < 0) data[to + 3] = 255;
      if (plane === alphaAt) data[to + 3] = value;
      else if (photometric === RGB && plane < 3) data[to + plane] = value;
      else if (photometric < RGB && plane === 0) data.fill(photometric === WHITE_IS_ZERO ? 255 - value : value, to, to + 3);
    }
  };
}

/**
 * @param {Uint8ClampedArray} data
 * @param {number} to
 * @param {number} photometric
 * @param {(channel: number) => number} sample 0..255
 */
function paint(data, to, photometric, sample) {
  if (photometric === RGB) {
    for (let channel = 0; channel < 3; channel++) data[to + channel] = sample(channel);
  } else if (photometric === CMYK) {
    const paper = 255 - sample(3);
    for (let channel = 0; channel < 3; channel++) data[to + channel] = ((255 - sample(channel)) * paper) / 255;
  } else {
    const grey = photometric === WHITE_IS_ZERO ? 255 - sample(0) : sample(0);
    data[to] = data[to + 1] = data[to + 2] = grey;
  }
}

/**
 * @param {Layout} layout
 * @returns {(line: Uint8Array, at: number) => number} a sample: 0..255, of a palette its number
 */
function reader({ bits, little, photometric }) {
  if (bits === 8) return (line, at) => line[at];
  if (bits === 16) {
    const [high, low] = little ? [1, 0] : [0, 1];
    // 65535 / 255 is 257: to the nearest, without a division that JavaScript would make a float of.
    return (line, at) => (((line[at * 2 + high] << 8) | line[at * 2 + low]) + 128) / 257 | 0;
  }
  const most = (1 << bits) - 1;
  const scale = photometric === PALETTE ? 1 : 255 / most;
  return (line, at) => ((line[(at * bits) >> 3] >> (8 - bits - ((at * bits) & 7))) & most) * scale;
}

/** @param {Layout} layout */
function paletteOf({ colours, bits }) {
  const size = 1 << bits;
  if (bits > 8 || colours.length < 3 * size) throw damaged('TIFF', 'a palette that is too short');
  // Some programs write 8 bit where 16 are meant.
  const shift = colours.every((value) => value < 256) ? 0 : 8;
  /** @param {Uint8ClampedArray} data @param {number} to @param {number} index */
  return (data, to, index) => {
    for (let channel = 0; channel < 3; channel++) data[to + channel] = colours[channel * size + index] >> shift;
  };
}

/**
 * @param {Uint8Array} line changed
 * @param {Layout} layout
 */
function undoDifferences(line, { bits, inPiece, little }) {
  if (bits === 8) {
    for (let at = inPiece; at < line.length; at++) line[at] += line[at - inPiece];
    return;
  }
  const [high, low] = little ? [1, 0] : [0, 1];
  for (let at = inPiece * 2; at + 1 < line.length; at += 2) {
    const before = at - inPiece * 2;
    const sum = ((line[at + high] << 8) | line[at + low]) + ((line[before + high] << 8) | line[before + low]);
    line[at + high] = sum >> 8;
    line[at + low] = sum;
  }
}

/**
 * Straight alpha from premultiplied.
 * @param {Uint8ClampedArray} data
 * @param {number} at
 * @param {number} columns
 */
function divide(data, at, columns) {
  for (let i = 0; i < columns; i++, at += 4) {
    const alpha = data[at + 3];
    if (alpha > 0 && alpha < 255) for (let channel = 0; channel < 3; channel++) data[at + channel] = (data[at + channel] * 255) / alpha;
  }
}
