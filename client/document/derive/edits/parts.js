/**
 * The pieces of a matte: what hangs together, at corners too, above what can be seen (`VISIBLE`, as for finding the subject). A piece
 * goes and comes with the faint pixels around it that are nearer to it than to any other.
 *
 * @typedef {import('../../edits.js').Box} Box
 * @typedef {import('../../edits.js').PartEdit} PartEdit
 * @typedef {import('../../edits.js').Specks} Specks
 * @typedef {import('../../../shared/protocol-edit.js').Piece} Piece
 * @typedef {import('../../../image/matte/runs.js').Runs} Runs
 * @typedef {import('../../../image/matte/runs.js').Size} Size
 */
import { eachWithFringe } from '../../../image/matte/fringe.js';
import { VISIBLE } from '../../../image/matte/levels.js';
import { outlinesOf } from '../../../image/matte/outlines.js';
import { runAt, runsOf } from '../../../image/matte/runs.js';
import { Bounds } from './bounds.js';

/** Pieces that are told of one by one: the largest. Nobody goes through more; specks go together. */
const MOST_PIECES = 1000;

/**
 * @param {Uint16Array} matte as it is now
 * @param {Uint16Array} base as it was before all edits
 * @param {Size} size
 * @returns {{ pieces: Piece[], outlines: Uint32Array<ArrayBuffer>[], areas: Uint32Array<ArrayBuffer> }} the largest first: those of the matte, and those of
 *   `base` of which nothing can be seen any more; `areas` in pixels of all pieces of the matte, the largest first, however many there are
 */
export function piecesOf(matte, base, size) {
  const now = surveyed(runsOf(matte, size, VISIBLE));
  // Mostly nothing was removed, which is found out in a fraction of the time.
  const before = surveyed(isLess(matte, base) ? runsOf(base, size, VISIBLE) : runsOf(new Uint16Array(0), { width: 0, height: 0 }, VISIBLE));
  const isThere = seenOf(before.runs, matte, size);
  const found = [
    ...largest(now).map((piece) => ({ of: now, piece, area: now.areas[piece], isKept: true })),
    ...largest(before, isThere).map((piece) => ({ of: before, piece, area: before.areas[piece], isKept: false })),
  ];
  found.sort((a, b) => b.area - a.area || Number(b.isKept) - Number(a.isKept));
  found.length = Math.min(found.length, MOST_PIECES);
  // Those of each matte are found in one go over its runs.
  const [kept, removed] = [now, before].map(({ runs }, i) => outlinesOf(runs, found.filter(({ isKept }) => isKept === (i === 0)).map(({ piece }) => piece)).values());
  return {
    pieces: found.map(({ of, piece, area, isKept }) => ({ at: of.middleOf(piece), box: of.boxOf(piece), area, isKept })),
    outlines: found.map(({ isKept }) => /** @type {Uint32Array<ArrayBuffer>} */ ((isKept ? kept : removed).next().value)),
    areas: now.areas.toSorted().reverse(),
  };
}

/**
 * @param {Uint16Array<ArrayBuffer>} matte changed in place
 * @param {Uint16Array} base as it was before all edits
 * @param {Size} size
 * @param {PartEdit} edit
 * @returns {Box | null} where it changed; null where the point is in no piece
 */
export function applyPart(matte, base, size, { at, isKept }) {
  const source = isKept ? base : matte;
  const runs = runsOf(source, size, VISIBLE);
  const run = runAt(runs, Math.floor(at.x), Math.floor(at.y));
  if (run < 0) return null;
  const isMeant = new Uint8Array(runs.count);
  isMeant[runs.piece[run]] = 1;
  return put(matte, isKept ? base : null, size, source, runs, isMeant);
}

/**
 * @param {Uint16Array<ArrayBuffer>} matte changed in place: every piece of fewer pixels goes
 * @param {Size} size
 * @param {Specks} edit
 * @returns {Box | null} where it changed
 */
export function applySpecks(matte, size, { smaller }) {
  const runs = runsOf(matte, size, VISIBLE);
  const isMeant = Uint8Array.from(areasOf(runs), (area) => (area < smaller ? 1 : 0));
  return isMeant.includes(1) ? put(matte, null, size, matte, runs, isMeant) : null;
}

