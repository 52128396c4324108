/**
 * The photo and its matte into the finished picture: framed, on its background, with its shadow. Straight alpha throughout.
 *
 * What a picture needs that is cut out and nothing else is here; the rest is loaded when it is asked for.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {import('./backdrop.js').Backdrop} Backdrop
 * @typedef {import('../../shared/protocol.js').OutputOptions} OutputOptions
 */
import { onDemand } from '../../shared/on-demand.js';
import { HAZE, removeHidden, visibleOf } from '../matte/hidden.js';
import { fitted, longestSide } from '../longest.js';
import { onNothing, onNothingWhere } from './nothing.js';
import { findSubject } from './subject.js';

const layout = onDemand(() => import('./layout.js'), 'layout.js');
const framing = onDemand(() => import('./frame.js'), 'frame.js');
const backgrounds = onDemand(() => import('./background.js'), 'background.js');
const backdrops = onDemand(() => import('./backdrop.js'), 'backdrop.js');
const shadows = onDemand(() => import('./shadow.js'), 'shadow.js');
const lights = onDemand(() => import('./light.js'), 'light.js');
const over = onDemand(() => import('./over.js'), 'over.js');

/**
 * @param {Parameters<typeof import('./backdrop.js').prepareBackdrop>} photo its matte and the background
 * @returns {Promise<Backdrop>} what `compose` wants for a background of the kind `blur`
 * @throws {import('../../shared/errors.js').MatteboxError} `network`
 */
export const prepareBackdrop = async (...photo) => (await backdrops()).prepareBackdrop(...photo);

/**
 * @param {Pixels} pixels the photo, with the foreground's colours; overwritten where the result has its size
 * @param {Uint16Array} matte 0..65535, the photo's own transparency in it
 * @param {Pick<OutputOptions, 'type' | 'background' | 'crop' | 'shadow' | 'matchLight' | 'hidden'> & { reduce?: boolean, longest?: number }} output `reduce`: rather make it smaller than
 *   refuse what a file of that type cannot hold; `longest`: no longer side of the result is longer
 * @param {object} given
 * @param {Pixels | Backdrop | null} given.backdrop the decoded picture of a background `image`, or what `prepareBackdrop` gave for `blur`
 * @param {import('../matte/transparency.js').OwnAlpha | null} [given.own] transparency that the photo brought: what is faint may be its own
 * @param {import('./subject.js').Subject | null} [given.subject] where it has been found already. Without one, nothing is cropped and
 *   nothing drops a shadow
 * @param {import('../matte/hidden.js').Visible} [given.visible] as `visibleIn` gave it
 * @returns {Promise<Pixels & { isScaled: boolean }>} without a background, the colours of the photo with the matte as alpha; with one, opaque
 * @throws {import('../../shared/errors.js').MatteboxError} `bad-option`, `encode-failed`, `network`
 */
export async function compose(pixels, matte, output, { backdrop, own = null, subject = findSubject(matte, pixels.width, pixels.height), visible }) {
  const { crop, shadow, hidden, longest: most } = output;
  const whole = await frameOf(subject, crop, pixels);
  const frame = most === undefined ? fitted(whole, output.type, output.reduce) : within(whole, most);
  const part = isPhoto(frame, pixels) ? { pixels, matte } : (await framing()).cut(pixels, matte, frame);
  if (hidden !== 'keep') removeHidden(part.pixels, part.matte, unseen(own), visible);

  const longest = subject ? Math.max(subject.box.width * (frame.toWidth / frame.width), subject.box.height * (frame.toHeight / frame.height)) : 0;
  const shade = shadow && subject ? (await shadows()).shadeOf(shadow, part.matte, frame.toWidth, frame.toHeight, longest) : null;
  const background = backgroundOf(output);
  if (background.kind !== 'none') {
    const [{ painterOf }, { onBackground }] = await Promise.all([backgrounds(), over()]);
    const paint = painterOf(background, frame, backdrop);
    if (output.matchLight && background.kind === 'image' && subject) (await lights()).matchLight(part.pixels, part.matte, paint, subject.box, frame);
    onBackground(part.pixels, part.matte, paint, shade);
  } else if (shade) {
    (await over()).onShadow(part.pixels, part.matte, shade);
  } else if (visible) {
    onNothingWhere(part.pixels, part.matte, visible);
  } else {
    onNothing(part.pixels, part.matte);
  }
  return Object.assign(part.pixels, { isScaled: isScaled(frame) });
}

