/**
 * Pixels into files.
 *
 * A canvas stores premultiplied colour and loses what is under transparency, so everything that may be transparent is
 * written by a codec of its own (docs/decisions/0016-encoders.md).
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {import('./embed.js').Metadata} Metadata
 * @typedef {import('../../shared/protocol.js').FileType} FileType
 * @typedef {number | 'lossless'} Quality
 */
import { MatteboxError } from '../../shared/errors.js';
import { encodeAvif } from './avif.js';
import { embedInJpeg, embedInPng } from './embed.js';
import { embedInAvif } from './embed-avif.js';
import { embedInWebp } from './embed-webp.js';
import { encodeJpeg } from './jpeg.js';
import { assertFits } from '../longest.js';
import { readMattePng, writeMattePng } from './matte-png.js';
import { encodePng } from './png.js';
import { encodeWebp } from './webp.js';

/** @type {Map<string, WebAssembly.Module>} */
const codecs = new Map();

/** @type {Record<FileType, Quality>} where none is asked for */
const QUALITY = { 'image/png': 'lossless', 'image/webp': 'lossless', 'image/avif': 70, 'image/jpeg': 90 };

/** @type {Record<FileType, (pixels: Pixels, quality: Quality, metadata: Metadata | null) => Promise<BlobPart[]>>} */
const WRITERS = {
  'image/png': async (pixels, _, metadata) => embedInPng(encodePng(codec('png'), pixels), metadata),
  'image/webp': async (pixels, quality, metadata) => embedInWebp(await encodeWebp(codec('webp'), pixels, quality), metadata),
  'image/avif': async (pixels, quality, metadata) => embedInAvif(await encodeAvif(codec('avif'), pixels, quality), metadata),
  'image/jpeg': async (pixels, quality, metadata) => embedInJpeg(await encodeJpeg(pixels, Number(quality)), metadata),
};

/**
 * Hand over a codec's binary. Needed once in a worker, before the first picture of its type; JPEG needs none.
 * @param {'png' | 'webp' | 'avif'} name
 * @param {BufferSource} wasm verified bytes
 * @throws {MatteboxError} `runtime-failed`
 */
export async function loadCodec(name, wasm) {
  try {
    codecs.set(name, await WebAssembly.compile(wasm));
  } catch (thrown) {
    throw MatteboxError.from(thrown, 'runtime-failed', { part: name });
  }
}

/**
 * The picture exactly as large as it is, with straight alpha; JPEG, which has none, takes opaque pixels.
 * @param {Pixels} pixels whose colours are sRGB, or those of `metadata.profile`
 * @param {{ type?: FileType, quality?: Quality }} format PNG when left out. `quality` 1..100 or `lossless`: the default of WebP;
 *   AVIF's is 70, JPEG's, which has no lossless, 90; PNG is always lossless. Alpha is exact whatever the quality.
 * @param {Metadata | null} metadata what goes into the file beside the picture
 * @returns {Promise<Blob>}
 * @throws {MatteboxError} `encode-failed`
 */
export async function encode(pixels, { type = 'image/png', quality = QUALITY[type] } = {}, metadata = null) {
  const { width, height } = pixels;
  try {
    assertFits(pixels, type);
    return new Blob(await WRITERS[type](pixels, quality, metadata), { type });
  } catch (thrown) {
    throw MatteboxError.from(thrown, 'encode-failed', { type, width, height });
  }
}

/**
 * @param {Uint16Array} values one per pixel, 0..65535; read until this is done
 * @param {number} width
 * @param {number} height
 * @param {8 | 16} [depth] bits per sample; 8 rounds
 * @returns {Promise<Blob>} PNG, grey, white where the subject is
 * @throws {MatteboxError} `encode-failed`
 */
export async function encodeMatte(values, width, height, depth = 8) {
  try {
    return await writeMattePng(values, width, height, depth);
  } catch (thrown) {
    throw MatteboxError.from(thrown, 'encode-failed', { type: 'image/png', width, height });
  }
}

/**
 * A matte as `encodeMatte` wrote it, exactly.
 * @param {Blob} blob grey PNG of 8 or 16 bits
 * @returns {Promise<{ values: Uint16Array<ArrayBuffer>, width: number, height: number }>} 0..65535
 * @throws {MatteboxError} `corrupt-image` for anything else
 */
export async function decodeMatte(blob) {
  return readMattePng(blob);
}

/** @param {string} name */
function codec(name) {
  const module = codecs.get(name);
  if (!module) throw new MatteboxError('internal', { cause: `the ${name} codec has not been loaded` });
  return module;
}
