/**
 * Points and boxes as SAM and its kin take them, and what photos become for them. Pure.
 *
 * @typedef {import('../shared/protocol-segment.js').SegmentPrompt} SegmentPrompt
 * @typedef {{ width: number, height: number }} Size
 *
 * @typedef {object} SegmentRules of the catalog
 * @property {'stretch' | 'longest'} fit what a photo becomes: `side` x `side`, or as large as fits into that
 * @property {number} side
 * @property {boolean} pad whether a prompt without a box ends in a point that is none
 */

/** What a point's label says, in every model of this kind. */
const [NONE, OUTSIDE, INSIDE, TOP_LEFT, BOTTOM_RIGHT] = [-1, 0, 1, 2, 3];

/**
 * @param {Size} photo
 * @param {SegmentRules} rules
 * @returns {Size} of what the model sees of the photo
 */
export function fitted({ width, height }, { fit, side }) {
  if (fit === 'stretch') return { width: side, height: side };
  const scale = side / Math.max(width, height);
  const scaled = (/** @type {number} */ length) => Math.max(1, Math.floor(length * scale + 0.5));
  return { width: scaled(width), height: scaled(height) };
}

/**
 * @param {SegmentPrompt} prompt in the photo's pixels
 * @param {Size} photo
 * @param {SegmentRules} rules
 * @returns {{ coordinates: number[], labels: number[] }} pairs of x and y in the pixels that the model sees, and a label for each
 */
export function pointsOf({ points, box }, photo, rules) {
  const seen = fitted(photo, rules);
  const [scaleX, scaleY] = [seen.width / photo.width, seen.height / photo.height];
  const all = points.map(({ x, y, isInside }) => ({ x, y, label: isInside ? INSIDE : OUTSIDE }));
  if (box) {
    all.push({ x: box.x, y: box.y, label: TOP_LEFT }, { x: box.x + box.width, y: box.y + box.height, label: BOTTOM_RIGHT });
  } else if (rules.pad) {
    all.push({ x: 0, y: 0, label: NONE });
  }
  return { coordinates: all.flatMap(({ x, y }) => [x * scaleX, y * scaleY]), labels: all.map(({ label }) => label) };
}
