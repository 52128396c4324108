/**
 * A part of a matte made anew from the photo's colours, with what is certain around it as the known.
 *
 * What each place has by its own colour (`colour-samples.js`) and what the matte was so far are held on to as far as either can be trusted;
 * closed-form matting makes one matte of it that follows the photo (docs/decisions/0035-edge-solver.md).
 *
 * @typedef {object} Part planes of one size, with a rim of `RIM` places around what counts
 * @property {number} width
 * @property {number} height
 * @property {Float32Array[]} planes red, green, blue, 0..1
 * @property {Float32Array} matte 0..1, as it is
 * @property {Uint8Array} inside 1 where it is to be made anew; 0 in the rim
 */
import { solveMatting } from './closed-form.js';
import { BACK, distancesTo, FRONT, OPEN, sampleColours, UNSURE } from './colour-samples.js';
import { RIM } from './laplacian.js';

/** What is held on to everywhere leaves little to be carried far: more change nothing that is seen. */
const ITERATIONS = 25;

/** Around what is made anew, a matte that near to 0 or 1 is certain. */
const CERTAIN = 0.15;

/** So many places around, what is not certain is looked for as well; further away it stays as it was. */
const NEAR = 16;

/** How much is held on to: what a place has by its colour, where that is trusted most, ... */
const BY_COLOUR = 0.03;
/** ... what the matte was, where it was 0 or 1, which falls with this power of how far it was from 0.5, ... */
const AS_IT_WAS = 0.01;
const FALL = 6;
/** ... and what it was around, where it was not certain. */
const AROUND = 0.03;

/**
 * @param {Part} part
 * @returns {Float32Array | null} alpha, 0..1, of which all but what is inside may differ from what is known there; null where no foreground
 *   or no background is certain
 */
export function resolveMatte(part) {
  const { width, height, planes, matte, inside } = part;
  const kinds = kindsOf(part);
  if (!kinds.includes(FRONT) || !kinds.includes(BACK)) return null;
  const values = matte.map((value, i) => (kinds[i] === FRONT ? 1 : kinds[i] === BACK ? 0 : value));
  const unknown = placesLookedFor(part, kinds);
  const weights = held(sampleColours(planes, width, kinds, unknown), unknown, values, inside);
  const alpha = solveMatting(planes, { width, height }, { unknown, values, weights }, { iterations: ITERATIONS });
  return alpha.map((value) => (value < 0 ? 0 : value > 1 ? 1 : value));
}

/** @param {Part} part @returns {Uint8Array} of each place; in the rim nothing is sure */
function kindsOf({ width, height, matte, inside }) {
  const kinds = new Uint8Array(matte.length).fill(UNSURE);
  for (let y = RIM; y < height - RIM; y++) {
    for (let at = y * width + RIM, end = (y + 1) * width - RIM; at < end; at++) {
      if (inside[at]) kinds[at] = OPEN;
      else if (matte[at] > 1 - CERTAIN) kinds[at] = FRONT;
      else if (matte[at] < CERTAIN) kinds[at] = BACK;
    }
  }
  return kinds;
}

/** @param {Part} part @param {Uint8Array} kinds @returns {Int32Array} in order */
function placesLookedFor({ width, height, inside }, kinds) {
  const near = distancesTo(inside, 1, width);
  const places = new Int32Array(kinds.length);
  let count = 0;
  for (let y = RIM; y < height - RIM; y++) {
    for (let at = y * width + RIM, end = (y + 1) * width - RIM; at < end; at++) {
      if (kinds[at] === OPEN || (kinds[at] === UNSURE && near[at] <= NEAR)) places[count++] = at;
    }
  }
  return places.subarray(0, count);
}

/**
 * @param {import('./colour-samples.js').Samples} samples
 * @param {Int32Array} open
 * @param {Float32Array} values what the matte was; where it is looked for, replaced by what alpha is held towards
 * @param {Uint8Array} inside
 * @returns {Float32Array} by how much
 */
function held({ alpha, trust }, open, values, inside) {
  const weights = new Float32Array(values.length);
  for (let k = 0; k < alpha.length; k++) {
    const at = open[k];
    const was = values[at];
    const byColour = BY_COLOUR * trust[k];
    const asItWas = Math.max(AS_IT_WAS * Math.abs(2 * was - 1) ** FALL, inside[at] ? 0 : AROUND);
    weights[at] = byColour + asItWas;
    if (weights[at] > 0) values[at] = (byColour * alpha[k] + asItWas * was) / weights[at];
  }
  return weights;
}