/**
 * What can be seen of a photo that the result shows as it is, with one colour where nothing is: there, what comes before need do nothing.
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 * @param {Pick<OutputOptions, 'type' | 'crop' | 'hidden'>} output
 * @param {import('../matte/transparency.js').OwnAlpha | null} own
 * @returns {import('../matte/hidden.js').Visible | undefined}
 */
export function visibleIn(pixels, matte, { type = 'image/png', crop, hidden }, own) {
  const isWhole = !crop && Math.max(pixels.width, pixels.height) <= longestSide(type);
  return isWhole && hidden !== 'keep' ? visibleOf(pixels, matte, unseen(own)) : undefined;
}

/** @param {import('../matte/transparency.js').OwnAlpha | null} own @returns {number} the largest value of a matte that does not count as seen */
const unseen = (own) => (own ? 0 : HAZE);

/**
 * @param {Uint16Array} matte
 * @param {number} width
 * @param {number} height
 * @param {Pick<OutputOptions, 'crop'> & { longest?: number }} output
 * @param {import('./subject.js').Subject | null} [subject] where it has been found already
 * @returns {Promise<{ values: Uint16Array, width: number, height: number, isScaled: boolean }>} in the frame that `compose` chooses; the
 *   matte itself where there is nothing to cut
 * @throws {import('../../shared/errors.js').MatteboxError} `bad-option`, `network`
 */
export async function composeMatte(matte, width, height, { crop, longest = Infinity }, subject = findSubject(matte, width, height)) {
  const photo = { width, height };
  const frame = within(await frameOf(subject, crop, photo), longest);
  const values = isPhoto(frame, photo) ? matte : (await framing()).cutMatte(matte, width, height, frame);
  return { values, width: frame.toWidth, height: frame.toHeight, isScaled: isScaled(frame) };
}

/**
 * @param {import('./subject.js').Subject | null} subject
 * @param {OutputOptions['crop']} crop
 * @param {{ width: number, height: number }} photo
 * @returns {Promise<import('./layout.js').Frame>} the whole photo as it is where no crop is wanted or there is no subject
 * @throws {import('../../shared/errors.js').MatteboxError} `bad-option`, `network`
 */
async function frameOf(subject, crop, { width, height }) {
  if (!crop || !subject) return { x: 0, y: 0, width, height, toWidth: width, toHeight: height };
  return (await layout()).frameOf(subject, crop, { width, height });
}

/**
 * @param {import('./layout.js').Frame} frame
 * @param {{ width: number, height: number }} photo
 * @returns {boolean} whether it shows the photo as it is
 */
function isPhoto(frame, { width, height }) {
  return frame.x === 0 && frame.y === 0 && frame.width === width && frame.height === height && !isScaled(frame);
}

/**
 * @param {import('./layout.js').Frame} frame
 * @param {number} longest
 * @returns {import('./layout.js').Frame} whose result's longer side is no longer than that
 */
function within(frame, longest) {
  const scale = Math.min(1, longest / Math.max(frame.toWidth, frame.toHeight));
  const [toWidth, toHeight] = [frame.toWidth, frame.toHeight].map((side) => Math.max(1, Math.round(side * scale)));
  return { ...frame, toWidth, toHeight };
}

/** @param {import('./layout.js').Frame} frame @returns {boolean} whether its pixels have another size than the photo's */
const isScaled = ({ width, height, toWidth, toHeight }) => toWidth !== width || toHeight !== height;

/**
 * @param {Pick<OutputOptions, 'type' | 'background'>} output
 * @returns {import('../../shared/protocol.js').Background}
 */
function backgroundOf({ type, background }) {
  const chosen = background ?? { kind: 'none' };
  return chosen.kind === 'none' && type === 'image/jpeg' ? { kind: 'colour', colour: '#ffffff' } : chosen;
}
