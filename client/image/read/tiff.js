/**
 * TIFF into pixels (TIFF 6.0): strips or tiles, together or by plane, of 1 to 16 bit.
 *
 * @typedef {import('./bytes.js').Bytes} Bytes
 * @typedef {import('./decode.js').Pixels} Pixels
 */
import { damaged, truncated } from './bytes.js';
import { converterOf } from './colour.js';
import { readDirectory, readNumbers } from './exif.js';
import { inflate } from './inflate.js';
import { painter, samplesOf } from './tiff-samples.js';
import { unpackBits, unpackLzw } from './tiff-strips.js';

const TYPE = 'TIFF';
const TAGS = /** @type {const} */ ({
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planes: 284,
  predictor: 317,
  colours: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  extra: 338,
});
const MOST_PIECES = 1 << 20;
const MOST_IN_PIECE = 1 << 28;
const MOST_SAMPLES = 64;
/** Channels of RGB and CMYK; the others have one. */
const CHANNELS = /** @type {Record<number, number>} */ ({ 2: 3, 5: 4 });

/**
 * @typedef {object} Layout
 * @property {boolean} little
 * @property {number} width
 * @property {number} height
 * @property {number} bits of a sample
 * @property {number} samples of a pixel
 * @property {number} inPiece samples of a pixel that one piece holds: all, or 1 where each plane has its own
 * @property {number} photometric
 * @property {number} extra meaning of the first sample beyond the colours: 1 premultiplied alpha, 2 alpha; 0 nothing
 * @property {number[]} colours of a palette, 16 bit: all reds, all greens, all blues
 * @property {number} compression
 * @property {number} predictor
 * @property {boolean} isReversed whether the first pixel is in the lowest bit
 * @property {boolean} isTiled
 * @property {number} pieceWidth
 * @property {number} pieceHeight
 * @property {number[]} offsets
 * @property {number[]} lengths
 */

/**
 * @param {Bytes} bytes whose head `readTiff` has found sound
 * @param {Uint8Array | null} [profile] that explains its colours; without one they come as they are
 * @returns {Promise<{ pixels: Pixels, isConverted: boolean }>} as stored: not turned. Of a profile that could not be obeyed, not converted
 * @throws {import('../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function decodeTiff(bytes, profile = null) {
  const layout = await layoutOf(bytes);
  const { width, height, pieceWidth, pieceHeight, offsets, lengths } = layout;
  const across = Math.ceil(width / pieceWidth);
  const down = Math.ceil(height / pieceHeight);
  const planes = layout.samples / layout.inPiece;
  if (offsets.length < across * down * planes || lengths.length < offsets.length) throw damaged(TYPE, 'too few strips');
  const data = new Uint8ClampedArray(width * height * 4);
  const converter = await converterOf(profile, samplesOf(layout));
  const paint = painter(layout, data, converter);
  const rowBytes = Math.ceil((pieceWidth * layout.bits * layout.inPiece) / 8);
  for (let place = 0; place < across * down; place++) {
    const x = (place % across) * pieceWidth;
    const y = Math.floor(place / across) * pieceHeight;
    // A strip ends with the picture, a tile is always whole.
    const rows = layout.isTiled ? pieceHeight : Math.min(pieceHeight, height - y);
    const needed = Math.min(rows, height - y) * rowBytes;
    const pieces = [];
    for (let plane = 0; plane < planes; plane++) pieces.push(await unpack(bytes, layout, plane * across * down + place, rows * rowBytes));
    if (pieces.some(({ length }) => length < needed)) throw truncated(TYPE);
    paint(pieces, { x, y, columns: Math.min(pieceWidth, width - x), rows: Math.min(rows, height - y), rowBytes });
  }
  return { pixels: { data, width, height }, isConverted: converter.isConverted() };
}

/**
 * @param {Bytes} bytes
 * @returns {Promise<Layout>}
 */
