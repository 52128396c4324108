/**
 * What a thing leaves behind that was taken away: a model's region ends up to half a place of its own too soon, and where the matte ends still
 * further out a line is left along the border, as thin as that. Near the region, what is no wider goes as well.
 *
 * @typedef {import('../../edits.js').Box} Box
 * @typedef {import('./boxes.js').Size} Size
 */
import { cutMatte, grown, inPhoto, putMatte } from './boxes.js';
import { dilate } from './dilate.js';

/** Of 65535, from which on a pixel belongs to the region. */
const HALF = 32768;

/**
 * A grey opening by an octagon: eroded, then dilated, so that what is thinner is gone, and all else is as it was. Along the photo's border
 * nothing counts as thin.
 * @param {Uint16Array<ArrayBuffer>} matte without the region; changed in place
 * @param {Size} size of the matte
 * @param {Uint16Array} region 0..65535, of each pixel in `seen`
 * @param {Box} seen
 * @param {number} place pixels along a side of the model's places
 * @returns {Box} outside of which nothing changed
 */
export function clearRim(matte, size, region, seen, place) {
  const radius = Math.ceil(place / 2) + 1;
  // As far as the region's surroundings are changed by what is around them, and a rim that `dilate` leaves alone.
  const box = inPhoto(grown(seen, 6 * radius), size);
  const near = new Uint16Array(box.width * box.height);
  putMatte(near, box.width, { ...seen, x: seen.x - box.x, y: seen.y - box.y }, region.map((value) => (value >= HALF ? 65535 : 0)));
  dilate(near, box.width, box.height, 2 * radius);
  const before = cutMatte(matte, size.width, box);
  const opened = before.map((value) => 65535 - value);
  dilate(opened, box.width, box.height, radius);
  for (let i = 0; i < opened.length; i++) opened[i] = 65535 - opened[i];
  dilate(opened, box.width, box.height, radius);
  for (let i = 0; i < before.length; i++) if (near[i] > 0 && opened[i] < before[i]) before[i] = opened[i];
  putMatte(matte, size.width, box, before);
  return box;
}
