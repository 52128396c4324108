/**
 * HEIC into pixels: which build of libheif it takes, and what is done with what that leaves as it was stored.
 *
 * @typedef {import('./decode.js').Pixels} Pixels
 * @typedef {import('./inspect.js').Look} Look
 * @typedef {import('./heif.js').Plane} Plane
 */
import { straighten } from './straight.js';

/**
 * @param {Look} seen
 * @param {number} most pixels
 * @returns {Promise<Pixels>} of the primary image, upright, straight alpha, colours as they are
 * @throws {import('../errors.js').MatteboxError} `corrupt-image`, `runtime-failed`
 */
export async function decodeHeic({ head, bytes }, most) {
  const file = await bytes.copy({ start: 0, end: bytes.size });
  const take = (/** @type {Plane} */ plane) => ({ data: rows(plane), width: plane.width, height: plane.height });
  const pixels = await decode(file, head, { most, isDeep: false }, take);
  if (head.isPremultiplied) straighten(pixels.data, pixels.width * pixels.height, 4, 3, 255);
  return pixels;
}

/**
 * @template T
 * @param {Uint8Array} file
 * @param {import('./heads/head.js').Head} head
 * @param {{ most: number, isDeep: boolean }} options
 * @param {(plane: Plane) => T} take
 */
async function decode(file, { isFullChroma, item }, options, take) {
  if (isFullChroma && item !== null) {
    const { decodeHeif444 } = await import('./heif-444.js');
    return decodeHeif444(file, { ...options, item }, take);
  }
  const { decodeHeif } = await import('./heif.js');
  return decodeHeif(file, options, take);
}

/**
 * @param {Plane} plane of 8 bit
 * @returns {Uint8ClampedArray<ArrayBuffer>}
 */
function rows({ bytes, stride, width, height }) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) data.set(bytes.subarray(y * stride, y * stride + width * 4), y * width * 4);
  return data;
}
