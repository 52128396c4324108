/**
 * A box that is drawn, moved and resized on a photo. Pure; lengths in pixels of the photo.
 *
 * @typedef {import('../document/edits.js').Box} Box
 * @typedef {import('../document/edits.js').Point} Point
 * @typedef {{ width: number, height: number }} Size
 * @typedef {'move' | 'new' | { x: -1 | 0 | 1, y: -1 | 0 | 1 }} Grip what is held of it: all of it, nothing yet, or an edge or corner
 */

/** No smaller box can be told from a slip of the hand. */
export const LEAST = 16;

/** @param {Point} a @param {Point} b @param {Size} photo @returns {Box} between them, in whole pixels within the photo */
export function boxBetween(a, b, photo) {
  const within = (/** @type {number} */ value, /** @type {number} */ most) => Math.min(most, Math.max(0, Math.round(value)));
  const [left, right] = [a.x, b.x].map((x) => within(x, photo.width)).toSorted((p, q) => p - q);
  const [top, bottom] = [a.y, b.y].map((y) => within(y, photo.height)).toSorted((p, q) => p - q);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** @param {Box} box @param {number} x @param {number} y @param {Size} photo @returns {Box} moved by so much, as far as it stays within the photo */
export function moved(box, x, y, photo) {
  return { ...box, x: Math.round(Math.min(photo.width - box.width, Math.max(0, box.x + x))), y: Math.round(Math.min(photo.height - box.height, Math.max(0, box.y + y))) };
}

/**
 * @param {Box} box
 * @param {{ x: -1 | 0 | 1, y: -1 | 0 | 1 }} grip the edge or corner that is moved: -1 for the left or upper one
 * @param {number} x by so much
 * @param {number} y
 * @param {Size} photo
 * @returns {Box} at least `LEAST` wide and high
 */
export function resized(box, grip, x, y, photo) {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const limit = (/** @type {number} */ value, /** @type {number} */ least, /** @type {number} */ most) => Math.round(Math.min(most, Math.max(least, value)));
  const left = grip.x < 0 ? limit(box.x + x, 0, right - LEAST) : box.x;
  const top = grip.y < 0 ? limit(box.y + y, 0, bottom - LEAST) : box.y;
  const end = { x: grip.x > 0 ? limit(right + x, left + LEAST, photo.width) : right, y: grip.y > 0 ? limit(bottom + y, top + LEAST, photo.height) : bottom };
  return { x: left, y: top, width: end.x - left, height: end.y - top };
}

/**
 * @param {Box | null} box
 * @param {Point} at
 * @param {number} reach how far from a corner or an edge it is still held
 * @returns {Grip}
 */
export function gripAt(box, at, reach) {
  if (!box) return 'new';
  /** @param {number} value @param {number} start @param {number} length @returns {-1 | 0 | 1} */
  const side = (value, start, length) => (Math.abs(value - start) <= reach ? -1 : Math.abs(value - start - length) <= reach ? 1 : 0);
  const isNear = at.x >= box.x - reach && at.x <= box.x + box.width + reach && at.y >= box.y - reach && at.y <= box.y + box.height + reach;
  if (!isNear) return 'new';
  const [x, y] = [side(at.x, box.x, box.width), side(at.y, box.y, box.height)];
  return x === 0 && y === 0 ? 'move' : { x, y };
}

/** @param {Box} box of one photo @param {Size} from its size @param {Size} to another one's @returns {Box} in the same place there */
export function carried(box, from, to) {
  const [across, down] = [to.width / from.width, to.height / from.height];
  return boxBetween({ x: box.x * across, y: box.y * down }, { x: (box.x + box.width) * across, y: (box.y + box.height) * down }, to);
}

/** @param {Size} photo @returns {Box} to begin with, where nobody drew one: the middle */
export const firstBox = ({ width, height }) => boxBetween({ x: width / 4, y: height / 4 }, { x: (width * 3) / 4, y: (height * 3) / 4 }, { width, height });
