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
 * @returns {Promise<{ pixels: Pixels, isToneMapped: boolean }>} of the primary image, upright, straight alpha; colours as they are, or, of HDR,
 *   in sRGB
 * @throws {import('../../shared/errors.js').MatteboxError} `corrupt-image`, `runtime-failed`
 */
export async function decodeHeic({ head, bytes }, most) {
  const { transfer, primaries, isPremultiplied } = head;
  const file = await bytes.copy({ start: 0, end: bytes.size });
  if (transfer) {
    const { toneMapped } = await import('./tone.js');
    const take = (/** @type {Plane} */ plane) => ({ ...sizeOf(plane), data: toneMapped(deepOf(plane, isPremultiplied), { transfer, primaries }) });
    return { pixels: await decode(file, head, { most, isDeep: true }, take), isToneMapped: true };
  }
  const pixels = await decode(file, head, { most, isDeep: false }, (plane) => ({ ...sizeOf(plane), data: rows(plane) }));
  if (isPremultiplied) straighten(pixels.data, pixels.width * pixels.height, 4, 3, 255);
  return { pixels, isToneMapped: false };
}

/** @param {Plane} plane */
const sizeOf = ({ width, height }) => ({ width, height });

/**
 * @param {Plane} plane
 * @param {boolean} isPremultiplied
 * @returns {import('./tone.js').Deep}
 */
function deepOf({ bytes, stride, width, height, bits }, isPremultiplied) {
  const values = new Uint16Array(width * 4);
  const copied = new Uint8Array(values.buffer);
  /** @param {number} y */
  const row = (y) => {
    copied.set(bytes.subarray(y * stride, y * stride + width * 8));
    if (isPremultiplied) straighten(values, width, 4, 3, 2 ** bits - 1);
    return values;
  };
  return { row, width, height, bits };
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
