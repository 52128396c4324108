/**
 * A photo and its matte, which came as files.
 *
 * @typedef {import('./file.js').Wish} Wish
 * @typedef {import('../../shared/protocol.js').Finished} Finished
 */
import { MatteboxError } from '../../shared/errors.js';
import { decodeMatte } from '../../image/write/encode.js';
import { finish } from './file.js';
import { openPhoto } from './photo.js';

/**
 * A photo that was cut out before, finished otherwise.
 * @param {Blob | ImageBitmap} source
 * @param {Blob} written its matte, as a grey PNG
 * @param {Wish} output
 * @returns {Promise<Finished>}
 * @throws {MatteboxError} `bad-option` when the matte is another photo's
 */
export async function finishAgain(source, written, output) {
  const [photo, matte] = [await openPhoto(source, { reduce: true }), await decodeMatte(written)];
  const { pixels } = photo;
  if (matte.width !== pixels.width || matte.height !== pixels.height) {
    const [value, size] = [matte, pixels].map(({ width, height }) => ({ width, height }));
    throw new MatteboxError('bad-option', { option: 'matte', value, allowed: { kind: 'matte', ...size } });
  }
  const { cutout, size, result, applied, notes } = await finish(photo, matte.values, output);
  return { cutout, size, result, applied, notes };
}
