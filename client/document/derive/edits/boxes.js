/**
 * Parts of a matte.
 *
 * @typedef {import('../../edits.js').Box} Box
 * @typedef {{ width: number, height: number }} Size
 */

/**
 * @param {Box | null} one
 * @param {Box | null} other
 * @returns {Box | null} the smallest that holds both
 */
export function union(one, other) {
  if (!one || !other) return one ?? other;
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  return { x, y, width: Math.max(one.x + one.width, other.x + other.width) - x, height: Math.max(one.y + one.height, other.y + other.height) - y };
}

/**
 * @param {Box} one
 * @param {Box} other
 * @returns {Box | null} what is in both
 */
export function intersection(one, other) {
  const x = Math.max(one.x, other.x);
  const y = Math.max(one.y, other.y);
  const box = { x, y, width: Math.min(one.x + one.width, other.x + other.width) - x, height: Math.min(one.y + one.height, other.y + other.height) - y };
  return box.width > 0 && box.height > 0 ? box : null;
}

/** @param {Box} box @param {number} by pixels on all sides @returns {Box} which may reach beyond the photo */
export const grown = ({ x, y, width, height }, by) => ({ x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by });

/** @param {Box} box some of which is in the photo @param {Size} size of the photo @returns {Box} what of it is */
export const inPhoto = (box, { width, height }) => /** @type {Box} */ (intersection(box, { x: 0, y: 0, width, height }));

/**
 * @param {Uint16Array} matte
 * @param {number} columns of it
 * @param {Box} box
 * @returns {Uint16Array<ArrayBuffer>} a copy of the part
 */
export function cutMatte(matte, columns, { x, y, width, height }) {
  const out = new Uint16Array(width * height);
  for (let row = 0; row < height; row++) {
    const start = (y + row) * columns + x;
    out.set(matte.subarray(start, start + width), row * width);
  }
  return out;
}

/**
 * @param {Uint16Array} matte
 * @param {number} columns of it
 * @param {Box} box
 * @param {Uint16Array} values of the part, to be put there
 */
export function putMatte(matte, columns, { x, y, width, height }, values) {
  for (let row = 0; row < height; row++) matte.set(values.subarray(row * width, (row + 1) * width), (y + row) * columns + x);
}

/**
 * @param {Uint16Array} matte
 * @param {number} columns of it
 * @param {Box} box
 * @returns {number | null} the one value of all of the box; null where there are several
 */
export function flatValue(matte, columns, { x, y, width, height }) {
  const value = matte[y * columns + x];
  for (let row = y; row < y + height; row++) {
    for (let i = row * columns + x, end = i + width; i < end; i++) if (matte[i] !== value) return null;
  }
  return value;
}
