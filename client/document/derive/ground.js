/**
 * What is behind a document's subject, at the size of a screen: for those who put the cutout on it themselves.
 *
 * @typedef {import('../../image/read/decode.js').Pixels} Pixels
 */
import { prepareBackdrop } from '../../image/compose/backdrop.js';
import { painterOf } from '../../image/compose/background.js';

/**
 * @param {Pixels} pixels the photo, with its own colours
 * @param {Uint16Array} matte
 * @param {import('../../shared/protocol.js').OutputOptions['background']} background
 * @param {number} longest pixels of the longer side, at most
 * @returns {Promise<Pixels | null>} opaque; null for none and for a plain colour
 * @throws {import('../../shared/errors.js').MatteboxError} of a picture that cannot be opened, with `details.role` "background"
 */
export async function groundOf(pixels, matte, background, longest) {
  if (!background || background.kind === 'none' || background.kind === 'colour') return null;
  const { width, height } = pixels;
  const scale = Math.min(1, longest / Math.max(width, height));
  const [toWidth, toHeight] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const paint = painterOf(background, { x: 0, y: 0, width, height, toWidth, toHeight }, await backdropOf(pixels, matte, background));
  const data = new Uint8ClampedArray(toWidth * toHeight * 4).fill(255);
  const line = new Uint8ClampedArray(toWidth * 3);
  for (let y = 0, at = 0; y < toHeight; y++) {
    paint(y, line);
    for (let i = 0; i < line.length; i += 3, at += 4) {
      data[at] = line[i];
      data[at + 1] = line[i + 1];
      data[at + 2] = line[i + 2];
    }
  }
  return { data, width: toWidth, height: toHeight };
}

/**
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 * @param {import('../../shared/protocol.js').Background} background
 */
async function backdropOf(pixels, matte, background) {
  if (background.kind === 'blur') return prepareBackdrop(pixels, matte, background);
  if (background.kind !== 'image') return null;
  // What writes files comes with it.
  const { decodeBackdrop } = await import('./file.js');
  return decodeBackdrop(background.image);
}
