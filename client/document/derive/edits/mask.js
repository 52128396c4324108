/**
 * All of a stroke at once, as a mask.
 *
 * @typedef {import('../../edits.js').Box} Box
 * @typedef {import('../../edits.js').Stroke} Stroke
 */
import { intersection } from './boxes.js';
import { boundsOf, crossing, fillMask, radiiOf, segmentBetween } from './brush.js';

/**
 * @param {Stroke} stroke
 * @param {import('./boxes.js').Size} size of the photo
 * @param {Box} box inside the photo
 * @returns {Uint16Array} of the box, 0..65535: the largest value of the stroke's segments
 */
export function maskOf({ points, size: diameter, hardness }, size, box) {
  const mask = new Uint16Array(box.width * box.height);
  const line = new Uint16Array(box.width);
  for (let i = 0; i < points.length; i += 3) {
    const point = points.subarray(i, i + 3);
    draw(segmentBetween(i ? points.subarray(i - 3, i) : point, point, diameter, hardness), size, box, mask, line);
  }
  return mask;
}

/**
 * @param {import('./brush.js').Segment} segment
 * @param {import('./boxes.js').Size} size
 * @param {Box} box
 * @param {Uint16Array} mask of the box
 * @param {Uint16Array} line as wide as it
 */
function draw(segment, size, box, mask, line) {
  const { left, top, right, bottom } = boundsOf(segment, size);
  const part = left < right && top < bottom && intersection(box, { x: left, y: top, width: right - left, height: bottom - top });
  if (!part) return;
  const { reach, core } = radiiOf(segment);
  const within = (/** @type {number} */ x) => Math.min(Math.max(x, part.x), part.x + part.width);
  for (let y = part.y; y < part.y + part.height; y++) {
    const start = (y - box.y) * box.width - box.x;
    const [first, last] = crossing(segment, reach, y);
    const [from, to] = [within(first), within(last + 1)];
    const [coreFirst, coreLast] = core > 0 ? crossing(segment, core, y) : [to, from];
    const [coreFrom, coreTo] = coreFirst <= coreLast ? [within(coreFirst), within(coreLast + 1)] : [to, to];
    mask.fill(65535, start + coreFrom, start + coreTo);
    // What fades, on both sides of what is full.
    for (const [begin, end] of [[from, coreFrom], [coreTo, to]]) {
      if (begin >= end) continue;
      fillMask(segment, y, begin, end, line, mask, start + begin);
      for (let x = begin, at = start + begin, i = 0; x < end; x++, at++, i++) if (line[i] > mask[at]) mask[at] = line[i];
    }
  }
}
