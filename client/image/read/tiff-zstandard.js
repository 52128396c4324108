/**
 * Zstandard in TIFF (compression 50000 of libtiff), by fzstd (MIT). Loaded when such a file is met.
 */
import { decompress } from '../../vendor/fzstd/index.mjs';
import { damaged } from './bytes.js';

/**
 * @param {Uint8Array} packed
 * @param {number} most bytes of the result; what a frame claims of its size is not believed
 * @returns {Uint8Array} of that length; zeros where the frame ends before
 * @throws {import('../../shared/errors.js').MatteboxError} `corrupt-image` for a frame that is damaged, cut, or longer than that
 */
export function unpackZstandard(packed, most) {
  const out = new Uint8Array(most);
  try {
    decompress(packed, out);
  } catch (thrown) {
    throw damaged('TIFF', `Zstandard: ${thrown instanceof Error ? thrown.message : thrown}`);
  }
  return out;
}
