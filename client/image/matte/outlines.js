/**
 * Outlines of a matte's pieces, along the borders of pixels, made simpler: of each at most some hundred points.
 *
 * @typedef {import('./runs.js').Runs} Runs
 * @typedef {{ corners: number[], area: number }} Loop x and y of each corner, the piece to the right of the way; `area` in pixels, below 0 for a hole
 */
import { runAt } from './runs.js';
import { importance } from './simplify.js';

/** Points of one piece's outlines, at most, so that hundreds of them are drawn within a frame. */
const MOST_POINTS = 400;

/** Pixels by which an outline may leave the true one: just over half a pixel's diagonal, so that stairs become lines; or this part of its box. */
const LEAST_TOLERANCE = 0.75;
const TOLERANCE = 1 / 1000;

/** Corners up to which a loop stays as it is: of a speck nothing would be left. */
const FEW = 32;

/** Holes that are told: the largest, and of at least this part of the piece. */
const MOST_HOLES = 16;
const LEAST_HOLE = 1 / 1000;

/**
 * @param {Runs} runs
 * @param {number[]} pieces that are asked for
 * @returns {Uint32Array<ArrayBuffer>[]} of each, x and y of closed polygons, to be filled by the even-odd rule; a polygon's first point given
 *   again at its end
 */
export function outlinesOf(runs, pieces) {
  const places = new Int32Array(runs.count).fill(-1);
  for (const [place, piece] of pieces.entries()) places[piece] = place;
  /** @type {Loop[][]} */
  const loops = pieces.map(() => []);
  const isSeen = new Uint8Array(runs.from.length);
  for (let y = 0, run = 0; y < runs.rows.length - 1; y++) {
    for (; run < runs.rows[y + 1]; run++) {
      const place = places[runs.piece[run]];
      // Every loop goes up somewhere, along the left end of a run: the first is the outer one, the others are holes.
      if (place >= 0 && !isSeen[run]) loops[place].push(follow(runs, run, y, isSeen));
    }
  }
  return loops.map(simplified);
}

/** North, east, south, west. */
const STEP_X = [0, 1, 0, -1];
const STEP_Y = [-1, 0, 1, 0];
/** The pixel that lies ahead to the left and to the right, from a corner, by direction. */
const LEFT_X = [-1, 0, 0, -1];
const LEFT_Y = [-1, -1, 0, 0];
const RIGHT_X = [0, 0, -1, -1];
const RIGHT_Y = [-1, 0, 0, -1];

/**
 * Along the border until it closes. Where two pixels meet at a corner only, it goes around both: they are one piece.
 * @param {Runs} runs
 * @param {number} run it starts upwards along the left end of this one
 * @param {number} row
 * @param {Uint8Array} isSeen of each run whose left end was passed; filled in
 * @returns {Loop}
 */
function follow(runs, run, row, isSeen) {
  const corners = [];
  let [x, y, direction] = [runs.from[run], row + 1, 0];
  let area = 0;
  do {
    if (direction === 0) isSeen[runAt(runs, x, y - 1)] = 1;
    x += STEP_X[direction];
    y += STEP_Y[direction];
    area += x * STEP_Y[direction];
    let turn = 0;
    if (runAt(runs, x + LEFT_X[direction], y + LEFT_Y[direction]) >= 0) turn = 3;
    else if (runAt(runs, x + RIGHT_X[direction], y + RIGHT_Y[direction]) < 0) turn = 1;
    if (turn === 0) continue;
    corners.push(x, y);
    direction = (direction + turn) % 4;
  } while (direction !== 0 || x !== runs.from[run] || y !== row + 1);
  return { corners: fromTop(corners), area };
}

/**
 * A way may pass a corner twice, but not its topmost: begun there, it comes back to its first point at its end only.
 * @param {number[]} corners
 * @returns {number[]}
 */
function fromTop(corners) {
  let first = 0;
  for (let i = 2; i < corners.length; i += 2) {
    const down = corners[i + 1] - corners[first + 1];
    if (down < 0 || (down === 0 && corners[i] < corners[first])) first = i;
  }
  return first === 0 ? corners : [...corners.slice(first), ...corners.slice(0, first)];
}

/**
 * @param {Loop[]} loops of one piece, the outer one first
 * @returns {Uint32Array<ArrayBuffer>}
 */
function simplified([outer, ...all]) {
  const holes = all.filter(({ area }) => -area >= outer.area * LEAST_HOLE).sort((a, b) => a.area - b.area).slice(0, MOST_HOLES);
  const loops = [outer, ...holes].map(({ corners }) => ({ corners, weights: corners.length <= FEW * 2 ? null : importance(corners) }));
  const least = Math.max(LEAST_TOLERANCE, diagonalOf(outer.corners) * TOLERANCE, leastOf(loops));
  return Uint32Array.from(loops.flatMap((loop) => closed(loop, least)));
}

/**
 * @param {{ weights: Float32Array | null }[]} loops
 * @returns {number} above which so many points matter as there may be
 */
function leastOf(loops) {
  const all = new Float32Array(loops.reduce((sum, { weights }) => sum + (weights?.length ?? 0), 0));
  let at = 0;
  for (const { weights } of loops) {
    if (weights) all.set(weights, at);
    at += weights?.length ?? 0;
  }
  return all.length > MOST_POINTS ? all.sort()[all.length - MOST_POINTS - 1] : 0;
}

/**
 * @param {{ corners: number[], weights: Float32Array | null }} loop
 * @param {number} least importance of a point that stays; three stay in any case
 * @returns {number[]}
 */
function closed({ corners, weights }, least) {
  if (!weights) return [...corners, corners[0], corners[1]];
  let third = 0;
  for (const weight of weights) if (weight < Infinity && weight > third) third = weight;
  const kept = [];
  for (let i = 0; i < weights.length; i++) if (weights[i] > least || weights[i] >= third) kept.push(corners[i * 2], corners[i * 2 + 1]);
  kept.push(kept[0], kept[1]);
  return kept;
}

/** @param {number[]} corners */
function diagonalOf(corners) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < corners.length; i += 2) {
    left = Math.min(left, corners[i]);
    right = Math.max(right, corners[i]);
    top = Math.min(top, corners[i + 1]);
    bottom = Math.max(bottom, corners[i + 1]);
  }
  return Math.hypot(right - left, bottom - top);
}
