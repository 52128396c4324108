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
import { FILE_TYPES } from '../../shared/file-types.js';
import { onDemand } from '../../shared/on-demand.js';
import { assertFits } from '../longest.js';
import * as png from './png.js';

const emscripten = onDemand(() => import('../emscripten.js'), 'emscripten.js');
const jpeg = onDemand(() => import('./jpeg.js'), 'jpeg.js');
const webp = onDemand(() => import('./webp.js'), 'webp.js');
const avif = onDemand(() => import('./avif.js'), 'avif.js');
const mattes = onDemand(() => import('./matte-png.js'), 'matte-png.js');

/** @type {Map<string, WebAssembly.Module>} */
const codecs = new Map();

/**
 * What writes each type. PNG, which all are written as that nobody chose a type for, is at hand, whatever has become of the server.
 * @type {Record<FileType, () => Promise<{ write: Write }>>}
 *
 * @callback Write
 * @param {Pixels} pixels
 * @param {Quality} quality
 * @param {Metadata | null} metadata
 * @param {(name: string) => WebAssembly.Module} codec the compiled codec of that name
 * @returns {Promise<BlobPart[]>}
 */
const WRITERS = {
  'image/png': async () => png,
  'image/webp': webp,
  'image/avif': avif,
  'image/jpeg': jpeg,
};

/**
 * Hand over a codec's binary. Needed once in a worker, before the first picture of its type; PNG and JPEG need none.
 * @param {'webp' | 'avif'} name
 * @param {BufferSource} wasm verified bytes
 * @throws {MatteboxError} `runtime-failed`, `network` where what starts it cannot be had
 */
export async function loadCodec(name, wasm) {
  codecs.set(name, await (await emscripten()).compile(name, wasm));
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
export async function encode(pixels, { type = 'image/png', quality = FILE_TYPES[type].quality } = {}, metadata = null) {
  const { width, height } = pixels;
  try {
    assertFits(pixels, type);
    const { write } = await WRITERS[type]();
    return new Blob(await write(pixels, quality, metadata, codec), { type });
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
    return await (await mattes()).writeMattePng(values, width, height, depth);
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
  return (await mattes()).readMattePng(blob);
}

/** @param {string} name */
function codec(name) {
  const module = codecs.get(name);
  if (!module) throw new MatteboxError('internal', { cause: `the ${name} codec has not been loaded` });
  return module;
}
