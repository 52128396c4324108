/**
 * What belongs to pieces of a matte beside what can be seen of them: the faint pixels around, each to the piece that is nearest by way of faint
 * pixels. Where a piece that stays is as near, it is that one's.
 *
 * @typedef {import('./runs.js').Runs} Runs
 * @typedef {import('./runs.js').Size} Size
 */
import { runsOf } from './runs.js';

const STAYS = 1;
const GOES = 2;
const BOTH = STAYS | GOES;
const OUTSIDE = 4;

/**
 * @param {Uint16Array} values a matte
 * @param {Size} size
 * @param {Runs} visible its pieces
 * @param {Uint8Array} isMeant of each piece, whether it is one of those that are asked for
 * @param {(start: number, end: number) => void} each called with all pixels of theirs, from one up to another of the same row
 */
export function eachWithFringe(values, size, visible, isMeant, each) {
  const { width } = size;
  const all = runsOf(values, size, 0);
  const { outer, mixes } = joined(all, visible, isMeant);
  // One wider on all sides, so that no pixel is without neighbours.
  const wide = width + 2;
  const owners = mixes.includes(BOTH) ? divided(size, visible, isMeant, all, outer, mixes) : null;
  eachRun(all, (run, y) => {
    const mix = mixes[all.piece[run]];
    if (mix === GOES) each(y * width + all.from[run], y * width + all.to[run]);
    if (mix !== BOTH || !owners) return;
    for (let x = all.from[run], row = (y + 1) * wide + 1; x < all.to[run]; x++) {
      if (owners[row + x] !== GOES) continue;
      const from = x;
      while (x < all.to[run] && owners[row + x] === GOES) x++;
      each(y * width + from, y * width + x);
    }
  });
}

/**
 * @param {Runs} runs
 * @param {(run: number, y: number) => void} each
 */
function eachRun({ rows }, each) {
  for (let y = 0, run = 0; y < rows.length - 1; y++) for (; run < rows[y + 1]; run++) each(run, y);
}

/**
 * @param {Runs} all with faint pixels
 * @param {Runs} visible
 * @param {Uint8Array} isMeant
 * @returns {{ outer: Int32Array, mixes: Uint8Array }} the piece of `all` that each piece of `visible` is in, and whether what can be seen in each of `all`
 *   STAYS, GOES, or BOTH
 */
function joined(all, visible, isMeant) {
  const outer = new Int32Array(visible.count);
  const mixes = new Uint8Array(all.count);
  let other = 0;
  eachRun(visible, (run, y) => {
    other = Math.max(other, all.rows[y]);
    while (all.to[other] <= visible.from[run]) other++;
    const piece = visible.piece[run];
    outer[piece] = all.piece[other];
    mixes[outer[piece]] |= isMeant[piece] ? GOES : STAYS;
  });
  return { outer, mixes };
}

/**
 * Both spread through what is faint, a pixel at a time; what stays goes first.
 * @param {Size} size
 * @param {Runs} visible
 * @param {Uint8Array} isMeant
 * @param {Runs} all
 * @param {Int32Array} outer
 * @param {Uint8Array} mixes
 * @returns {Uint8Array} for each pixel and one on each side STAYS, GOES or something else
 */
function divided({ width, height }, visible, isMeant, all, outer, mixes) {
  const wide = width + 2;
  const owners = new Uint8Array(wide * (height + 2)).fill(OUTSIDE);
  eachRun(all, (run, y) => {
    const row = (y + 1) * wide + 1;
    if (mixes[all.piece[run]] === BOTH) owners.fill(0, row + all.from[run], row + all.to[run]);
  });
  eachRun(visible, (run, y) => {
    const row = (y + 1) * wide + 1;
    owners.fill(isMeant[visible.piece[run]] ? GOES : STAYS, row + visible.from[run], row + visible.to[run]);
  });
  let staying = rimOf(STAYS);
  let going = rimOf(GOES);
  while (going.length > 0) {
    staying = spread(staying, STAYS);
    going = spread(going, GOES);
  }
  return owners;

  /** @param {number} owner @returns {number[]} of all of its pieces, the pixels that are beside faint ones */
  function rimOf(owner) {
    /** @type {number[]} */
    const rim = [];
    eachRun(visible, (run, y) => {
      const piece = visible.piece[run];
      if (mixes[outer[piece]] !== BOTH || (isMeant[piece] ? GOES : STAYS) !== owner) return;
      const row = (y + 1) * wide + 1;
      const [first, last] = [row + visible.from[run], row + visible.to[run] - 1];
      for (let i = first; i <= last; i++) {
        if (owners[i - wide] === 0 || owners[i + wide] === 0 || ((i === first || i === last) && isBesideFaint(i))) rim.push(i);
      }
    });
    return rim;
  }

  /** @param {number} i */
  function isBesideFaint(i) {
    for (let near = i - wide - 1; near <= i - wide + 1; near++) if (!owners[near] || !owners[near + wide] || !owners[near + 2 * wide]) return true;
    return false;
  }

  /** @param {number[]} rim @param {number} owner @returns {number[]} the next one */
  function spread(rim, owner) {
    /** @type {number[]} */
    const next = [];
    for (const i of rim) {
      for (let row = i - wide; row <= i + wide; row += wide) {
        for (let near = row - 1; near <= row + 1; near++) {
          if (owners[near] !== 0) continue;
          owners[near] = owner;
          next.push(near);
        }
      }
    }
    return next;
  }
}
