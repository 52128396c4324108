/**
 * How a photo looks, at the size of a screen, for a page whose browser cannot show the file.
 *
 * @typedef {import('./read/decode.js').Pixels} Pixels
 */
import { ownAlpha } from './matte/transparency.js';

/** Pixels of the longer side. */
const LONGEST = 1600;
const QUALITY = 0.85;

/**
 * @param {Pixels} pixels upright, in sRGB; only read, and not any more when this is done
 * @returns {Promise<Blob>} JPEG, or PNG where there is transparency
 */
export async function screenPicture(pixels) {
  const { data, width, height } = pixels;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const [resizeWidth, resizeHeight] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const bitmap = await createImageBitmap(new ImageData(data, width, height), { resizeWidth, resizeHeight, resizeQuality: 'medium' });
  const canvas = new OffscreenCanvas(resizeWidth, resizeHeight);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  const blob = await canvas.convertToBlob(ownAlpha(pixels) ? { type: 'image/png' } : { type: 'image/jpeg', quality: QUALITY });
  // Safari frees a canvas late; without pixels it is small.
  canvas.width = canvas.height = 0;
  return blob;
}
