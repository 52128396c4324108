/**
 * What a person points at, as it is asked of a model: a thing by one place or a box, and further places that say more of the same thing. Pure.
 *
 * @typedef {import('../shared/protocol-segment.js').SegmentPrompt} SegmentPrompt
 * @typedef {import('../document/edits.js').Point} Point
 * @typedef {import('../document/edits.js').Box} Box
 * @typedef {import('../document/edits.js').RegionMode} Mode
 * @typedef {{ x: number, y: number, isTaken: boolean }} Mark a place of the thing; or one that is not of it, where the thing comes in, and the other way round
 *   where it is taken away
 * @typedef {{ mode: Mode, marks: readonly Mark[], box: Box | null, isBoxTaken: boolean }} Thing `mode` of the last place or box: what becomes of it
 */

/** @param {Mode} mode */
const takesAway = (mode) => mode === 'remove';

/** @param {Point} at @param {Mode} mode @returns {Thing} */
export const thingAt = ({ x, y }, mode) => ({ mode, marks: [{ x, y, isTaken: takesAway(mode) }], box: null, isBoxTaken: false });

/** @param {Box} box @param {Mode} mode @returns {Thing} */
export const thingIn = (box, mode) => ({ mode, marks: [], box, isBoxTaken: takesAway(mode) });

/** @param {Thing} thing @param {Point} at @param {Mode} mode @returns {Thing} the same, of which one more place is known */
export const withPlace = (thing, { x, y }, mode) => ({ ...thing, mode, marks: [...thing.marks, { x, y, isTaken: takesAway(mode) }] });

/**
 * Of what is added, places that were to be taken away are not; of what is taken away, those are not that were added.
 * @param {Thing} thing
 * @returns {SegmentPrompt}
 */
export function promptOf({ mode, marks, box, isBoxTaken }) {
  const isTaken = takesAway(mode);
  return { points: marks.map((mark) => ({ x: mark.x, y: mark.y, isInside: mark.isTaken === isTaken })), box: isBoxTaken === isTaken ? box : null };
}

/**
 * @param {SegmentPrompt} one
 * @param {SegmentPrompt} other
 * @param {number} slip pixels of the photo by which places may lie apart
 * @returns {boolean} whether what was answered to the one holds for the other
 */
export function isSamePrompt(one, other, slip) {
  if (one.box !== other.box || one.points.length !== other.points.length) return false;
  return one.points.every(({ x, y, isInside }, i) => isInside === other.points[i].isInside && Math.hypot(x - other.points[i].x, y - other.points[i].y) <= slip);
}
