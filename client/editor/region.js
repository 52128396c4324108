/**
 * What a model takes for one thing: as an edit keeps it, and where it ends, to be drawn before it is an edit. Pure.
 *
 * @typedef {import('../document/document.js').SmallMatte} SmallMatte
 * @typedef {import('../document/edits.js').Box} Box
 * @typedef {{ seen: Box, matte: SmallMatte }} Seen `matte` says of each place in `seen` how likely it belongs to the thing
 */
import { REGION } from '../document/edits.js';

/** From here on, of 65535, a place is taken. */
const TAKEN = 32768;
/** Below this it plays no part. */
const LEAST = REGION.least * 65535;
/** Places around a thing that are kept with it: as far as refining its edges looks. */
const MARGIN = 6;

/**
 * @param {Seen} answer
 * @returns {Seen | null} as much of it as the thing takes up; null where nothing is taken
 */
export function trimmed({ seen, matte }) {
  const { values, columns, rows } = matte;
  let [left, top, right, bottom, isTaken] = [columns, rows, -1, -1, false];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < LEAST) continue;
    const [x, y] = [i % columns, Math.floor(i / columns)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = y;
    isTaken ||= values[i] >= TAKEN;
  }
  if (!isTaken) return null;
  const across = sideOf(left, right, columns, seen.width);
  const down = sideOf(top, bottom, rows, seen.height);
  const part = new Uint16Array(across.count * down.count);
  for (let y = 0; y < down.count; y++) {
    const from = (down.first + y) * columns + across.first;
    part.set(values.subarray(from, from + across.count), y * across.count);
  }
  return {
    seen: { x: seen.x + across.start, y: seen.y + down.start, width: across.length, height: down.length },
    matte: { values: part, columns: across.count, rows: down.count },
  };
}

/**
 * Along one side: places, and the whole pixels nearest to them.
 * @param {number} first place that is needed
 * @param {number} last
 * @param {number} places
 * @param {number} pixels that they are of
 */
function sideOf(first, last, places, pixels) {
  const from = Math.max(0, first - MARGIN);
  const to = Math.min(places, last + 1 + MARGIN);
  const start = Math.round((from * pixels) / places);
  return { first: from, count: to - from, start, length: Math.max(1, Math.round((to * pixels) / places) - start) };
}

/** Ends of lines through a square, by which of its corners are taken: upper left 1, upper right 2, lower right 4, lower left 8. */
const [TOP, RIGHT, BOTTOM, LEFT] = [0, 1, 2, 3];
const LINES = [
  [], [LEFT, TOP], [TOP, RIGHT], [LEFT, RIGHT], [RIGHT, BOTTOM], [LEFT, TOP, RIGHT, BOTTOM], [TOP, BOTTOM], [LEFT, BOTTOM],
  [BOTTOM, LEFT], [TOP, BOTTOM], [TOP, RIGHT, BOTTOM, LEFT], [RIGHT, BOTTOM], [LEFT, RIGHT], [TOP, RIGHT], [LEFT, TOP], [],
];

/**
 * Where a thing ends, by marching squares: between the middles of four places the border is a straight line, and nothing is outside of what was
 * seen. It is looked for on the page, between two frames, so nothing is smoothed or joined.
 * @param {Seen} region
 * @returns {Float32Array} x and y of the beginning and of the end of each line, in the photo's pixels
 */
export function borderOf({ seen, matte: { values, columns, rows } }) {
  const lines = [];
  const at = (/** @type {number} */ x, /** @type {number} */ y) => (x < 0 || y < 0 || x >= columns || y >= rows ? 0 : values[y * columns + x]);
  const across = (/** @type {number} */ x) => seen.x + (Math.min(columns, Math.max(0, x + 0.5)) * seen.width) / columns;
  const down = (/** @type {number} */ y) => seen.y + (Math.min(rows, Math.max(0, y + 0.5)) * seen.height) / rows;
  for (let y = -1; y < rows; y++) {
    let [left, leftBelow] = [0, 0];
    for (let x = -1; x < columns; x++) {
      const corners = { left, right: at(x + 1, y), rightBelow: at(x + 1, y + 1), leftBelow };
      const taken = (left >= TAKEN ? 1 : 0) + (corners.right >= TAKEN ? 2 : 0) + (corners.rightBelow >= TAKEN ? 4 : 0) + (leftBelow >= TAKEN ? 8 : 0);
      [left, leftBelow] = [corners.right, corners.rightBelow];
      for (const side of LINES[taken]) {
        if (side === TOP) lines.push(across(x + shareOf(corners.left, corners.right)), down(y));
        else if (side === RIGHT) lines.push(across(x + 1), down(y + shareOf(corners.right, corners.rightBelow)));
        else if (side === BOTTOM) lines.push(across(x + shareOf(corners.leftBelow, corners.rightBelow)), down(y + 1));
        else lines.push(across(x), down(y + shareOf(corners.left, corners.leftBelow)));
      }
    }
  }
  return Float32Array.from(lines);
}

/** @param {number} from @param {number} to @returns {number} of the way between two places: where the thing ends */
const shareOf = (from, to) => (TAKEN - from) / (to - from);
