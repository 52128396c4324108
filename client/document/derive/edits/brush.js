/**
 * The mask of a round brush between two points of a stroke: the area that a disc covers whose middle and radius go linearly from the
 * one to the other (a rounded cone), full within, fading towards its rim.
 *
 * @typedef {object} Segment
 * @property {number} x of its first point
 * @property {number} y
 * @property {number} ux direction
 * @property {number} uy
 * @property {number} length in pixels
 * @property {number} radius at the first point
 * @property {number} growth of the radius for each pixel of the length
 * @property {number} lean of the line from a place to the nearest of the discs, against the perpendicular
 * @property {number} hardness 0..1
 */

/** No brush is thinner than a pixel. */
const LEAST_RADIUS = 0.5;

/**
 * @param {ArrayLike<number>} from x, y and pressure
 * @param {ArrayLike<number>} to
 * @param {number} size diameter at full pressure
 * @param {number} hardness
 * @returns {Segment}
 */
export function segmentBetween(from, to, size, hardness) {
  const [first, last] = [from, to].map((point) => Math.max(LEAST_RADIUS, (size * point[2]) / 2));
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  // One of the two discs holds the other.
  if (length <= Math.abs(last - first)) {
    const larger = last > first ? to : from;
    return { x: larger[0], y: larger[1], ux: 1, uy: 0, length: 0, radius: Math.max(first, last), growth: 0, lean: 0, hardness };
  }
  const growth = (last - first) / length;
  const lean = growth / Math.sqrt(1 - growth * growth);
  return { x: from[0], y: from[1], ux: (to[0] - from[0]) / length, uy: (to[1] - from[1]) / length, length, radius: first, growth, lean, hardness };
}

/**
 * @param {Segment} segment
 * @param {number} y of a row of pixels
 * @param {number} from its first pixel
 * @param {number} to the end of them
 * @param {Uint16Array} line filled with the mask of those, 0..65535; 0 where it is full already
 * @param {Uint16Array} held the mask that there is
 * @param {number} at its place of the first pixel
 */
export function fillMask({ x: left, y: top, ux, uy, length, radius, growth, lean, hardness }, y, from, to, line, held, at) {
  const down = y + 0.5 - top;
  for (let x = from, i = 0; x < to; x++, i++) {
    if (held[at + i] === 65535) {
      line[i] = 0;
      continue;
    }
    const right = x + 0.5 - left;
    const along = right * ux + down * uy;
    const aside = Math.abs(right * uy - down * ux);
    let nearest = along + aside * lean;
    if (nearest < 0) nearest = 0;
    else if (nearest > length) nearest = length;
    const distance = Math.sqrt((along - nearest) * (along - nearest) + aside * aside);
    const r = radius + nearest * growth;
    const middle = (r * (1 + hardness)) / 2;
    // A rim that is narrower than a pixel would have steps.
    const half = Math.max(r * (1 - hardness), 1) / 2;
    const t = (middle + half - distance) / (2 * half);
    line[i] = t <= 0 ? 0 : t >= 1 ? 65535 : t * t * (3 - 2 * t) * 65535 + 0.5;
  }
}

/**
 * @param {Segment} segment
 * @returns {{ reach: number, core: number }} radii around its line beyond which nothing is of the mask, and within which all of it is full
 */
export function radiiOf({ radius, growth, length, hardness }) {
  const last = radius + growth * length;
  const [least, most] = [Math.min(radius, last), Math.max(radius, last)];
  return { reach: most + 0.5, core: (least * (1 + hardness) - Math.max(least * (1 - hardness), 1)) / 2 };
}

/**
 * @param {Segment} segment
 * @param {import('./boxes.js').Size} size of the matte
 * @returns {{ left: number, top: number, right: number, bottom: number }} whole pixels outside of which nothing is of the mask
 */
export function boundsOf({ x, y, ux, uy, length, radius, growth }, { width, height }) {
  const [reach, last] = [radius + 0.5, radius + growth * length + 0.5];
  return {
    left: Math.max(0, Math.floor(Math.min(x - reach, x + ux * length - last))),
    top: Math.max(0, Math.floor(Math.min(y - reach, y + uy * length - last))),
    right: Math.min(width, Math.ceil(Math.max(x + reach, x + ux * length + last))),
    bottom: Math.min(height, Math.ceil(Math.max(y + reach, y + uy * length + last))),
  };
}

/**
 * Where a row of pixels crosses what lies within a radius of a segment's line.
 * @param {Segment} segment
 * @param {number} radius
 * @param {number} y of the row
 * @returns {[number, number]} its ends, at pixels' middles; the first beyond the second where it does not cross
 */
export function crossing({ x, y: top, ux, uy, length }, radius, y) {
  const middle = y + 0.5;
  let [from, to] = [Infinity, -Infinity];
  for (let at = 0; at <= length; at += length || 1) {
    const half = radius * radius - (middle - top - at * uy) ** 2;
    if (half < 0) continue;
    from = Math.min(from, x + at * ux - Math.sqrt(half));
    to = Math.max(to, x + at * ux + Math.sqrt(half));
  }
  for (const side of [-radius, radius]) {
    // The straight sides: parallel to the line.
    const at = (middle - top - side * ux) / uy;
    if (!(at >= 0 && at <= length)) continue;
    from = Math.min(from, x + at * ux - side * uy);
    to = Math.max(to, x + at * ux - side * uy);
  }
  return [Math.ceil(from - 0.5), Math.floor(to - 0.5)];
}