async function layoutOf(bytes) {
  const directory = await readDirectory(bytes, { start: 0, end: bytes.size });
  if (!directory) throw truncated(TYPE);
  /**
   * @param {number} tag
   * @param {number} most
   */
  const list = async (tag, most) => (await readNumbers(bytes, directory, tag, most)) ?? [];
  /**
   * @param {number} tag
   * @param {number} otherwise
   */
  const number = async (tag, otherwise) => (await list(tag, MOST_SAMPLES))[0] ?? otherwise;
  const [width, height] = [await number(TAGS.width, 0), await number(TAGS.height, 0)];
  const samples = await number(TAGS.samples, 1);
  const isTiled = directory.entries.has(TAGS.tileOffsets);
  const planes = await number(TAGS.planes, 1);
  const photometric = await number(TAGS.photometric, 1);
  const pieceWidth = isTiled ? await number(TAGS.tileWidth, 0) : width;
  const pieceHeight = isTiled ? await number(TAGS.tileHeight, 0) : Math.min(height, await number(TAGS.rowsPerStrip, height));
  const colours = CHANNELS[photometric] ?? 1;
  if (samples < colours || samples > MOST_SAMPLES || !fits(pieceWidth, pieceHeight)) throw damaged(TYPE, 'a layout that cannot be');
  const offsets = await list(isTiled ? TAGS.tileOffsets : TAGS.stripOffsets, MOST_PIECES);
  return {
    little: directory.little,
    width,
    height,
    bits: await number(TAGS.bits, 1),
    samples,
    inPiece: planes === 2 ? 1 : samples,
    photometric,
    extra: samples > colours ? await number(TAGS.extra, 0) : 0,
    colours: await list(TAGS.colours, 3 * 256),
    compression: await number(TAGS.compression, 1),
    predictor: await number(TAGS.predictor, 1),
    isReversed: (await number(TAGS.fillOrder, 1)) === 2,
    isTiled,
    pieceWidth,
    pieceHeight,
    offsets,
    lengths: lengthsOf(offsets, await list(isTiled ? TAGS.tileBytes : TAGS.stripBytes, MOST_PIECES), bytes.size),
  };
}

/**
 * Some programs leave the lengths out, or write zeros: a piece then goes on to where the next one begins, as libtiff has it.
 * @param {number[]} offsets
 * @param {number[]} told
 * @param {number} end of the file
 * @returns {number[]}
 */
function lengthsOf(offsets, told, end) {
  if (told.length >= offsets.length && told.some((length) => length > 0)) return told;
  const starts = [...new Set([...offsets, end])].sort((a, b) => a - b);
  const following = new Map(starts.map((start, i) => [start, starts[i + 1] ?? start]));
  return offsets.map((offset) => Math.max(0, Number(following.get(offset)) - offset));
}

/**
 * @param {number} width of a piece
 * @param {number} height
 */
const fits = (width, height) => width > 0 && height > 0 && width * height <= MOST_IN_PIECE;

/**
 * @param {Bytes} bytes
 * @param {Layout} layout
 * @param {number} piece
 * @param {number} most bytes of it that make sense
 * @returns {Promise<Uint8Array>}
 */
async function unpack(bytes, { offsets, lengths, compression, isReversed }, piece, most) {
  const start = offsets[piece];
  const packed = await bytes.copy({ start, end: start + lengths[piece] });
  if (isReversed) packed.forEach((byte, i) => void (packed[i] = reversed(byte)));
  switch (compression) {
    case 1:
      return packed;
    case 5:
      return unpackLzw(packed, most);
    case 32773:
      return unpackBits(packed, most);
    case 50000: {
      const { unpackZstandard } = await import('./tiff-zstandard.js');
      return unpackZstandard(packed, most);
    }
    default:
      return inflate(packed, most);
  }
}

/** @param {number} byte */
function reversed(byte) {
  let out = 0;
  for (let bit = 0; bit < 8; bit++) out |= ((byte >> bit) & 1) << (7 - bit);
  return out;
}
