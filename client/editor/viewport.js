/**
 * Where on the stage a photo lies: pure geometry. Lengths on the stage are device pixels, so at a scale of 1 each pixel of the photo is one
 * of the screen.
 *
 * @typedef {import('../document/edits.js').Point} Point
 * @typedef {import('../document/edits.js').Box} Box
 * @typedef {{ width: number, height: number }} Size
 * @typedef {{ scale: number, left: number, top: number }} View `scale` in device pixels per pixel of the photo; `left`, `top`: the photo's upper left
 *   corner on the stage
 */

/** Device pixels per pixel of the photo. */
export const LARGEST_SCALE = 32;
/** What the zoom steps through, besides the scale that fits. */
const STOPS = [1 / 32, 1 / 16, 1 / 12, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, LARGEST_SCALE];
/** Of the stage: how far a photo's edge may be moved into it, so that what lies at the edge can be worked on in the open. */
const SLACK = 0.3;

/**
 * @param {Size} photo
 * @param {Size} stage
 * @param {number} [margin] device pixels that are left free on each side
 * @returns {number} the scale at which all of the photo is seen; a small photo is not made larger than its pixels
 */
export function fitScale(photo, stage, margin = 0) {
  const room = { width: Math.max(1, stage.width - 2 * margin), height: Math.max(1, stage.height - 2 * margin) };
  return Math.min(1, room.width / photo.width, room.height / photo.height);
}

/** @param {Size} photo @param {Size} stage @returns {number} the least scale that can be chosen */
export const leastScale = (photo, stage) => Math.min(fitScale(photo, stage) / 2, 1);

/**
 * @param {View} view
 * @param {Size} photo
 * @param {Size} stage
 * @returns {View} the same, moved so that the photo stays in reach, and onto whole device pixels
 */
export function clamped({ scale, left, top }, photo, stage) {
  const put = (/** @type {number} */ start, /** @type {number} */ length, /** @type {number} */ room) => {
    if (length <= room) return Math.round((room - length) / 2);
    const slack = room * SLACK;
    return Math.round(Math.min(slack, Math.max(room - length - slack, start)));
  };
  return { scale, left: put(left, photo.width * scale, stage.width), top: put(top, photo.height * scale, stage.height) };
}

/** @param {Size} photo @param {Size} stage @param {number} [margin] @returns {View} all of the photo, in the middle */
export const fitted = (photo, stage, margin = 0) => clamped({ scale: fitScale(photo, stage, margin), left: 0, top: 0 }, photo, stage);

/**
 * @param {View} view
 * @param {number} scale that is wanted
 * @param {Point} at on the stage: what lies there stays there, as far as the photo stays in reach
 * @param {Size} photo
 * @param {Size} stage
 * @returns {View}
 */
export function zoomed(view, scale, at, photo, stage) {
  const to = Math.min(LARGEST_SCALE, Math.max(leastScale(photo, stage), scale));
  const ratio = to / view.scale;
  return clamped({ scale: to, left: at.x - (at.x - view.left) * ratio, top: at.y - (at.y - view.top) * ratio }, photo, stage);
}

/** @param {View} view @param {number} x @param {number} y @param {Size} photo @param {Size} stage @returns {View} moved by so much */
export const panned = (view, x, y, photo, stage) => clamped({ ...view, left: view.left + x, top: view.top + y }, photo, stage);

/**
 * @param {View} view
 * @param {Size} photo
 * @param {{ before: Size, after: Size }} stage that has become larger or smaller
 * @returns {View} with the same in its middle
 */
export const recentred = (view, photo, { before, after }) => panned(view, (after.width - before.width) / 2, (after.height - before.height) / 2, photo, after);

/**
 * @param {View} view
 * @param {Box} box of the photo
 * @param {Size} photo
 * @param {Size} stage
 * @returns {View} the same scale, moved as little as it takes for the box to be seen
 */
export function revealed(view, box, photo, stage) {
  const need = (/** @type {number} */ start, /** @type {number} */ length, /** @type {number} */ room) => {
    if (length > room) return (room - length) / 2 - start;
    return Math.max(0, -start) + Math.min(0, room - start - length);
  };
  const start = toStage(view, box);
  return panned(view, need(start.x, box.width * view.scale, stage.width), need(start.y, box.height * view.scale, stage.height), photo, stage);
}

/** @param {View} view @param {Point} at on the stage @returns {Point} on the photo */
export const toPhoto = ({ scale, left, top }, { x, y }) => ({ x: (x - left) / scale, y: (y - top) / scale });

/** @param {View} view @param {Point} at on the photo @returns {Point} on the stage */
export const toStage = ({ scale, left, top }, { x, y }) => ({ x: x * scale + left, y: y * scale + top });

/** @param {Point} at on the photo, or beside it @param {Size} photo @returns {Point} the nearest on it */
export const inside = ({ x, y }, { width, height }) => ({ x: Math.min(width, Math.max(0, x)), y: Math.min(height, Math.max(0, y)) });

/**
 * @param {number} scale
 * @param {Size} photo
 * @returns {number} the coarsest level that still has a pixel for each of the screen
 */
export function levelFor(scale, photo) {
  const deepest = Math.floor(Math.log2(Math.max(1, Math.min(photo.width, photo.height))));
  return Math.max(0, Math.min(deepest, Math.floor(Math.log2(1 / scale) + 1e-6)));
}

/** @param {View} view @param {Size} photo @param {Size} stage @returns {Box | null} what of the photo is on the stage, in whole pixels; null for nothing */
export function visibleBox(view, photo, stage) {
  const start = toPhoto(view, { x: 0, y: 0 });
  const end = toPhoto(view, { x: stage.width, y: stage.height });
  const x = Math.max(0, Math.floor(start.x));
  const y = Math.max(0, Math.floor(start.y));
  const box = { x, y, width: Math.min(photo.width, Math.ceil(end.x)) - x, height: Math.min(photo.height, Math.ceil(end.y)) - y };
  return box.width > 0 && box.height > 0 ? box : null;
}

/**
 * @param {number} scale
 * @param {-1 | 1} direction
 * @param {number} fit the scale that fits
 * @returns {number} the next one to stop at
 */
export function nextStop(scale, direction, fit) {
  const stops = [...new Set([...STOPS, fit])].toSorted((a, b) => a - b);
  // A scale that was come to by division is the stop it is meant to be.
  const next = direction > 0 ? stops.find((stop) => stop > scale * 1.001) : stops.findLast((stop) => stop < scale / 1.001);
  return next ?? scale;
}
