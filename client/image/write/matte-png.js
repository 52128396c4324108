/**
 * A matte as a grey PNG, and back. What writes cutouts (png.js) knows only RGBA, which would make a matte four times
 * as large and give it an alpha channel that means nothing.
 *
 * Both directions work row by row through a stream: of a matte of 50 megapixels, which is 100 MB, only the compressed
 * form is ever held besides the values themselves.
 */
import { MatteboxError } from '../../shared/errors.js';
import { SIGNATURE, chunk, crc32 } from '../png-chunks.js';
import { FILTER_UP, unfilter } from './png-filters.js';

/** Bytes that are handed to the compressor at once, and that an IDAT chunk holds at least. */
const PORTION = 1 << 18;
/** Signature and IHDR with its length, type and CRC. */
const HEAD = 33;
/** What deflate makes of nothing but repetition: 258 bytes of two bits, with a little to spare (RFC 1951, 3.2.5). */
const MAX_RATIO = 1040;

/**
 * @param {Uint16Array} values one per pixel, 0..65535
 * @param {number} width
 * @param {number} height
 * @param {8 | 16} depth bits per sample; 8 rounds
 * @returns {Promise<Blob>} PNG, grey, white where the value is highest
 */
export async function writeMattePng(values, width, height, depth) {
  const parts = [SIGNATURE, chunk('IHDR', header(width, height, depth))];
  let collected = new Uint8Array(0);
  for await (const piece of pieces(rows(values, width, height, depth).pipeThrough(new CompressionStream('deflate')))) {
    collected = collected.length ? joined(collected, piece) : piece;
    if (collected.length < PORTION) continue;
    parts.push(chunk('IDAT', collected));
    collected = new Uint8Array(0);
  }
  parts.push(chunk('IDAT', collected), chunk('IEND', new Uint8Array(0)));
  return new Blob(parts, { type: 'image/png' });
}

/**
 * The values of a grey PNG of 8 or 16 bits without interlacing, exactly: a canvas would round them to 8 bits.
 * @param {Blob} blob
 * @returns {Promise<{ values: Uint16Array<ArrayBuffer>, width: number, height: number }>} 0..65535; what was 8 bits is scaled by 257
 * @throws {MatteboxError} `corrupt-image`
 */
export async function readMattePng(blob) {
  try {
    return await read(await opened(blob));
  } catch (thrown) {
    // What is no valid deflate data, or ends early, is noticed by the stream.
    throw MatteboxError.from(thrown, 'corrupt-image', { type: 'PNG' });
  }
}

/** @param {{ width: number, height: number, depth: number, body: Blob }} file */
async function read({ width, height, depth, body }) {
  const values = new Uint16Array(width * height);
  const size = depth >> 3;
  const stride = width * size;
  const above = new Uint8Array(stride);
  // The first byte of a row names its filter.
  const row = new Uint8Array(stride + 1);
  let filled = 0;
  let y = 0;
  for await (const piece of pieces(body.stream().pipeThrough(new DecompressionStream('deflate')))) {
    for (let at = 0; at < piece.length; ) {
      if (y === height) throw corrupt('more data than pixels');
      const taken = Math.min(piece.length - at, row.length - filled);
      row.set(piece.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < row.length) break;
      if (!unfilter(row, above, size)) throw corrupt('unknown filter');
      spread(row, values, y * width, width, size);
      above.set(row.subarray(1));
      filled = 0;
      y++;
    }
  }
  if (y < height) throw corrupt('fewer data than pixels');
  return { values, width, height };
}

/**
 * @param {number} width
 * @param {number} height
 * @param {number} depth
 */
function header(width, height, depth) {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  view.setUint8(8, depth); // colour type 0 is grey, and the other fields have no other value
  return data;
}

