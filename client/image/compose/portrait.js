/**
 * Head and shoulders from the silhouette alone: no face is looked for, and none is recognised.
 *
 * From each local top the outline is followed down, row by row. A head is what widens, narrows to a neck, and then widens to
 * shoulders. Where hair hides the neck, the width of the head tells its height: heads are alike.
 *
 * Seen from the front, the outline is narrowest where the jaw has run into the neck, about at the mouth; the chin lies within it,
 * lower. The two proportions below are rounded from portraits with a known chin, on which the height mostly came out within 5 % (a tilted head: 12 %).
 *
 * @typedef {import('./subject.js').Subject} Subject
 * @typedef {{ top: number, height: number, centre: number }} Head crown to chin, and its middle from the left, in the photo's pixels
 *
 * @typedef {Head & { width: number }} Found in cells
 * @typedef {{ left: number, right: number }} Run of the subject's cells in a row, `right` included
 *
 * @typedef {object} Outline of one top, row by row from there down, in cells
 * @property {number} top row
 * @property {number[]} widths
 * @property {number[]} centres
 */

/** Crown to chin, in lengths of crown to neck, and in widths of the head with its hair. */
const BY_NECK = 1.2;
const BY_WIDTH = 1.36;

/** A neck is narrower than this part of the head, and shoulders are at least so much wider than the head. */
const NECK = 0.88;
const SHOULDERS = 1.3;

/** From crown to neck in widths of the head: a tall hat is within it, a vase is not. */
const LOW_NECK = 0.7;
const HIGH_NECK = 2;

/** Cells across: what is smaller is a tuft of hair or a finger. */
const LEAST_WIDTH = 5;

/**
 * The least height in parts of the subject's: a grown body is 7 to 8 heads tall. A width says less than a neck, so it is heard only
 * of a portrait.
 */
const LEAST_OVER_NECK = 1 / 12;
const LEAST_IN_HAIR = 1 / 5;

/** A head is on top: its crown is within this part of the subject's height. */
const LOWEST_CROWN = 1 / 3;

/**
 * @param {Subject} subject
 * @returns {Head | null} the largest; null when nothing in the outline looks like one
 */
export function findHead(subject) {
  const { cell, box } = subject;
  const outlines = outlinesOf(subject);
  const lowest = (box.y + box.height * LOWEST_CROWN) / cell;
  /** @param {typeof headOverNeck} find @param {number} least */
  const search = (find, least) =>
    largest(outlines.map(find).filter((found) => found !== null && found.top <= lowest && found.height * cell >= box.height * least));

  const found = search(headOverNeck, LEAST_OVER_NECK) ?? search(headInHair, LEAST_IN_HAIR);
  return found && { top: found.top * cell, height: found.height * cell, centre: found.centre * cell };
}

/**
 * Tops of one head end in one neck: the highest of them is its crown.
 * @param {(Found | null)[]} heads
 * @returns {Found | null}
 */
function largest(heads) {
  return heads.filter((head) => head !== null).sort((a, b) => b.width - a.width || a.top - b.top)[0] ?? null;
}

/**
 * @param {Subject} subject
 * @returns {Outline[]} of each run that has nothing above it
 */
function outlinesOf(subject) {
  const runs = Array.from({ length: subject.rows }, (_, row) => runsOf(subject, row));
  return runs.flatMap((here, row) =>
    here.filter((run) => !runs[row - 1]?.some((above) => touch(run, above))).map((run) => follow(runs, row, run)),
  );
}

/**
 * @param {Subject} subject
 * @param {number} row
 * @returns {Run[]}
 */
function runsOf({ columns, cover }, row) {
  /** @type {Run[]} */
  const runs = [];
  let left = -1;
  for (let x = 0; x <= columns; x++) {
    const isIn = x < columns && cover[row * columns + x] >= 0.5;
    if (isIn && left < 0) left = x;
    if (!isIn && left >= 0) {
      runs.push({ left, right: x - 1 });
      left = -1;
    }
  }
  return runs;
}

/** @param {Run} a @param {Run} b */
function touch(a, b) {
  return a.left <= b.right + 1 && b.left <= a.right + 1;
}

/**
 * @param {Run[][]} runs
 * @param {number} top
 * @param {Run} run
 * @returns {Outline}
 */
function follow(runs, top, run) {
  /** @type {Outline} */
  const outline = { top, widths: [], centres: [] };
  let hold = run;
  for (let row = top; row < runs.length; row++) {
    const held = runs[row].filter((other) => touch(other, hold));
    if (held.length === 0) break;
    hold = { left: held[0].left, right: held[held.length - 1].right };
    outline.widths.push(held.reduce((sum, { left, right }) => sum + right - left + 1, 0));
    outline.centres.push((hold.left + hold.right + 1) / 2);
  }
  return outline;
}

/**
 * @param {Outline} outline
 * @returns {Found | null}
 */
function headOverNeck({ top, widths, centres }) {
  let peak = 0;
  let neck = 0;
  let shoulders = 0;
  for (let i = 1; i < widths.length && !shoulders; i++) {
    const hasNeck = widths[neck] <= NECK * widths[peak];
    if (hasNeck && widths[i] >= SHOULDERS * widths[peak]) {
      shoulders = i;
    } else if (!hasNeck && widths[i] >= widths[peak]) {
      peak = i;
      neck = i;
    } else if (widths[i] < widths[neck]) {
      neck = i;
    }
  }
  const width = widths[peak];
  // Where the jaw has run into the neck: how long the neck is says nothing about the head.
  const jaw = widths.findIndex((other, i) => i > peak && other <= widths[neck] + 0.1 * (width - widths[neck]));
  if (!shoulders || shoulders > 2.5 * jaw || width < LEAST_WIDTH || jaw < LOW_NECK * width || jaw > HIGH_NECK * width) return null;
  // A hat makes the head taller and no wider, so the width is heard only where it asks for more.
  const height = (jaw * BY_NECK + Math.max(jaw * BY_NECK, width * BY_WIDTH)) / 2;
  return { top, height, centre: mean(centres.slice(0, jaw)), width };
}

/**
 * @param {Outline} outline
 * @returns {Found | null}
 */
function headInHair({ top, widths, centres }) {
  const middle = widths.findIndex((width, i) => i >= (width * BY_WIDTH) / 2);
  if (middle < 0 || widths[middle] < LEAST_WIDTH) return null;
  const width = widths[middle];
  const height = width * BY_WIDTH;
  const chin = Math.round(height);
  const hasShoulders = widths.slice(chin, 2 * chin).some((other) => other >= SHOULDERS * width);
  return hasShoulders ? { top, height, centre: mean(centres.slice(0, chin)), width } : null;
}

/** @param {number[]} values */
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
