/**
 * A large photo as small as its card, before it is cut out. Of a picture that a page shows, a browser decodes every pixel and holds them
 * for long: 58 MB for each photo of 12 megapixels in view, and 347 MB of six half a minute after they were gone (measured in Chromium).
 */

/**
 * Where it is made: here it would keep the page from answering, for a browser makes a picture smaller on the thread that asks for it (57 to 96 ms of 12 megapixels).
 * @typedef {(photo: Blob, width: number) => Promise<ImageBitmap>} Maker `width` in pixels; rejects where this browser cannot show it
 */

/** @type {Maker} */
let make = () => Promise.reject(new Error('nobody makes thumbnails'));

/** @param {Maker} maker */
export const thumbnailsBy = (maker) => { make = maker; };

/** One after the other: while it is decoded, each takes the memory of all its pixels. @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * @param {() => Blob | null} photo asked for when its turn has come; null where it is not wanted any more
 * @param {number} width in pixels
 * @returns {Promise<HTMLCanvasElement | null>} null for one that is not wanted any more, or that this browser cannot show
 */
export function thumbnail(photo, width) {
  const made = last.then(async () => {
    const blob = photo();
    if (!blob) return null;
    const bitmap = await make(blob, width);
    const canvas = document.createElement('canvas');
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
    return canvas;
  });
  const settled = made.catch(() => null);
  last = settled;
  return settled;
}
