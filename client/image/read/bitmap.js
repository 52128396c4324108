/**
 * The browser's picture into pixels. A canvas of the photo's size would be a third copy of it, and some browsers refuse, or
 * silently leave empty, what is larger than 16 megapixels: so a small one takes it strip by strip.
 *
 * @typedef {import('./decode.js').Pixels} Pixels
 */
import { MatteboxError } from '../../shared/errors.js';

/** Pixels of a strip: large enough that its share of a photo's time cannot be seen. */
const STRIP = 2 ** 21;

/**
 * @param {ImageBitmap} bitmap closed afterwards
 * @returns {Pixels}
 * @throws {MatteboxError} `browser-unsupported`, `out-of-memory`
 */
export function pixelsOf(bitmap) {
  const { width, height } = bitmap;
  if (typeof OffscreenCanvas === 'undefined') throw new MatteboxError('browser-unsupported', { missing: 'OffscreenCanvas' });
  try {
    const rows = Math.max(1, Math.min(height, Math.floor(STRIP / width)));
    const canvas = new OffscreenCanvas(width, rows);
    // Read back at once: a canvas in GPU memory would have to be copied out.
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new MatteboxError('out-of-memory', { width, height });
    context.globalCompositeOperation = 'copy';
    const data = new Uint8ClampedArray(width * height * 4);
    for (let y = 0; y < height; y += rows) {
      const band = Math.min(rows, height - y);
      context.drawImage(bitmap, 0, y, width, band, 0, 0, width, band);
      data.set(context.getImageData(0, 0, width, band).data, y * width * 4);
    }
    return { data, width, height };
  } catch (thrown) {
    // What is too big for the device throws RangeError or InvalidStateError, by browser.
    throw MatteboxError.from(thrown, 'out-of-memory', { width, height });
  } finally {
    bitmap.close();
  }
}

/**
 * @param {Pixels} pixels no longer the caller's
 * @param {import('./limits.js').Size} size not larger
 * @returns {Promise<Pixels>}
 */
export async function shrink({ data, width, height }, size) {
  const options = /** @type {const} */ ({ resizeWidth: size.width, resizeHeight: size.height, resizeQuality: 'high' });
  return pixelsOf(await createImageBitmap(new ImageData(data, width, height), options));
}
