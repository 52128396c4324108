/**
 * Pixels into JPEG by the browser. Without transparency a canvas loses nothing, and its encoder is native code: there
 * is nothing to fetch.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 */
import { embedInJpeg } from './embed-jpeg.js';

/**
 * @param {Pixels} pixels opaque: what is transparent is written as black
 * @param {number} quality 1..100
 * @returns {Promise<Blob>}
 */
async function encodeJpeg({ data, width, height }, quality) {
  const canvas = new OffscreenCanvas(width, height);
  // In memory, not on the GPU: it would have to be read back.
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (!context) throw new Error('no canvas of this size');
  context.putImageData(new ImageData(data, width, height), 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: quality / 100 });
  // Safari frees a canvas late; without pixels it is small.
  canvas.width = canvas.height = 0;
  if (blob.type !== 'image/jpeg') throw new Error(`the browser wrote ${blob.type}`);
  return blob;
}

/** @type {import('./encode.js').Write} */
export const write = async (pixels, quality, metadata) => embedInJpeg(await encodeJpeg(pixels, Number(quality)), metadata);
