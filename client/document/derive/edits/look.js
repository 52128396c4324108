/**
 * What a model saw of a part of the photo, in place of what was there. It was shown more than the box that is meant: from the box's border on
 * outwards, the one goes over into the other.
 *
 * @typedef {import('../../edits.js').Box} Box
 * @typedef {import('../../edits.js').Look} Look
 * @typedef {import('../../../image/read/decode.js').Pixels} Pixels
 */
import { fullMatte } from '../full-matte.js';
import { partOf } from '../part.js';
import { Bounds } from './bounds.js';
import { clearOutside } from './outside.js';

/** Width of the seam, as a part of the box's longer side: far less than what is seen around it, so that next to nothing changes that is not meant. */
const SEAM = 0.03;
const LEAST_SEAM = 2;

/**
 * @param {Uint16Array<ArrayBuffer>} matte changed in place
 * @param {Pixels} pixels of the photo
 * @param {Look} look
 * @param {Uint16Array | null} ceiling the photo's own transparency; null where it is opaque
 * @param {boolean} isRefined whether the model's matte follows the photo's edges
 * @returns {Box | null} where it changed
 */
export function applyLook(matte, pixels, { box, seen, isOnly, matte: small }, ceiling, isRefined) {
  const fresh = fullMatte({ pixels: partOf(pixels, seen), own: ceiling }, small, isRefined);
  const seam = Math.max(LEAST_SEAM, Math.round(Math.max(box.width, box.height) * SEAM));
  const across = weights(box.x, box.width, seen.x, seen.width, pixels.width, seam);
  const down = weights(box.y, box.height, seen.y, seen.height, pixels.height, seam);
  const changed = new Bounds();
  for (let row = 0, from = 0; row < seen.height; row++) {
    const y = seen.y + row;
    for (let column = 0, to = y * pixels.width + seen.x; column < seen.width; column++, from++, to++) {
      const before = matte[to];
      const rest = isOnly ? 0 : before;
      const value = Math.round(rest + (fresh[from] - rest) * across[column] * down[row]);
      if (value === before) continue;
      matte[to] = value;
      changed.include(seen.x + column, y);
    }
  }
  if (isOnly) clearOutside(matte, pixels, seen, changed);
  return changed.box;
}

/**
 * How much of what was seen counts, along one side.
 * @param {number} start of the box
 * @param {number} length of the box
 * @param {number} seenStart
 * @param {number} seenLength
 * @param {number} most length of the photo's side
 * @param {number} seam
 * @returns {Float32Array} 0..1, of each place that was seen
 */
function weights(start, length, seenStart, seenLength, most, seam) {
  const [before, after] = [start - seenStart, seenStart + seenLength - start - length];
  // At the photo's own border there is nothing beyond that it could fade into.
  const first = seenStart === 0 && before <= seam ? Infinity : Math.min(seam, before);
  const last = seenStart + seenLength === most && after <= seam ? Infinity : Math.min(seam, after);
  return Float32Array.from({ length: seenLength }, (_, i) => {
    const away = [before - i - 0.5, i + 0.5 - before - length];
    return Math.min(ease(away[0], first), ease(away[1], last));
  });
}

/**
 * @param {number} away pixels outside of the box, below 0 inside
 * @param {number} width of the seam
 * @returns {number} 1 inside, down to 0 at the seam's end
 */
function ease(away, width) {
  if (away <= 0) return 1;
  if (away >= width) return 0;
  const t = 1 - away / width;
  return width === Infinity ? 1 : t * t * (3 - 2 * t);
}
