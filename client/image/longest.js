/**
 * How long a side may be in a file of each type: as its format has bits for it, and as programs then open it.
 *
 * @typedef {import('../shared/protocol.js').FileType} FileType
 * @typedef {import('./read/limits.js').Size} Size
 * @typedef {import('./compose/layout.js').Frame} Frame
 */
import { MatteboxError } from '../shared/errors.js';
import { FILE_TYPES } from '../shared/file-types.js';

/** JPEG is written by a canvas, which in some browsers has 15 bits. */
const JPEG = { most: FILE_TYPES['image/jpeg'].longest, least: 32_767 };

/** @type {number | null} */
let widestCanvas = null;

/** @param {FileType} type */
export const longestSide = (type) => (type === 'image/jpeg' ? (widestCanvas ??= lookAtCanvas()) : FILE_TYPES[type].longest);

function lookAtCanvas() {
  if (typeof OffscreenCanvas === 'undefined') return JPEG.most;
  try {
    const context = new OffscreenCanvas(JPEG.most, 1).getContext('2d', { willReadFrequently: true });
    context?.fillRect(JPEG.most - 1, 0, 1, 1);
    return context?.getImageData(JPEG.most - 1, 0, 1, 1).data[3] === 255 ? JPEG.most : JPEG.least;
  } catch {
    return JPEG.least;
  }
}

/**
 * @param {Size} size
 * @param {FileType} type
 * @returns {Size | null} the largest of that shape which a file of that type holds; null where this one does
 */
function smaller({ width, height }, type) {
  const limit = longestSide(type);
  const scale = limit / Math.max(width, height);
  if (scale >= 1) return null;
  const [toWidth, toHeight] = [width, height].map((side) => Math.min(limit, Math.max(1, Math.round(side * scale))));
  return { width: toWidth, height: toHeight };
}

/**
 * @param {Size} size
 * @param {FileType} type
 * @throws {MatteboxError} `encode-failed` with the reason `too-long`, the limit, and in `reduced` the size of that shape which fits
 */
export function assertFits({ width, height }, type) {
  const reduced = smaller({ width, height }, type);
  if (reduced) throw new MatteboxError('encode-failed', { type, width, height, reason: 'too-long', limit: longestSide(type), reduced });
}

/**
 * For a result of the photo's own size, which is known before there is one.
 * @param {Size} size of the photo
 * @param {import('../shared/protocol.js').OutputOptions} output
 * @throws {MatteboxError} as `assertFits`
 */
export function assertWholeFits(size, { crop, content, type = 'image/png' }) {
  if (!crop && content !== 'matte') assertFits(size, type);
}

/**
 * @param {Frame} frame
 * @param {FileType} [type] of the file
 * @param {boolean} [reduce] rather make it smaller than refuse it
 * @returns {Frame} whose result fits a file of that type
 * @throws {MatteboxError} as `assertFits`
 */
export function fitted(frame, type = 'image/png', reduce = false) {
  const size = { width: frame.toWidth, height: frame.toHeight };
  if (!reduce) assertFits(size, type);
  const { width, height } = smaller(size, type) ?? size;
  return { ...frame, toWidth: width, toHeight: height };
}
