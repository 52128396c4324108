/**
 * The types of file that are written, a row each. What writes one is a row in image/write/encode.js.
 *
 * @typedef {'image/png' | 'image/webp' | 'image/avif' | 'image/jpeg'} FileType
 *
 * @typedef {object} Facts
 * @property {string} name as people know it
 * @property {string} extension
 * @property {import('./protocol-output.js').CodecName | null} codec that is fetched to write it: PNG's is always there, and JPEG is the
 *   browser's own
 * @property {number | 'lossless'} quality where none is asked for, 1..100
 * @property {number} longest pixels of a side that it has bits for, and that programs open
 */

/** @type {Readonly<Record<FileType, Facts>>} */
export const FILE_TYPES = Object.freeze({
  'image/png': { name: 'PNG', extension: 'png', codec: null, quality: 'lossless', longest: Infinity },
  // 14 bits (RFC 9649, 2.5).
  'image/webp': { name: 'WebP', extension: 'webp', codec: 'webp', quality: 'lossless', longest: 16_383 },
  // 16 bits, of which libavif, in browsers too, opens half.
  'image/avif': { name: 'AVIF', extension: 'avif', codec: 'avif', quality: 70, longest: 32_768 },
  // 16 bits (T.81, B.2.2).
  'image/jpeg': { name: 'JPEG', extension: 'jpg', codec: null, quality: 90, longest: 65_535 },
});

/** @param {string} type @returns {Facts | undefined} undefined for one that is not written here */
export const fileType = (type) => (Object.hasOwn(FILE_TYPES, type) ? FILE_TYPES[/** @type {FileType} */ (type)] : undefined);

/** Types by the word that settings have for them: `png` for `image/png`. */
export const FORMATS = /** @type {Readonly<Record<'png' | 'webp' | 'avif' | 'jpeg', FileType>>} */ (
  Object.freeze(Object.fromEntries(Object.keys(FILE_TYPES).map((type) => [type.slice('image/'.length), type])))
);

/** @param {string} type of a file @returns {string} what people call it */
export const formatName = (type) => fileType(type)?.name ?? type.replace('image/', '').toUpperCase();
