/**
 * An ID photo's frame, told by the head in it: pure geometry. A frame and its head tell each other, so that a head that a person placed stays
 * where it is in the photo, whatever format is wanted.
 *
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 * @typedef {{ x: number, top: number, height: number }} Head its middle from the left, its crown from the top, and crown to chin; in pixels of the photo, or
 *   in parts of its width and height
 * @typedef {{ aspect: number, fill: number, above: number }} Fit how a head stands in its frame: width / height of the frame, crown to chin in parts of its
 *   height, and what is above the crown in parts of its height
 * @typedef {{ width: number, height: number }} Size in pixels
 *
 * @typedef {[from: number, to: number] | null} Span of an edge in parts of its length, null for none
 * @typedef {Readonly<Record<'top' | 'right' | 'bottom' | 'left', Span>>} Touches where the subject reaches the photo's edges
 *
 * @typedef {object} Placing of an ID photo's frame in the photo
 * @property {Head} head that the frame is made for, in parts of the photo's sides
 * @property {boolean} isFound the subject's outline tells where a head is
 * @property {Touches} touches
 *
 * @typedef {{ dpi: number, isCoarse: boolean, ends: ('top' | 'side' | 'bottom')[] }} Lacks `dpi`: the photo's own pixels on an inch of the print; `isCoarse`: fewer than
 *   are asked for; `ends`: where the photo ends within the frame and cuts the subject off
 */

/** Of what is asked for: less of a difference is a matter of rounding. */
const COARSE = 0.98;
/** Of the frame's side: less beyond the photo cannot be seen. */
const SEEN = 0.004;

/** @param {Head} head in pixels @param {Fit} fit @returns {Box} */
export function frameAround({ x, top, height }, { aspect, fill, above }) {
  const tall = height / fill;
  return { x: x - (tall * aspect) / 2, y: top - tall * above, width: tall * aspect, height: tall };
}

/** @param {Box} frame in pixels @param {Pick<Fit, 'fill' | 'above'>} fit @returns {Head} in pixels */
export const headIn = ({ x, y, width, height }, { fill, above }) => ({ x: x + width / 2, top: y + height * above, height: height * fill });

/** @param {Head} head in parts of the photo @param {Size} photo @returns {Head} in its pixels */
export const inPixels = ({ x, top, height }, photo) => ({ x: x * photo.width, top: top * photo.height, height: height * photo.height });

/** @param {Head} head in the photo's pixels @param {Size} photo @returns {Head} in parts of it */
export const inParts = ({ x, top, height }, photo) => ({ x: x / photo.width, top: top / photo.height, height: height / photo.height });

/**
 * @param {Box} frame in the photo's pixels
 * @param {Size} photo
 * @param {Touches} touches
 * @param {{ width: number, density: number | null | undefined }} print pixels across that the file has, and dots per inch that it names
 * @returns {Lacks}
 */
export function lacks(frame, photo, touches, { width, density }) {
  const dpi = density ? Math.round((density * frame.width) / width) : 0;
  const [right, bottom] = [frame.x + frame.width, frame.y + frame.height];
  const across = (/** @type {Span} */ span) => span !== null && span[0] * photo.width < right && span[1] * photo.width > frame.x;
  const down = (/** @type {Span} */ span) => span !== null && span[0] * photo.height < bottom && span[1] * photo.height > frame.y;
  const isLeft = frame.x < -SEEN * frame.width && down(touches.left);
  const isRight = right > photo.width + SEEN * frame.width && down(touches.right);
  return {
    dpi,
    isCoarse: Boolean(density) && dpi < Number(density) * COARSE,
    ends: [
      ...(frame.y < -SEEN * frame.height && across(touches.top) ? [/** @type {const} */ ('top')] : []),
      ...(isLeft || isRight ? [/** @type {const} */ ('side')] : []),
      ...(bottom > photo.height + SEEN * frame.height && across(touches.bottom) ? [/** @type {const} */ ('bottom')] : []),
    ],
  };
}
