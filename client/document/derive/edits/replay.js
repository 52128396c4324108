/**
 * A matte as a person edited it: each edit is a stage that changes the full matte, one after the other, in the order in which they were
 * made. The editor runs the same stages one by one, so what is seen there is what a file holds.
 *
 * @typedef {import('../../edits.js').Edit} Edit
 * @typedef {import('../../edits.js').Box} Box
 * @typedef {Exclude<Edit, import('../../edits.js').Adjust | import('../../edits.js').Reset>} Step
 *
 * @typedef {object} Canvas what edits are made on, all of one size
 * @property {Uint16Array<ArrayBuffer>} matte 0..65535, as it is now; changed in place
 * @property {Uint16Array<ArrayBuffer>} base as it was before all edits
 * @property {import('../../../image/read/decode.js').Pixels} pixels of the photo
 * @property {Uint16Array<ArrayBuffer> | null} ceiling the most that the matte may be, where the photo is not opaque by itself; else null
 * @property {boolean} isRefined whether a model's matte follows the photo's edges
 */
import { multiplyByAlpha } from '../../../image/matte/transparency.js';
import { effective } from '../../edits.js';
import { adjusted } from './adjust.js';
import { applyLook } from './look.js';
import { applyEdge } from './edge.js';
import { applyPart, applySpecks } from './parts.js';
import { applyRegion } from './region.js';
import { applyStroke } from './stroke.js';

/** @type {{ [K in Step['kind']]?: (canvas: Canvas, step: Extract<Step, { kind: K }>) => Box | null }} */
const STAGES = {
  look: ({ matte, pixels, ceiling, isRefined }, edit) => applyLook(matte, pixels, edit, ceiling, isRefined),
  region: ({ matte, pixels, ceiling, isRefined }, edit) => applyRegion(matte, pixels, edit, ceiling, isRefined),
  stroke: ({ matte, pixels, ceiling }, stroke) => (stroke.brush === 'edge' ? applyEdge(matte, pixels, stroke, ceiling) : applyStroke(matte, pixels, stroke, ceiling)),
  part: ({ matte, base, pixels }, edit) => applyPart(matte, base, pixels, edit),
  specks: ({ matte, pixels }, edit) => applySpecks(matte, pixels, edit),
};

/**
 * @param {Canvas} canvas
 * @param {Step} step
 * @returns {Box | null} where the matte may be another now
 */
export function applyStep(canvas, step) {
  const stage = /** @type {((canvas: Canvas, step: Step) => Box | null) | undefined} */ (STAGES[step.kind]);
  if (!stage) throw new TypeError(`no stage for ${step.kind}`);
  return stage(canvas, step);
}

/**
 * @param {Pick<import('../photo.js').Photo, 'pixels' | 'own'>} photo
 * @returns {Canvas['ceiling']}
 */
export function ceilingOf({ pixels, own }) {
  if (!own) return null;
  const ceiling = new Uint16Array(pixels.width * pixels.height).fill(65535);
  multiplyByAlpha(ceiling, pixels);
  return ceiling;
}

/**
 * @param {Pick<import('../photo.js').Photo, 'pixels' | 'own'>} photo
 * @param {Uint16Array<ArrayBuffer>} base its full matte; no longer the caller's
 * @param {readonly Edit[]} edits
 * @param {boolean} isRefined
 * @returns {Uint16Array<ArrayBuffer>}
 */
export function replay(photo, base, edits, isRefined) {
  const { steps, feather, shift } = effective(edits);
  if (steps.length === 0 && feather === 0 && shift === 0) return base;
  const canvas = { matte: base.slice(), base, pixels: photo.pixels, ceiling: ceilingOf(photo), isRefined };
  for (const step of steps) applyStep(canvas, step);
  if (feather === 0 && shift === 0) return canvas.matte;
  const { width, height } = photo.pixels;
  return adjusted(canvas.matte, photo.pixels, { feather, shift }, { x: 0, y: 0, width, height }, canvas.ceiling);
}
