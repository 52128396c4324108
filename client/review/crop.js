/**
 * How a person moves an ID photo's frame over the photo, and what it then comes to in print: pure geometry, in the photo's pixels.
 *
 * @typedef {import('../shared/head-frame.js').Box} Box
 * @typedef {import('../shared/head-frame.js').Head} Head
 * @typedef {{ width: number, height: number }} Size
 * @typedef {import('../finish/id-formats.js').IdFormat} IdFormat
 *
 * @typedef {object} Told in millimetres of the print
 * @property {number} tall the head, crown to chin
 * @property {'fits' | 'small' | 'large'} size beside what is asked for
 * @property {number} top from the upper edge down to the crown; below 0 where it is cut off
 * @property {number} aside of the head from the middle, to the right
 */

/** Of the photo's longer side: a frame is at least, and at most, so wide. */
const LEAST = 1 / 40;
const MOST = 4;

/** @param {Box} frame @param {number} x @param {number} y of the frame's sides, by which it goes to the right and down @returns {Box} */
export const moved = (frame, x, y) => ({ ...frame, x: frame.x + x * frame.width, y: frame.y + y * frame.height });

/**
 * @param {Box} frame
 * @param {number} factor by which what is in it becomes larger
 * @param {{ x: number, y: number }} [at] what stays in its place, in parts of the frame
 * @returns {Box}
 */
export function zoomed(frame, factor, at = { x: 0.5, y: 0.5 }) {
  const [width, height] = [frame.width / factor, frame.height / factor];
  return { x: frame.x + at.x * (frame.width - width), y: frame.y + at.y * (frame.height - height), width, height };
}

/**
 * @param {Box} frame
 * @param {Size} photo
 * @returns {Box} with its middle over the photo, neither a few pixels of it nor the photo a speck in it
 */
export function inReach(frame, photo) {
  const longest = Math.max(photo.width, photo.height);
  const width = Math.min(MOST * longest, Math.max(LEAST * longest, frame.width));
  const { x, y, height } = zoomed(frame, frame.width / width);
  const put = (/** @type {number} */ start, /** @type {number} */ side, /** @type {number} */ whole) => Math.min(whole, Math.max(0, start + side / 2)) - side / 2;
  return { x: put(x, width, photo.width), y: put(y, height, photo.height), width, height };
}

/** Lengths in millimetres are told to a tenth. @param {number} length */
const tenths = (length) => Math.round(length * 10) / 10 || 0;

/**
 * @param {Box} frame
 * @param {Head} head as the photo's outline tells it
 * @param {Pick<IdFormat, 'height' | 'head'>} format
 * @returns {Told}
 */
export function told(frame, head, { height, head: [least, most] }) {
  const scale = height / frame.height;
  const tall = tenths(head.height * scale);
  return {
    tall,
    size: tall < tenths(least) ? 'small' : tall > tenths(most) ? 'large' : 'fits',
    top: tenths((head.top - frame.y) * scale),
    aside: tenths((head.x - frame.x - frame.width / 2) * scale),
  };
}
