/**
 * How many pixels a photo may have on this device. Decided from the head of the file, before anything is decoded.
 *
 * @typedef {{ width: number, height: number }} Size
 * @typedef {{ limit: number, hard: number }} Limits in pixels: what is worked on, and what may be decoded to be made smaller
 */

/** What the pipeline holds at its peak for each pixel (bench/pixels.py): the photo, its foreground, the 16-bit matte and the encoder's copy. */
const BYTES_WORKING = 30;
/** Decoding to make it smaller: the browser's picture, and room for the rest. 280 megapixels took 5 bytes for each in Chromium. */
const BYTES_DECODING = 6;
/** A page that takes more of the device's memory is closed by the system before others. */
const SHARE = 1 / 4;
/** In GiB, where a browser does not tell: Firefox and Safari. Phones that run them have half of it, and cameras that suit them. */
const USUAL = 8;
/** More than any camera but medium format: more only costs time. */
const MOST = 64_000_000;
const GIB = 2 ** 30;

/**
 * @param {{ deviceMemory?: number }} device in GiB, as `navigator` tells: rounded to a power of two
 * @returns {Limits}
 */
export function pixelLimits({ deviceMemory = USUAL }) {
  const bytes = deviceMemory * GIB * SHARE;
  return { limit: Math.min(MOST, Math.floor(bytes / BYTES_WORKING)), hard: Math.floor(Math.min(bytes, USUAL * GIB * SHARE) / BYTES_DECODING) };
}

/**
 * @param {Size} size
 * @param {number} limit in pixels
 * @returns {Size} itself when it is within the limit; else smaller, and as near to its shape as whole pixels allow
 */
export function reducedTo({ width, height }, limit) {
  if (width * height <= limit) return { width, height };
  const scale = Math.sqrt(limit / (width * height));
  const short = Math.max(1, Math.floor(Math.min(width, height) * scale));
  const long = Math.min(Math.floor(Math.max(width, height) * scale), Math.floor(limit / short));
  return width < height ? { width: short, height: long } : { width: long, height: short };
}
