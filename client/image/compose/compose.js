/**
 * The photo and its matte into the finished picture: framed, on its background, with its shadow. Straight alpha throughout.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {import('./backdrop.js').Backdrop} Backdrop
 * @typedef {import('../../shared/protocol.js').OutputOptions} OutputOptions
 */
import { painterOf } from './background.js';
import { frameOf } from './layout.js';
import { cut, cutMatte } from './frame.js';
import { HAZE, removeHidden } from '../matte/hidden.js';
import { fitted } from '../longest.js';
import { onBackground, onNothing, onShadow } from './over.js';
import { shadeOf } from './shadow.js';
import { findSubject } from './subject.js';

export { prepareBackdrop } from './backdrop.js';

/**
 * @param {Pixels} pixels the photo, with the foreground's colours; overwritten where the result has its size
 * @param {Uint16Array} matte 0..65535, the photo's own transparency in it
 * @param {Pick<OutputOptions, 'type' | 'background' | 'crop' | 'shadow' | 'hidden'> & { reduce?: boolean, longest?: number }} output `reduce`: rather make it smaller than
 *   refuse what a file of that type cannot hold; `longest`: no longer side of the result is longer
 * @param {object} given
 * @param {Pixels | Backdrop | null} given.backdrop the decoded picture of a background `image`, or what `prepareBackdrop` gave for `blur`
 * @param {import('../matte/transparency.js').OwnAlpha | null} [given.own] transparency that the photo brought: what is faint may be its own
 * @param {import('./subject.js').Subject | null} [given.subject] where it has been found already. Without one, nothing is cropped and
 *   nothing drops a shadow
 * @returns {Pixels & { isScaled: boolean }} without a background, the colours of the photo with the matte as alpha; with one, opaque
 * @throws {import('../../shared/errors.js').MatteboxError} `bad-option`, `encode-failed`
 */
export function compose(pixels, matte, output, { backdrop, own = null, subject = findSubject(matte, pixels.width, pixels.height) }) {
  const { crop, shadow, hidden, longest: most } = output;
  const whole = frameOf(subject, crop, pixels.width, pixels.height);
  const frame = most === undefined ? fitted(whole, output.type, output.reduce) : within(whole, most);
  const part = cut(pixels, matte, frame);
  if (hidden !== 'keep') removeHidden(part.pixels, part.matte, own ? 0 : HAZE);

  const longest = subject ? Math.max(subject.box.width * (frame.toWidth / frame.width), subject.box.height * (frame.toHeight / frame.height)) : 0;
  const shade = shadow && subject ? shadeOf(shadow, part.matte, frame.toWidth, frame.toHeight, longest) : null;
  const paint = painterOf(backgroundOf(output), frame, backdrop);
  if (paint) onBackground(part.pixels, part.matte, paint, shade);
  else if (shade) onShadow(part.pixels, part.matte, shade);
  else onNothing(part.pixels, part.matte);
  return Object.assign(part.pixels, { isScaled: isScaled(frame) });
}

/**
 * @param {Uint16Array} matte
 * @param {number} width
 * @param {number} height
 * @param {Pick<OutputOptions, 'crop'> & { longest?: number }} output
 * @param {import('./subject.js').Subject | null} [subject] where it has been found already
 * @returns {{ values: Uint16Array, width: number, height: number, isScaled: boolean }} in the frame that `compose` chooses; the matte itself where there is
 *   nothing to cut
 * @throws {import('../../shared/errors.js').MatteboxError} `bad-option`
 */
export function composeMatte(matte, width, height, { crop, longest = Infinity }, subject = findSubject(matte, width, height)) {
  const frame = within(frameOf(subject, crop, width, height), longest);
  return { values: cutMatte(matte, width, height, frame), width: frame.toWidth, height: frame.toHeight, isScaled: isScaled(frame) };
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
