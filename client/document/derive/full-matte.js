/**
 * A model's matte at the size of the picture that it saw.
 *
 * @typedef {import('../../image/read/decode.js').Pixels} Pixels
 * @typedef {import('../document.js').SmallMatte} SmallMatte
 */
import { enlargeMatte } from '../../image/matte/enlarge.js';
import { refineMatte } from '../../image/matte/refine.js';
import { multiplyByAlpha, shown } from '../../image/matte/transparency.js';
import { unpacked } from '../document.js';

/**
 * @param {{ pixels: Pixels, own: unknown }} photo or a part of one; `own` is null where it is opaque
 * @param {SmallMatte | null} small null where its own transparency is the matte
 * @param {boolean} isRefined whether it follows the photo's edges
 * @returns {Uint16Array<ArrayBuffer>} 0..65535, one per pixel, the photo's own transparency in it
 */
export function fullMatte({ pixels, own }, small, isRefined) {
  const { width, height } = pixels;
  const full = small ? enlarged(small, own && isRefined ? shown(pixels) : pixels, isRefined) : new Uint16Array(width * height).fill(65535);
  if (own) multiplyByAlpha(full, pixels);
  return full;
}

/**
 * @param {SmallMatte} small
 * @param {Pixels} pixels as the model saw them
 * @param {boolean} isRefined
 */
function enlarged({ values, columns, rows }, pixels, isRefined) {
  const matte = unpacked(values);
  return isRefined ? refineMatte(matte, columns, rows, pixels) : enlargeMatte(matte, columns, rows, pixels.width, pixels.height);
}
