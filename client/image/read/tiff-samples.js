/**
 * Samples of a TIFF into RGBA (TIFF 6.0, sections 4 to 6, 14 and 18).
 *
 * @typedef {import('./colour.js').Samples} Samples
 * @typedef {import('./colour.js').Converter} Converter
 * @typedef {import('./tiff.js').Layout} Layout
 * @typedef {Uint8Array | Uint16Array} Values
 * @typedef {{ x: number, y: number, columns: number, rows: number, rowBytes: number }} Place of a piece in the picture
 */
import { damaged } from './bytes.js';
import { straighten } from './straight.js';

const WHITE_IS_ZERO = 0;
const RGB = 2;
const PALETTE = 3;
const CMYK = 5;
const PREMULTIPLIED = 1;

/**
 * @param {Layout} layout
 * @returns {Samples} that `painter` gives to its converter
 */
export function samplesOf({ bits, samples, photometric }) {
  if (photometric === PALETTE) return { colours: 'rgb', bits: 8, stride: 3 };
  const colours = photometric === RGB ? 'rgb' : photometric === CMYK ? 'cmyk' : 'grey';
  return { colours, bits: bits === 16 ? 16 : 8, stride: samples };
}

/**
 * @param {Layout} layout
 * @param {Uint8ClampedArray} data RGBA, to be painted on
 * @param {Converter} converter of `samplesOf`
 * @returns {(pieces: Uint8Array[], place: Place) => void} paints a piece: one, or one of each plane, which are changed where their
 *   samples are differences
 */
export function painter(layout, data, { convert }) {
  const { bits, samples, photometric, extra, predictor } = layout;
  if (predictor === 2 && bits !== 8 && bits !== 16) throw damaged('TIFF', `differences of ${bits} bit`);
  if (predictor > 2) throw damaged('TIFF', `predictor ${predictor}`);
  const colours = photometric === RGB ? 3 : photometric === CMYK ? 4 : 1;
  const most = bits === 16 ? 65535 : 255;
  /** @type {Values | null} a row, made when the first piece has come: a head can claim any width */
  let row = null;
  // A palette's samples are not scaled, nor is the alpha beside them.
  const opacity = 255 / (photometric === PALETTE ? (1 << bits) - 1 : most);
  const read = reader(layout);
  const palette = photometric === PALETTE ? paletteOf(layout) : null;
  return (pieces, { x, y, columns, rows, rowBytes }) => {
    const values = (row ??= new (bits === 16 ? Uint16Array : Uint8Array)(layout.pieceWidth * samples));
    for (let line = 0; line < rows; line++) {
      pieces.forEach((piece, plane) => {
        const packed = piece.subarray(line * rowBytes, (line + 1) * rowBytes);
        if (predictor === 2) undoDifferences(packed, layout);
        if (pieces.length === 1) read(packed, values, 0, 1, columns * samples);
        else read(packed, values, plane, samples, columns);
      });
      const to = ((y + line) * layout.width + x) * 4;
      if (photometric === WHITE_IS_ZERO) for (let i = 0; i < columns * samples; i += samples) values[i] = most - values[i];
      if (extra === PREMULTIPLIED && photometric !== CMYK && !palette) straighten(values, columns, samples, colours, most);
      if (palette) convert(palette(values, samples, columns), 0, data, to, columns);
      else convert(values, 0, data, to, columns);
      for (let i = 0, at = to + 3; i < columns; i++, at += 4) data[at] = extra ? values[i * samples + colours] * opacity : 255;
    }
  };
}

/**
 * @param {Layout} layout
 * @returns {(line: Uint8Array, values: Values, first: number, step: number, count: number) => void} samples, over all that their
 *   values can hold; those of a palette are its numbers
 */
function reader({ bits, little, photometric }) {
  if (bits === 16) {
    const [high, low] = little ? [1, 0] : [0, 1];
    return (line, values, first, step, count) => {
      for (let i = 0, at = 0, to = first; i < count; i++, at += 2, to += step) values[to] = (line[at + high] << 8) | line[at + low];
    };
  }
  if (bits === 8) {
    return (line, values, first, step, count) => {
      for (let i = 0, to = first; i < count; i++, to += step) values[to] = line[i];
    };
  }
  const most = (1 << bits) - 1;
  const scale = photometric === PALETTE ? 1 : 255 / most;
  return (line, values, first, step, count) => {
    for (let i = 0, to = first; i < count; i++, to += step) values[to] = ((line[(i * bits) >> 3] >> (8 - bits - ((i * bits) & 7))) & most) * scale;
  };
}

/**
 * @param {Layout} layout
 * @returns {(values: Values, step: number, columns: number) => Uint8Array} RGB
 */
function paletteOf({ colours, bits, pieceWidth }) {
  const size = 1 << bits;
  if (bits > 8 || colours.length < 3 * size) throw damaged('TIFF', 'a palette that is too short');
  // Some programs write 8 bit where 16 are meant.
  const shift = colours.every((value) => value < 256) ? 0 : 8;
  /** @type {Uint8Array | null} */
  let row = null;
  return (values, step, columns) => {
    const rgb = (row ??= new Uint8Array(pieceWidth * 3));
    for (let i = 0; i < columns; i++) for (let channel = 0; channel < 3; channel++) rgb[i * 3 + channel] = colours[channel * size + values[i * step]] >> shift;
    return rgb;
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
