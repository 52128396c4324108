/**
 * Where the arrow keys lead in a grid of cards that break into rows by themselves. Pure.
 *
 * @typedef {{ left: number, top: number, width: number, height: number }} Box of a card, in reading order
 */

/** Between tops of cards that stand in one row. */
const SLACK = 2;

/**
 * @param {readonly Box[]} boxes
 * @param {number} at index of the card that has the focus
 * @param {string} key
 * @param {boolean} [isRightToLeft]
 * @returns {number | null} index of the next one, the same at an end; null where the key does not move
 */
export function moved(boxes, at, key, isRightToLeft = false) {
  const last = boxes.length - 1;
  const forward = isRightToLeft ? 'ArrowLeft' : 'ArrowRight';
  const back = isRightToLeft ? 'ArrowRight' : 'ArrowLeft';
  switch (key) {
    case forward: return Math.min(at + 1, last);
    case back: return Math.max(at - 1, 0);
    case 'Home': return 0;
    case 'End': return last;
    case 'ArrowDown': return inRow(boxes, at, boxes.slice(at + 1).find(({ top }) => top > boxes[at].top + SLACK));
    case 'ArrowUp': return inRow(boxes, at, boxes.slice(0, at).findLast(({ top }) => top < boxes[at].top - SLACK));
    default: return null;
  }
}

/** @param {readonly Box[]} boxes @param {number} at @param {Box | undefined} other card of the row to go to @returns {number} the nearest one there */
function inRow(boxes, at, other) {
  if (!other) return at;
  const distance = (/** @type {number} */ i) => Math.abs(boxes[i].left + boxes[i].width / 2 - boxes[at].left - boxes[at].width / 2);
  const row = boxes.flatMap(({ top }, i) => (Math.abs(top - other.top) <= SLACK ? [i] : []));
  return row.reduce((best, i) => (distance(i) < distance(best) ? i : best), row[0]);
}
