/**
 * The light of a subject that is being edited, matched to the picture behind it as the file's is (`matchLight`). It is measured when the photo is
 * opened, on a small picture of the whole; a file measures it anew.
 */
import { painterOf } from '../../image/compose/background.js';
import { changeFor } from '../../image/compose/light.js';
import { findSubject } from '../../image/compose/subject.js';
import { pictureOf } from './edit-picture.js';
import { decodeBackdrop } from './file.js';

/** Pixels of the longer side of that picture, at most. */
const SIDE = 1024;

/**
 * @param {import('./edit-picture.js').View} view
 * @param {import('../../shared/protocol.js').OutputOptions['background']} background
 * @returns {Promise<import('../../image/compose/light.js').Change | null>} null for nothing
 * @throws {import('../../shared/errors.js').MatteboxError} of a picture that cannot be opened, with `details.role` "background"
 */
export async function lightFor(view, background) {
  const { width, height } = view.pixels;
  const subject = background?.kind === 'image' ? findSubject(view.matte, width, height) : null;
  if (!subject || background?.kind !== 'image') return null;
  const level = Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / SIDE)));
  const cutout = pictureOf(view, { x: 0, y: 0, width, height }, level, 'cutout');
  const frame = { x: 0, y: 0, width, height, toWidth: cutout.width, toHeight: cutout.height };
  const alpha = Uint16Array.from({ length: cutout.data.length / 4 }, (_, i) => cutout.data[i * 4 + 3] * 257);
  return changeFor(cutout, alpha, painterOf(background, frame, await decodeBackdrop(background.image)), subject.box, frame);
}
