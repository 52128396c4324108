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
import { BACK, FRONT, OPEN, sampleColours, UNSURE } from './colour-samples.js';
import { RIM } from './laplacian.js';

/** What is held on to everywhere leaves little to be carried far: more change nothing that is seen. */
const ITERATIONS = 40;

/** Around what is made anew, a matte that near to 0 or 1 is certain. */
const CERTAIN = 0.15;

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
export function resolveMatte({ width, height, planes, matte, inside }) {
  const kinds = new Uint8Array(matte.length).fill(UNSURE);
  const values = matte.slice();
  const places = new Int32Array((width - 2 * RIM) * (height - 2 * RIM));
  let count = 0;
  let [fronts, backs] = [0, 0];
  for (let y = RIM; y < height - RIM; y++) {
    for (let at = y * width + RIM, end = (y + 1) * width - RIM; at < end; at++) {
      const value = matte[at];
      const isCertain = !inside[at] && (value < CERTAIN || value > 1 - CERTAIN);
      if (isCertain) {
        values[at] = value > 0.5 ? 1 : 0;
        kinds[at] = value > 0.5 ? FRONT : BACK;
        if (value > 0.5) fronts++;
        else backs++;
      } else {
        places[count++] = at;
        if (inside[at]) kinds[at] = OPEN;
      }
    }
  }
  if (fronts === 0 || backs === 0) return null;
  const open = places.subarray(0, count);
  const weights = held(sampleColours(planes, width, kinds, open), open, values, inside);
  const alpha = solveMatting(planes, { width, height }, { unknown: open, values, weights }, { iterations: ITERATIONS });
  for (let i = 0; i < alpha.length; i++) alpha[i] = alpha[i] < 0 ? 0 : alpha[i] > 1 ? 1 : alpha[i];
  return alpha;
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
