/**
 * What a person changed of a photo's matte: plain data, in the order in which it was done, in the photo's own pixels. What comes later
 * wins where it lies. It is replayed on the full matte by document/derive/edits/, for what is seen and for the file alike.
 *
 * @typedef {import('./document.js').SmallMatte} SmallMatte
 * @typedef {{ x: number, y: number }} Point in the photo's pixels, from its upper left corner
 * @typedef {{ x: number, y: number, width: number, height: number }} Box in the photo's whole pixels, inside the photo
 *
 * @typedef {'restore' | 'erase' | 'edge'} Brush `restore` paints towards what is opaque in the photo, `erase` towards nothing; inside of `edge` the
 *   matte is solved anew from the photo's colours
 *
 * @typedef {object} Stroke
 * @property {'stroke'} kind
 * @property {Brush} brush
 * @property {number} size diameter in pixels, at least 1, where the pressure is 1
 * @property {number} hardness 0..1: the part of the radius within which it has its full effect; from there on it fades
 * @property {Float32Array<ArrayBuffer>} points x, y and pressure (0..1, of the diameter) of each, joined by straight lines; at least one point
 *
 * @typedef {{ kind: 'look', box: Box, seen: Box, isOnly: boolean, matte: SmallMatte }} Look what a model saw of a part of the photo takes the place of what was
 *   there, in the box and a little outside of it, with a soft seam; `seen` is all that `matte` is of: the box, and what is around it; `isOnly`: and
 *   nothing is left outside
 * @typedef {{ kind: 'region', mode: RegionMode, seen: Box, matte: SmallMatte }} Region what a model takes for one thing comes into the matte or goes out of it, or is
 *   all that there is; `matte` says of each place in `seen` how likely it belongs to it. What lies outside of `seen` does not
 * @typedef {'add' | 'remove' | 'only'} RegionMode
 * @typedef {{ kind: 'part', at: Point, isKept: boolean }} PartEdit the piece of the matte that the point is in goes; or, where it is kept, is as the model gave it
 * @typedef {{ kind: 'specks', smaller: number }} Specks every piece of fewer pixels goes
 * @typedef {{ kind: 'adjust', feather: number, shift: number }} Adjust of all edges, in pixels: softened over 0..50, moved by -50 (in) .. 50 (out); the
 *   last one holds, whenever it was made
 * @typedef {{ kind: 'reset' }} Reset nothing before it counts
 *
 * @typedef {Stroke | Look | Region | PartEdit | Specks | Adjust | Reset} Edit
 */

/** Pixels by which edges are softened or moved at most. */
export const MOST_ADJUST = 50;

/**
 * How likely a place has to be in a region for anything of it to count, and for all of it. Between them lies an edge of about one place, from
 * which refining finds the photo's own; what a model is unsure of over a whole surface would else be a haze.
 */
export const REGION = Object.freeze({ least: 0.35, whole: 0.65 });

/**
 * @param {number} likely 0..1 that a place is in a region
 * @returns {number} 0..1, how much of it counts
 */
export const counted = (likely) => Math.min(1, Math.max(0, (likely - REGION.least) / (REGION.whole - REGION.least)));

/**
 * @param {readonly Edit[]} edits
 * @returns {{ steps: Exclude<Edit, Adjust | Reset>[], feather: number, shift: number }} what counts of them: what is replayed one after the
 *   other, and what is then done to all edges
 */
export function effective(edits) {
  const counting = edits.slice(edits.findLastIndex(({ kind }) => kind === 'reset') + 1);
  const steps = /** @type {Exclude<Edit, Adjust | Reset>[]} */ (counting.filter(({ kind }) => kind !== 'adjust'));
  const { feather, shift } = /** @type {Adjust | undefined} */ (counting.findLast(({ kind }) => kind === 'adjust')) ?? { feather: 0, shift: 0 };
  return { steps, feather, shift };
}

/** @param {readonly Edit[]} edits @returns {boolean} whether they change anything */
export function changesMatte(edits) {
  const { steps, feather, shift } = effective(edits);
  return steps.length > 0 || feather !== 0 || shift !== 0;
}

/**
 * @param {Stroke} stroke
 * @param {{ width: number, height: number }} size of the photo
 * @returns {Box | null} all that it can change; null where it lies outside
 */
export function boxOfStroke({ points, size }, { width, height }) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 3) {
    const radius = (size * points[i + 2]) / 2 + 1;
    left = Math.min(left, points[i] - radius);
    top = Math.min(top, points[i + 1] - radius);
    right = Math.max(right, points[i] + radius);
    bottom = Math.max(bottom, points[i + 1] + radius);
  }
  return clipped({ left, top, right, bottom }, width, height);
}

/**
 * @param {{ left: number, top: number, right: number, bottom: number }} bounds
 * @param {number} width
 * @param {number} height
 * @returns {Box | null}
 */
function clipped({ left, top, right, bottom }, width, height) {
  const x = Math.max(0, Math.floor(left));
  const y = Math.max(0, Math.floor(top));
  const box = { x, y, width: Math.min(width, Math.ceil(right)) - x, height: Math.min(height, Math.ceil(bottom)) - y };
  return box.width > 0 && box.height > 0 ? box : null;
}
