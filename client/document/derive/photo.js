/**
 * A photo opened: its pixels, and what all stages need to know of them, found out once.
 *
 * @typedef {import('../../image/read/decode.js').Pixels} Pixels
 * @typedef {import('../document.js').Document} Document
 * @typedef {import('../document.js').SmallMatte} SmallMatte
 *
 * @typedef {object} Photo
 * @property {Pixels} pixels upright, in sRGB, with the transparency that the file has
 * @property {import('../../image/matte/transparency.js').OwnAlpha | null} own null for an opaque one
 * @property {import('../../image/read/inspect.js').Look | null} seen the file; null for what the page has drawn
 */
import { decode } from '../../image/read/decode.js';
import { isShown } from '../../image/read/inspect.js';
import { isCutOut, ownAlpha, shown } from '../../image/matte/transparency.js';
import { onDemand } from '../../shared/on-demand.js';
import { packed } from '../document.js';
import { changesMatte } from '../edits.js';
import { fullMatte } from './full-matte.js';

const replaying = onDemand(() => import('./edits/replay.js'), 'replay.js');
const screens = onDemand(() => import('../../image/screen.js'), 'screen.js');

/**
 * @param {Blob | ImageBitmap} source
 * @param {{ reduce?: boolean, size?: { width: number, height: number } }} how at the size that this device can hold, or at one that was chosen before
 * @returns {Promise<Photo & { notes: import('../../shared/protocol.js').Note[], original: Blob | null }>}
 * @throws {import('../../shared/errors.js').MatteboxError} see `decode`
 */
export async function openPhoto(source, how) {
  const { notes, original, seen, ...pixels } = await decode(source, how);
  return { pixels, own: seen?.type === 'JPEG' ? null : ownAlpha(pixels), seen, notes, original };
}

/**
 * @param {Awaited<ReturnType<typeof openPhoto>>} photo
 * @returns {Promise<Blob | null>} what shows the photo as it was read, where a browser might show the file otherwise, or not at all.
 *   Without it, a photo is cut out all the same
 */
export async function originalOf({ pixels, seen, original }) {
  if (original) return original;
  if (seen && isShown(seen.type)) return null;
  const { screenPicture } = await screens();
  return screenPicture(pixels).catch(() => null);
}

/**
 * @typedef {{ matte: Float32Array, columns: number, rows: number }} Seen by a model, 0..1
 * @typedef {{ run: (pixels: Pixels, progress?: () => void, early?: (seen: Seen) => Promise<void>) => Promise<Seen & { apart?: number, ms: ModelMs }> }} Model the matting task, up
 * @typedef {{ pre: number, run: number, create: number }} ModelMs `create`: what was brought up of the model meanwhile
 */

/**
 * The one stage that needs a model.
 * @param {Photo} photo
 * @param {Model} model
 * @param {{ ownAlpha?: 'keep' | 'ignore', onRun?: () => void, onEarly?: (matte: SmallMatte) => Promise<void> }} options `onRun` is called where the model is to
 *   run, `onEarly` with a first, coarser matte where the model has one; it may take the photo's pixels
 * @returns {Promise<{ matte: SmallMatte | null, apart: number, ms: ModelMs }>} null where the picture was cut out already; `apart`: how much the parts of the model differ
 *   (tasks/fuse.js), 0 for a model of one
 * @throws {import('../../shared/errors.js').MatteboxError} those of the model
 */
export async function smallMatte({ pixels, own }, model, { ownAlpha: choice, onRun = () => {}, onEarly }) {
  if (choice !== 'ignore' && isCutOut(own)) return { matte: null, apart: 0, ms: { pre: 0, run: 0, create: 0 } };
  onRun();
  /** @param {Seen} seen @returns {SmallMatte} */
  const small = ({ matte, columns, rows }) => ({ values: packed(matte), columns, rows });
  const { ms, apart = 0, ...seen } = await model.run(own ? shown(pixels) : pixels, undefined, onEarly && ((early) => onEarly(small(early))));
  return { matte: small(seen), apart, ms };
}

/**
 * As a person edited it. What replays edits loads where there are some.
 * @param {Photo} photo
 * @param {SmallMatte | null} small
 * @param {boolean} isRefined
 * @param {Document['edits']} edits
 * @returns {Promise<Uint16Array<ArrayBuffer>>} as of `fullMatte`
 */
export async function editedMatte(photo, small, isRefined, edits) {
  const base = fullMatte(photo, small, isRefined);
  return changesMatte(edits) ? (await replaying()).replay(photo, base, edits, isRefined) : base;
}

/** @type {import('../../shared/protocol.js').Note} */
const CUT_OUT_ALREADY = { code: 'already-cut-out', detail: {} };

/**
 * @param {{ notes: import('../../shared/protocol.js').Note[] }} photo
 * @param {import('../document.js').SmallMatte | null} matte
 */
export const notesOf = ({ notes }, matte) => (matte ? notes : [...notes, CUT_OUT_ALREADY]);
