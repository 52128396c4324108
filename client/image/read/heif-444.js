/**
 * HEIC with full colour resolution (4:4:4), as phones write photos that were edited. libheif-js carries libde265 1.0.15, which gets
 * their scaling lists wrong; the build of heic-to (LGPL-3.0, unchanged, a file of its own) carries a later one. It is a script
 * without a binary, three times slower, and is loaded for these photos only (docs/decisions/0025-heic.md).
 *
 * @typedef {import('./heif.js').Plane} Plane
 *
 * @typedef {{ code?: { value: number } }} Result a `heif_error`, whose code of what went well is 0; or what was asked for
 *
 * @typedef {object} Libheif what is used of its interface
 * @property {() => object} heif_context_alloc
 * @property {(context: object, file: Uint8Array) => Result} heif_context_read_from_memory
 * @property {(context: object, item: number) => Result} heif_js_context_get_image_handle
 * @property {(handle: object, space: unknown, chroma: unknown) => Promise<Result & Decoded>} heif_js_decode_image2
 * @property {{ heif_colorspace_RGB: unknown }} heif_colorspace
 * @property {Record<'heif_chroma_interleaved_RGBA' | 'heif_chroma_interleaved_RRGGBBAA_LE', unknown>} heif_chroma
 *
 * @typedef {{ channels: { data: Uint8Array, stride: number, width: number, height: number, bits_per_pixel: number }[] }} Decoded
 */
import { MatteboxError } from '../../shared/errors.js';

const TYPE = 'HEIC';

/**
 * @template T
 * @param {Uint8Array} file
 * @param {{ item: number, most: number, isDeep: boolean }} options the picture's number in the file; the others as for `decodeHeif`
 * @param {(plane: Plane) => T} take the image, upright, alpha and colours as they are; gone afterwards
 * @returns {Promise<T>}
 * @throws {MatteboxError} `corrupt-image`, `runtime-failed`
 */
export async function decodeHeif444(file, { item, most, isDeep }, take) {
  // An instance of its own: its memory never shrinks.
  const heif = await start();
  try {
    const context = heif.heif_context_alloc();
    check(heif.heif_context_read_from_memory(context, file));
    const handle = check(heif.heif_js_context_get_image_handle(context, item));
    const { heif_chroma_interleaved_RGBA: rgba, heif_chroma_interleaved_RRGGBBAA_LE: deep } = heif.heif_chroma;
    const { channels } = check(await heif.heif_js_decode_image2(handle, heif.heif_colorspace.heif_colorspace_RGB, isDeep ? deep : rgba));
    const [{ data: bytes, stride, width, height, bits_per_pixel: bits }] = channels;
    if (width < 1 || height < 1 || width * height > most) throw new MatteboxError('corrupt-image', { type: TYPE, cause: `${width} × ${height}` });
    return take({ bytes, stride, width, height, bits: isDeep ? bits : 8 });
  } catch (thrown) {
    throw MatteboxError.from(thrown, 'corrupt-image', { type: TYPE });
  }
}

/**
 * @template {Result} T
 * @param {T} result
 * @returns {T}
 */
function check(result) {
  if (result?.code?.value) throw new MatteboxError('corrupt-image', { type: TYPE, cause: `libheif ${result.code.value}` });
  return result;
}

/** @returns {Promise<Libheif>} */
async function start() {
  try {
    const { default: factory } = await import('../../vendor/heic-to/libheif.js');
    return await factory();
  } catch (thrown) {
    throw MatteboxError.from(thrown, 'runtime-failed', { part: 'heif' });
  }
}