/**
 * @param {Uint16Array<ArrayBuffer>} matte changed in place
 * @param {Uint16Array | null} base what the pieces are to be as; null for gone
 * @param {Size} size
 * @param {Uint16Array} source that the pieces are of
 * @param {Runs} runs
 * @param {Uint8Array} isMeant
 * @returns {Box | null}
 */
function put(matte, base, size, source, runs, isMeant) {
  const changed = new Bounds();
  eachWithFringe(source, size, runs, isMeant, (start, end) => {
    const y = Math.floor(start / size.width);
    const row = y * size.width;
    for (let i = start; i < end; i++) {
      const value = base ? base[i] : 0;
      if (matte[i] === value) continue;
      matte[i] = value;
      changed.include(i - row, y);
    }
  });
  return changed.box;
}

/** @param {Uint16Array} matte @param {Uint16Array} base @returns {boolean} whether anything that can be seen in `base` can be seen no more */
function isLess(matte, base) {
  for (let i = 0; i < base.length; i++) if (base[i] > VISIBLE && matte[i] <= VISIBLE) return true;
  return false;
}

/** @param {Runs} runs @returns {Uint32Array<ArrayBuffer>} pixels of each piece */
function areasOf({ from, to, piece, count }) {
  const areas = new Uint32Array(count);
  for (let run = 0; run < piece.length; run++) areas[piece[run]] += to[run] - from[run];
  return areas;
}

/** @param {Runs} runs */
function surveyed(runs) {
  const { rows, from, to, piece, count } = runs;
  const areas = areasOf(runs);
  const [left, top] = [new Int32Array(count).fill(0x7fffffff), new Int32Array(count).fill(-1)];
  const [right, bottom] = [new Int32Array(count), new Int32Array(count)];
  const [widest, widestRow] = [new Int32Array(count), new Int32Array(count)];
  for (let y = 0, run = 0; y < rows.length - 1; y++) {
    for (; run < rows[y + 1]; run++) {
      const p = piece[run];
      if (top[p] < 0) top[p] = y;
      bottom[p] = y + 1;
      if (from[run] < left[p]) left[p] = from[run];
      if (to[run] > right[p]) right[p] = to[run];
      // As far inside as a row tells: the first of the longest.
      const length = to[run] - from[run];
      if (length > to[widest[p]] - from[widest[p]] || piece[widest[p]] !== p) [widest[p], widestRow[p]] = [run, y];
    }
  }
  return {
    runs,
    areas,
    /** @param {number} p @returns {Box} */
    boxOf: (p) => ({ x: left[p], y: top[p], width: right[p] - left[p], height: bottom[p] - top[p] }),
    /** @param {number} p */
    middleOf: (p) => ({ x: (from[widest[p]] + to[widest[p]] - 1) >> 1, y: widestRow[p] }),
  };
}

/**
 * @param {ReturnType<typeof surveyed>} survey
 * @param {Uint8Array} [isLeftOut] pieces of which nothing is told
 * @returns {number[]} the largest pieces, as many as are told of
 */
function largest({ areas }, isLeftOut) {
  // By area alone first: of a noisy matte there are hundreds of thousands.
  const all = areas.filter((_, piece) => !isLeftOut?.[piece]).sort();
  const least = all.at(-MOST_PIECES) ?? 0;
  let alike = all.subarray(-MOST_PIECES).lastIndexOf(least) + 1;
  const found = [];
  for (let piece = 0; piece < areas.length; piece++) {
    if (isLeftOut?.[piece] || areas[piece] < least || (areas[piece] === least && alike-- <= 0)) continue;
    found.push(piece);
  }
  return found.sort((a, b) => areas[b] - areas[a]);
}

/**
 * @param {Runs} runs
 * @param {Uint16Array} matte
 * @param {Size} size
 * @returns {Uint8Array} of each piece, whether anything of it can be seen
 */
function seenOf({ rows, from, to, piece, count }, matte, { width }) {
  const isSeen = new Uint8Array(count);
  for (let y = 0, run = 0; y < rows.length - 1; y++) {
    for (; run < rows[y + 1]; run++) {
      const end = y * width + to[run];
      for (let i = y * width + from[run]; i < end && !isSeen[piece[run]]; i++) if (matte[i] > VISIBLE) isSeen[piece[run]] = 1;
    }
  }
  return isSeen;
}
