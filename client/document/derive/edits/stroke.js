/**
 * Strokes that restore or erase. A stroke's mask is the largest value of those of its segments, and what is under it is made of what
 * was there before the stroke: so one that crosses itself is no stronger there, and drawing it bit by bit gives what replaying it does.
 *
 * @typedef {import('../../edits.js').Box} Box
 * @typedef {import('../../edits.js').Stroke} Stroke
 * @typedef {import('./boxes.js').Size} Size
 * @typedef {{ before: Uint16Array<ArrayBuffer>, mask: Uint16Array, full: Uint8Array }} Tile `full`: 1 for each row whose mask is full
 */
import { union } from './boxes.js';
import { boundsOf, crossing, fillMask, radiiOf, segmentBetween } from './brush.js';
import { boxOfTile, columnsOf, copyOfTile, Patch, putTile, TILE } from './tiles.js';

/** What 8 bits round to an end is that end, as everywhere in a matte. */
const SNAP = 128;

/**
 * @param {Uint16Array} matte changed in place
 * @param {Size} size of it
 * @param {Stroke} stroke of a brush that restores or erases
 * @param {Uint16Array | null} ceiling the most that the matte may be; null for 65535 everywhere
 * @returns {Box | null} where it may be another now
 */
export function applyStroke(matte, size, stroke, ceiling) {
  return new LiveStroke(matte, size, stroke, ceiling).extend(stroke.points);
}

/** A stroke while it is drawn. */
export class LiveStroke {
  /** @type {Map<number, Tile>} */
  #tiles = new Map();
  #matte;
  #size;
  #brush;
  #ceiling;
  /** The last point. @type {ArrayLike<number> | null} */
  #last = null;
  #line = new Uint16Array(TILE);

  /**
   * @param {Uint16Array} matte changed in place
   * @param {Size} size of it
   * @param {Pick<Stroke, 'brush' | 'size' | 'hardness'>} brush
   * @param {Uint16Array | null} ceiling
   */
  constructor(matte, size, { brush, size: diameter, hardness }, ceiling) {
    this.#matte = matte;
    this.#size = size;
    this.#brush = { isErasing: brush === 'erase', diameter, hardness };
    this.#ceiling = ceiling;
  }

  /**
   * @param {Float32Array} points that come after those there were: x, y and pressure of each
   * @returns {Box | null} where the matte may be another now
   */
  extend(points) {
    /** @type {Box | null} */
    let changed = null;
    for (let i = 0; i + 2 < points.length; i += 3) {
      const point = points.slice(i, i + 3);
      const { diameter, hardness } = this.#brush;
      changed = union(changed, this.#draw(segmentBetween(this.#last ?? point, point, diameter, hardness)));
      this.#last = point;
    }
    return changed;
  }

  /** @returns {Patch} what the matte was before, where the stroke has changed it; no longer the stroke's */
  patch() {
    const patch = new Patch(this.#size);
    for (const [id, { before }] of this.#tiles) patch.set(id, before);
    this.#tiles.clear();
    return patch;
  }

  /** @returns {Box | null} where the matte is what it was, as if the stroke had not been begun */
  giveUp() {
    /** @type {Box | null} */
    let changed = null;
    for (const [id, { before }] of this.#tiles) {
      putTile(this.#matte, this.#size, id, before);
      changed = union(changed, boxOfTile(id, this.#size));
    }
    this.#tiles.clear();
    return changed;
  }

  /** @param {import('./brush.js').Segment} segment @returns {Box | null} */
  #draw(segment) {
    const { left, top, right, bottom } = boundsOf(segment, this.#size);
    if (left >= right || top >= bottom) return null;
    const { reach, core } = radiiOf(segment);
    for (let row = top; row < bottom; row++) {
      const [from, to] = crossing(segment, reach, row);
      const [start, end] = [Math.max(left, from), Math.min(right, to + 1)];
      if (start >= end) continue;
      const [first, last] = core > 0 ? crossing(segment, core, row) : [Infinity, -Infinity];
      this.#drawRow(segment, row, start, end, first, last + 1);
    }
    return { x: left, y: top, width: right - left, height: bottom - top };
  }

  /**
   * @param {import('./brush.js').Segment} segment
   * @param {number} y
   * @param {number} from
   * @param {number} to
   * @param {number} coreFrom between these the mask is full
   * @param {number} coreTo
   */
  #drawRow(segment, y, from, to, coreFrom, coreTo) {
    const columns = columnsOf(this.#size);
    const row = Math.floor(y / TILE);
    for (let column = Math.floor(from / TILE); column * TILE < to; column++) {
      const tile = this.#tile(row * columns + column);
      const line = y % TILE;
      // Most of a segment lies where the one before it was.
      if (tile.full[line]) continue;
      const start = Math.max(from, column * TILE);
      const end = Math.min(to, (column + 1) * TILE);
      const coreStart = Math.min(Math.max(coreFrom, start), end);
      const coreEnd = Math.min(Math.max(coreTo, coreStart), end);
      if (coreStart === column * TILE && coreEnd === Math.min((column + 1) * TILE, this.#size.width)) tile.full[line] = 1;
      const at = line * TILE + start - column * TILE;
      if (coreStart > start) fillMask(segment, y, start, coreStart, this.#line, tile.mask, at);
      this.#line.fill(65535, coreStart - start, coreEnd - start);
      if (end > coreEnd) fillMask(segment, y, coreEnd, end, this.#line.subarray(coreEnd - start), tile.mask, at + coreEnd - start);
      if (this.#brush.isErasing) this.#erase(tile, at, y * this.#size.width + start, end - start);
      else this.#restore(tile, at, y * this.#size.width + start, end - start);
    }
  }

  /** @param {number} id @returns {Tile} */
  #tile(id) {
    let tile = this.#tiles.get(id);
    if (!tile) {
      tile = { before: copyOfTile(this.#matte, this.#size, id), mask: new Uint16Array(TILE * TILE), full: new Uint8Array(TILE) };
      this.#tiles.set(id, tile);
    }
    return tile;
  }

  /** @param {Tile} tile @param {number} at first place in the tile @param {number} to and in the matte @param {number} count */
  #erase({ before, mask }, at, to, count) {
    const line = this.#line;
    const matte = this.#matte;
    for (let i = 0; i < count; i++, at++, to++) {
      const m = line[i];
      if (m <= mask[at]) continue;
      mask[at] = m;
      const value = (before[at] * (65535 - m)) / 65535 + 0.5;
      matte[to] = value <= SNAP + 0.5 ? 0 : value;
    }
  }

  /** @param {Tile} tile @param {number} at first place in the tile @param {number} to and in the matte @param {number} count */
  #restore({ before, mask }, at, to, count) {
    const line = this.#line;
    const matte = this.#matte;
    const ceiling = this.#ceiling;
    for (let i = 0; i < count; i++, at++, to++) {
      const m = line[i];
      if (m <= mask[at]) continue;
      mask[at] = m;
      const most = ceiling ? ceiling[to] : 65535;
      const value = before[at] + ((most - before[at]) * m) / 65535 + 0.5;
      matte[to] = value >= most - SNAP ? most : value;
    }
  }
}
