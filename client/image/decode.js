/**
 * A file into pixels, upright: EXIF orientation applied, colours converted to sRGB by the browser.
 *
 * @typedef {{ data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number }} Pixels RGBA, 8 bit, straight alpha
 */
import { MatteboxError } from '../errors.js';
import { SNIFF_BYTES, sniff } from './sniff.js';

/**
 * The most pixels a photo may have. At 4 bytes each, with the encoder's copy, 64 megapixels are about 0.6 GB,
 * which a phone's browser still grants.
 */
export const MAX_PIXELS = 64_000_000;

/**
 * @param {Blob} blob
 * @returns {Promise<Pixels>}
 * @throws {MatteboxError} `empty-image`, `unsupported-image`, `image-too-large` (before decoding where the header tells),
 *   `corrupt-image`, `browser-unsupported`
 */
export async function decode(blob) {
  if (blob.size === 0) throw new MatteboxError('empty-image');
  const kind = sniff(new Uint8Array(await blob.slice(0, SNIFF_BYTES).arrayBuffer()));
  if (!kind?.isDecodable) throw new MatteboxError('unsupported-image', { type: kind?.type ?? null });
  refuseTooLarge(kind.width, kind.height);
  if (typeof OffscreenCanvas === 'undefined') throw new MatteboxError('browser-unsupported', { missing: 'OffscreenCanvas' });

  const bitmap = await createImageBitmap(blob, { imageOrientation: 'from-image' }).catch((thrown) => {
    throw MatteboxError.from(thrown, 'corrupt-image', { type: kind.type, bytes: blob.size });
  });
  const { width, height } = bitmap;
  try {
    refuseTooLarge(width, height);
    const canvas = new OffscreenCanvas(width, height);
    // Read back once: a canvas in GPU memory would have to be copied out.
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new MatteboxError('out-of-memory', { width, height });
    context.drawImage(bitmap, 0, 0);
    return { data: context.getImageData(0, 0, width, height).data, width, height };
  } catch (thrown) {
    // A canvas that is too big for the device throws RangeError or InvalidStateError, by browser.
    throw MatteboxError.from(thrown, 'out-of-memory', { width, height });
  } finally {
    bitmap.close();
  }
}

/**
 * @param {number} [width]
 * @param {number} [height]
 */
function refuseTooLarge(width, height) {
  if (width && height && width * height > MAX_PIXELS) {
    throw new MatteboxError('image-too-large', { width, height, limit: MAX_PIXELS });
  }
}
