/**
 * A region that a model takes for one thing, put into the matte or taken out of it. Like the model's matte of a whole photo it is made
 * larger along the photo's edges; it then has edges of its own, which meet those that the matte had.
 *
 * @typedef {import('../../edits.js').Box} Box
 * @typedef {import('../../edits.js').Region} Region
 * @typedef {import('../../document.js').SmallMatte} SmallMatte
 * @typedef {import('../../../image/read/decode.js').Pixels} Pixels
 */
import { VISIBLE } from '../../../image/matte/levels.js';
import { counted } from '../../edits.js';
import { fullMatte } from '../full-matte.js';
import { partOf } from '../part.js';
import { Bounds } from './bounds.js';
import { cutMatte, union } from './boxes.js';
import { clearOutside } from './outside.js';
import { clearRim } from './rim.js';

/**
 * @param {Uint16Array<ArrayBuffer>} matte changed in place
 * @param {Pixels} pixels of the photo
 * @param {Region} region
 * @param {Uint16Array | null} ceiling the photo's own transparency; null where it is opaque
 * @param {boolean} isRefined whether a model's matte follows the photo's edges
 * @returns {Box | null} outside of which nothing changed; null where nothing did
 */
export function applyRegion(matte, pixels, { mode, seen, matte: small }, ceiling, isRefined) {
  const region = fullMatte({ pixels: partOf(pixels, seen), own: ceiling }, decided(small), isRefined);
  const changed = put(mode, matte, pixels.width, region, seen, ceiling);
  if (mode === 'only') clearOutside(matte, pixels, seen, changed);
  if (mode !== 'remove' || !changed.box) return changed.box;
  return union(changed.box, clearRim(matte, pixels, region, seen, Math.max(seen.width / small.columns, seen.height / small.rows)));
}

/**
 * @param {import('../../edits.js').RegionMode} mode
 * @param {Uint16Array} matte changed in place
 * @param {number} columns of it
 * @param {Uint16Array} region of each pixel in `seen`
 * @param {Box} seen
 * @param {Uint16Array | null} ceiling
 * @returns {Bounds} where it changed
 */
function put(mode, matte, columns, region, seen, ceiling) {
  const most = ceiling ? cutMatte(ceiling, columns, seen) : null;
  const before = cutMatte(matte, columns, seen);
  const changed = new Bounds();
  for (let y = 0, i = 0; y < seen.height; y++) {
    for (let x = 0, to = (seen.y + y) * columns + seen.x; x < seen.width; x++, i++, to++) {
      // What cannot be seen of a region (the far ends of the kernel that makes it larger) changes nothing of what was there.
      const value = mode !== 'only' && region[i] <= VISIBLE ? before[i] : RULES[mode](before, region, i, x, y, seen, most ? most[i] : 65535);
      if (value === before[i]) continue;
      matte[to] = value;
      changed.include(seen.x + x, seen.y + y);
    }
  }
  return changed;
}

/**
 * What becomes of one pixel of the matte. Where two edges run the same way they are the same edge; where they face each other they are a
 * seam, and what the one leaves free the other fills.
 * @type {Record<import('../../edits.js').RegionMode, (matte: Uint16Array, region: Uint16Array, i: number, x: number, y: number, size: { width: number, height: number }, most: number) => number>}
 */
const RULES = {
  add: (matte, region, i, x, y, size, most) => (facing(matte, region, i, x, y, size) ? Math.min(most, matte[i] + region[i]) : Math.max(matte[i], region[i])),
  remove: (matte, region, i, x, y, size, most) => (facing(matte, region, i, x, y, size) ? Math.min(matte[i], most - region[i]) : Math.max(0, matte[i] - region[i])),
  only: (_, region, i) => region[i],
};

/**
 * @param {Uint16Array} matte
 * @param {Uint16Array} region
 * @param {number} i
 * @param {number} x
 * @param {number} y
 * @param {{ width: number, height: number }} size
 * @returns {boolean} whether the one falls where the other rises
 */
function facing(matte, region, i, x, y, { width, height }) {
  if (matte[i] === 0 || region[i] === 0) return false;
  const [left, right] = [x > 0 ? i - 1 : i, x < width - 1 ? i + 1 : i];
  const [above, below] = [y > 0 ? i - width : i, y < height - 1 ? i + width : i];
  return (matte[right] - matte[left]) * (region[right] - region[left]) + (matte[below] - matte[above]) * (region[below] - region[above]) < 0;
}

/** @param {SmallMatte} small @returns {SmallMatte} */
const decided = ({ values, ...size }) => ({ ...size, values: values.map((value) => Math.round(counted(value / 65535) * 65535)) });