/**
 * Filtered rows, made when they are asked for. Each is its difference from the one above: a matte is mostly flat, and
 * flat becomes zero.
 * @param {Uint16Array} values
 * @param {number} width
 * @param {number} height
 * @param {8 | 16} depth
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
function rows(values, width, height, depth) {
  const stride = width * (depth >> 3) + 1;
  const atOnce = Math.max(1, Math.floor(PORTION / stride));
  let y = 0;
  return new ReadableStream({
    pull(controller) {
      const end = Math.min(height, y + atOnce);
      const out = new Uint8Array(stride * (end - y));
      for (let at = 0; y < end; y++, at += stride) {
        out[at] = FILTER_UP;
        if (depth === 16) differences16(values, y, width, out, at + 1);
        else differences8(values, y, width, out, at + 1);
      }
      controller.enqueue(out);
      if (y === height) controller.close();
    },
  });
}

/**
 * @param {Uint16Array} values
 * @param {number} y
 * @param {number} width
 * @param {Uint8Array} out
 * @param {number} at
 */
function differences8(values, y, width, out, at) {
  const row = y * width;
  if (y === 0) {
    for (let x = 0; x < width; x++) out[at + x] = ((values[x] + 128) / 257) | 0;
    return;
  }
  const up = row - width;
  for (let x = 0; x < width; x++) out[at + x] = (((values[row + x] + 128) / 257) | 0) - (((values[up + x] + 128) / 257) | 0);
}

/**
 * Samples have their high byte first (7.1), and filters work on bytes (9.2).
 * @param {Uint16Array} values
 * @param {number} y
 * @param {number} width
 * @param {Uint8Array} out
 * @param {number} at
 */
function differences16(values, y, width, out, at) {
  const row = y * width;
  for (let x = 0; x < width; x++, at += 2) {
    const value = values[row + x];
    const up = y === 0 ? 0 : values[row - width + x];
    out[at] = (value >> 8) - (up >> 8);
    out[at + 1] = value - up;
  }
}

/**
 * @param {Uint8Array} row a filter's number and the samples
 * @param {Uint16Array} values
 * @param {number} to
 * @param {number} width
 * @param {number} size bytes per sample
 */
function spread(row, values, to, width, size) {
  if (size === 2) for (let x = 0, at = 1; x < width; x++, at += 2) values[to + x] = (row[at] << 8) | row[at + 1];
  else for (let x = 0; x < width; x++) values[to + x] = row[x + 1] * 257;
}

/**
 * Everything of the file but its compressed data, judged before memory is taken for its pixels.
 * @param {Blob} blob
 */
async function opened(blob) {
  const head = new Uint8Array(await blob.slice(0, HEAD).arrayBuffer());
  if (head.length < HEAD || SIGNATURE.some((byte, i) => head[i] !== byte)) throw corrupt('no PNG');
  const view = new DataView(head.buffer);
  const isHeader = view.getUint32(8) === 13 && view.getUint32(12) === 0x49484452;
  if (!isHeader || view.getUint32(29) !== crc32(head, 12, 29)) throw corrupt('no header');
  const [width, height, depth] = [view.getUint32(16), view.getUint32(20), head[24]];
  // Colour type, compression, filter and interlace method.
  const isGrey = (depth === 8 || depth === 16) && head.subarray(25, 29).every((field) => field === 0);
  if (!isGrey) throw corrupt('not grey of 8 or 16 bits without interlacing');
  const body = await imageData(blob);
  const length = (width * (depth >> 3) + 1) * height;
  if (width === 0 || height === 0 || length > body.size * MAX_RATIO) throw corrupt('more pixels than data');
  return { width, height, depth, body };
}

/**
 * The contents of all IDAT chunks in a row. Their CRCs are left alone: the compressed data have a checksum of their own.
 * @param {Blob} blob
 */
async function imageData(blob) {
  const parts = [];
  for (let at = HEAD; at + 12 <= blob.size; ) {
    const view = new DataView(await blob.slice(at, at + 8).arrayBuffer());
    const length = view.getUint32(0);
    const type = view.getUint32(4);
    if (type === 0x49454e44) return new Blob(parts);
    if (type === 0x49444154) parts.push(blob.slice(at + 8, at + 8 + length));
    at += length + 12;
  }
  throw corrupt('no end');
}

/**
 * A stream's pieces. Not every browser's streams can be iterated.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream
 */
async function* pieces(stream) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} a
 * @param {Uint8Array<ArrayBuffer>} b
 */
function joined(a, b) {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/** @param {string} reason */
function corrupt(reason) {
  return new MatteboxError('corrupt-image', { type: 'PNG', reason });
}
