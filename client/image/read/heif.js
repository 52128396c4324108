/**
 * HEIC into pixels by libheif (LGPL-3.0, unchanged, a file of its own). Its binary comes as verified bytes; nothing of it is
 * loaded before a HEIC needs it.
 *
 * @typedef {object} Plane what libheif decodes to: RGBA
 * @property {Uint8Array} bytes from the first row on; of samples of more than 8 bit, two each, the lower one first
 * @property {number} stride bytes from row to row
 * @property {number} width
 * @property {number} height
 * @property {number} bits of a sample
 *
 * @typedef {object} Libheif what is used of its C interface (libheif/heif.h). A call that can fail writes a `heif_error` to
 *   its first argument: code, subcode and message, 4 bytes each
 * @property {Uint8Array} HEAPU8
 * @property {(bytes: number) => number} _malloc
 * @property {(at: number) => void} _free
 * @property {() => number} _heif_context_alloc
 * @property {(context: number) => void} _heif_context_free
 * @property {(error: number, context: number, data: number, bytes: number, options: number) => void} _heif_context_read_from_memory_without_copy
 * @property {(error: number, context: number, handle: number) => void} _heif_context_get_primary_image_handle
 * @property {(error: number, handle: number, image: number, space: number, chroma: number, options: number) => void} _heif_decode_image
 * @property {(image: number, channel: number, stride: number) => number} _heif_image_get_plane_readonly
 * @property {(image: number, channel: number) => number} _heif_image_get_width
 * @property {(image: number, channel: number) => number} _heif_image_get_height
 * @property {(image: number, channel: number) => number} _heif_image_get_bits_per_pixel_range
 * @property {(image: number) => void} _heif_image_release
 * @property {(handle: number) => void} _heif_image_handle_release
 *
 * @typedef {(options: { wasmBinary: ArrayBuffer }) => Libheif & { ready?: Promise<Libheif> }} Factory
 */
import { MatteboxError } from '../../shared/errors.js';

const TYPE = 'HEIC';
/** `heif_colorspace_RGB`, `heif_chroma_interleaved_RGBA`, `heif_chroma_interleaved_RRGGBBAA_LE`, `heif_channel_interleaved`. */
const RGB = 1;
const RGBA = 11;
const RGBA_DEEP = 15;
const INTERLEAVED = 10;

/** @type {ArrayBuffer | null} */
let binary = null;
/** @type {Promise<Factory> | null} */
let glue = null;

/**
 * Hand over libheif's module. Needed once, before the first HEIC.
 * @param {ArrayBuffer} wasm verified bytes
 */
export function loadHeif(wasm) {
  binary = wasm;
}

/**
 * @template T
 * @param {Uint8Array} file
 * @param {{ most: number, isDeep: boolean }} options `most` pixels: what has more is refused; `isDeep`: all bits of a sample, not 8
 * @param {(plane: Plane) => T} take the primary image, upright, alpha and colours as they are; gone afterwards
 * @returns {Promise<T>}
 * @throws {MatteboxError} `corrupt-image`, `runtime-failed`
 */
export async function decodeHeif(file, { most, isDeep }, take) {
  const heif = await start();
  /** @type {(() => void)[]} */
  const undo = [];
  /** @param {number} bytes */
  const reserve = (bytes) => {
    const at = heif._malloc(bytes);
    if (!at) throw new MatteboxError('out-of-memory', { bytes });
    undo.unshift(() => heif._free(at));
    return at;
  };
  try {
    const error = reserve(12);
    const out = reserve(4);
    const data = reserve(file.length);
    heif.HEAPU8.set(file, data);
    const word = (/** @type {number} */ at) => new DataView(heif.HEAPU8.buffer).getUint32(at, true);
    const check = () => {
      if (word(error) !== 0) throw new MatteboxError('corrupt-image', { type: TYPE, cause: `libheif ${word(error)}/${word(error + 4)}` });
    };
    const context = heif._heif_context_alloc();
    undo.unshift(() => heif._heif_context_free(context));
    heif._heif_context_read_from_memory_without_copy(error, context, data, file.length, 0);
    check();
    heif._heif_context_get_primary_image_handle(error, context, out);
    check();
    const handle = word(out);
    undo.unshift(() => heif._heif_image_handle_release(handle));
    heif._heif_decode_image(error, handle, out, RGB, isDeep ? RGBA_DEEP : RGBA, 0);
    check();
    const image = word(out);
    undo.unshift(() => heif._heif_image_release(image));
    const [width, height] = [heif._heif_image_get_width(image, INTERLEAVED), heif._heif_image_get_height(image, INTERLEAVED)];
    const plane = heif._heif_image_get_plane_readonly(image, INTERLEAVED, out);
    if (!plane || width < 1 || height < 1 || width * height > most) throw new MatteboxError('corrupt-image', { type: TYPE, cause: `${width} × ${height}` });
    const bits = isDeep ? heif._heif_image_get_bits_per_pixel_range(image, INTERLEAVED) : 8;
    return take({ bytes: heif.HEAPU8.subarray(plane), stride: word(out), width, height, bits });
  } catch (thrown) {
    // A trap, or no more memory, inside WebAssembly.
    throw MatteboxError.from(thrown, 'corrupt-image', { type: TYPE });
  } finally {
    for (const step of undo) step();
  }
}

/**
 * A fresh instance: its memory never shrinks, and would hold the largest photo for as long as the worker lives.
 * @returns {Promise<Libheif>}
 */
async function start() {
  if (!binary) throw new MatteboxError('runtime-failed', { part: 'heif' });
  try {
    glue ??= load();
    const factory = await glue;
    return await new Promise((resolve, reject) => {
      const module = factory({ wasmBinary: /** @type {ArrayBuffer} */ (binary) });
      if (module.ready) module.ready.then(resolve, reject);
      else resolve(module);
    });
  } catch (thrown) {
    glue = null;
    throw MatteboxError.from(thrown, 'runtime-failed', { part: 'heif' });
  }
}

/**
 * The glue is a script for Node and for pages: in a module it gives what it has to CommonJS's `module`, if there is one.
 * @returns {Promise<Factory>}
 */
async function load() {
  const realm = /** @type {{ module?: { exports: unknown }, exports?: unknown }} */ (/** @type {unknown} */ (globalThis));
  const module = { exports: /** @type {unknown} */ ({}) };
  realm.module = module;
  realm.exports = module.exports;
  try {
    await import('../../vendor/libheif/libheif.js');
    return /** @type {Factory} */ (module.exports);
  } finally {
    delete realm.module;
    delete realm.exports;
  }
}
