/**
 * JPEG XL (ISO/IEC 18181-1, annex D; 18181-2): size and turn, from the first bits of the codestream, which stands alone or in boxes.
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('./head.js').Head} Head
 */
import { damaged, truncated } from '../bytes.js';
import { boxesIn } from './boxes.js';
import { headOf } from './head.js';

const TYPE = 'JPEG XL';
/** What a size and all before the turn may take. */
const BYTES = 24;
/** Before the TIFF structure of a box of Exif: how far into it that begins. */
const EXIF_OFFSET = 4;
/** Width by height, by the number of the ratio. */
const RATIOS = [NaN, 1, 12 / 10, 4 / 3, 3 / 2, 16 / 9, 5 / 4, 2];
const SIZE_BITS = [9, 13, 18, 30];

/**
 * @param {Bytes} bytes
 * @returns {Promise<Head>} the size is the one before it is turned
 * @throws {import('../../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function readJxl(bytes) {
  const isNaked = (await bytes.need(0, 2, TYPE)).getUint16(0) === 0xff0a;
  const boxes = isNaked ? [] : await boxesIn(bytes, { start: 0, end: bytes.size }, TYPE);
  const stream = boxes.find(({ name }) => name === 'jxlc' || name === 'jxlp');
  if (!isNaked && !stream) throw truncated(TYPE);
  // Of a stream in parts, the first; its number comes before it.
  const start = stream ? stream.start + (stream.name === 'jxlp' ? 4 : 0) : 0;
  const view = await bytes.view(start, BYTES);
  if (view.byteLength < 4) throw truncated(TYPE);
  if (view.getUint16(0) !== 0xff0a) throw damaged(TYPE, 'no codestream');
  const exif = boxes.find(({ name, start: from, end }) => name === 'Exif' && end - from > EXIF_OFFSET);
  const xmp = boxes.find(({ name }) => name === 'xml ');
  return headOf({
    ...stored(bitsOf(view)),
    exif: exif ? { start: exif.start + EXIF_OFFSET + (await offsetOf(bytes, exif.start)), end: exif.end } : null,
    xmp: xmp ?? null,
  });
}

/**
 * @param {(count: number) => number} bits
 * @returns {Pick<Head, 'width' | 'height' | 'orientation'>}
 */
function stored(bits) {
  const isSmall = bits(1) === 1;
  const side = () => (isSmall ? (bits(5) + 1) * 8 : bits(SIZE_BITS[bits(2)]) + 1);
  const height = side();
  const ratio = bits(3);
  const width = ratio === 0 ? side() : Math.floor(height * RATIOS[ratio] + 1e-6);
  // All by default, or without the fields of which the turn is the first.
  const orientation = bits(1) === 0 && bits(1) === 1 ? bits(3) + 1 : 1;
  return { width, height, orientation };
}

/**
 * @param {DataView} view of a codestream
 * @returns {(count: number) => number} the next bits behind its signature, the lowest first; zeros behind the end
 */
function bitsOf(view) {
  let at = 16;
  return (count) => {
    let value = 0;
    for (let i = 0; i < count; i++, at++) {
      const byte = at >> 3 < view.byteLength ? view.getUint8(at >> 3) : 0;
      value += ((byte >> (at & 7)) & 1) * 2 ** i;
    }
    return value;
  };
}

/**
 * @param {Bytes} bytes
 * @param {number} at
 */
async function offsetOf(bytes, at) {
  return (await bytes.need(at, EXIF_OFFSET, TYPE)).getUint32(0);
}
