/**
 * What of the photo the result shows, and at what size. Pure geometry.
 *
 * @typedef {import('../../shared/protocol.js').Crop} Crop
 * @typedef {import('./subject.js').Subject} Subject
 * @typedef {import('./subject.js').Box} Box
 *
 * @typedef {object} Frame
 * @property {number} x left edge in the photo's pixels; a frame may reach beyond the photo on all sides
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {number} toWidth size of the result; the same as the frame's, which then lies on whole pixels, where none was asked for
 * @property {number} toHeight
 */
import { MatteboxError } from '../../shared/errors.js';
import { frameAround, inPixels } from '../../shared/head-frame.js';
import { findHead } from './portrait.js';

const MARGIN = 0.05;

/**
 * Crown to chin in parts of an ID photo's height. ISO/IEC 19794-5 and ICAO 9303 want 70 to 80 %, some countries at most 34 of
 * 45 mm: 33 mm suits both, and leaves room for an estimate that is a millimetre out.
 */
const HEAD = 33 / 45;
const ID_PHOTO = 35 / 45;

/** Part of the remaining height that is above the crown, where nothing else is asked: the eyes, half way down the head, then are 54 % up. */
const ABOVE_CROWN = 1 / 3;

/** 8192 x 8192: what is asked for may not be more, and a frame that nobody gave a size is made smaller to fit. */
const MOST_PIXELS = 2 ** 26;

/**
 * @param {Subject} subject
 * @param {Crop} crop
 * @param {{ width: number, height: number }} photo in pixels
 * @returns {Frame}
 * @throws {MatteboxError} `bad-option`
 */
export function frameOf(subject, crop, photo) {
  return sized(crop.anchor === 'head' ? aroundHead(subject, crop, photo) : around(subject.box, crop, aspectOf(crop)), crop);
}

/** @param {Crop} crop @returns {number | null} */
const aspectOf = ({ width, height, aspect }) => (width && height ? width / height : (aspect ?? null));

/** @param {Crop} crop around a head @returns {import('../../shared/head-frame.js').Fit} */
export function fitOf(crop) {
  const fill = crop.fill ?? HEAD;
  return { aspect: aspectOf(crop) ?? ID_PHOTO, fill, above: crop.above ?? (1 - fill) * ABOVE_CROWN };
}

/**
 * @param {Box} box
 * @param {Crop} crop
 * @param {number | null} aspect
 * @returns {Box} the smallest frame that leaves the margin, or that the box fills as far as asked; centred on the box
 */
function around(box, { margin, fill }, aspect) {
  const room = 2 * (margin ?? MARGIN) * Math.max(box.width, box.height);
  let width = fill ? box.width / fill : box.width + room;
  let height = fill ? box.height / fill : box.height + room;
  if (aspect) {
    width = Math.max(width, height * aspect);
    height = width / aspect;
  }
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}

/**
 * @param {Subject} subject
 * @param {Crop} crop
 * @param {{ width: number, height: number }} photo
 * @returns {Box}
 */
function aroundHead(subject, crop, photo) {
  const fit = fitOf(crop);
  if (crop.head) return frameAround(inPixels(crop.head, photo), fit);
  const head = findHead(subject);
  return head ? frameAround({ x: head.centre, top: head.top, height: head.height }, fit) : fromTop(subject, crop.margin ?? MARGIN, fit.aspect);
}

/**
 * Without a head: as much of the subject, from its top down, as fits the frame, which ends with the subject.
 * @param {Subject} subject
 * @param {number} margin
 * @param {number} aspect
 * @returns {Box}
 */
function fromTop({ box, cell, columns, cover }, margin, aspect) {
  const room = margin * Math.max(box.width, box.height);
  const height = Math.min((box.width + 2 * room) / aspect, box.height + room);
  const width = height * aspect;
  // What is on top stands in the middle, whatever lies around below it.
  const rows = [Math.floor(box.y / cell), Math.ceil((box.y + box.height / 3) / cell)];
  let sum = 0;
  let weight = 0;
  for (let i = rows[0] * columns; i < rows[1] * columns; i++) {
    sum += cover[i] * ((i % columns) + 0.5) * cell;
    weight += cover[i];
  }
  return { x: sum / weight - width / 2, y: box.y - room, width, height };
}

/**
 * @param {Box} box
 * @param {Crop} crop
 * @returns {Frame}
 */
function sized(box, crop) {
  if (!crop.width && !crop.height) return unscaled(box);
  const toWidth = crop.width || side((/** @type {number} */ (crop.height) * box.width) / box.height);
  const toHeight = crop.height || side((toWidth * box.height) / box.width);
  if (toWidth * toHeight > MOST_PIXELS) {
    throw new MatteboxError('bad-option', { option: 'crop', value: { width: toWidth, height: toHeight }, allowed: { kind: 'size', limit: MOST_PIXELS } });
  }
  return { ...box, toWidth, toHeight };
}

/**
 * @param {Box} box
 * @returns {Frame} on whole pixels
 */
function unscaled(box) {
  const shrink = Math.sqrt(Math.min(1, MOST_PIXELS / (box.width * box.height)));
  if (shrink < 1) return { ...box, toWidth: Math.max(1, Math.floor(box.width * shrink)), toHeight: Math.max(1, Math.floor(box.height * shrink)) };
  const width = side(box.width);
  const height = side(box.height);
  return { x: Math.round(box.x), y: Math.round(box.y), width, height, toWidth: width, toHeight: height };
}

/** @param {number} length */
const side = (length) => Math.max(1, Math.round(length));
