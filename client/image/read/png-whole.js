/**
 * Whether a PNG is what was once written. Browsers differ: one refuses a damaged picture, others show what came before the damage,
 * or nothing at all, as if that were the photo.
 */
import { crc32 } from '../png-chunks.js';
import { damaged, MOST_STEPS, truncated } from './bytes.js';

const CRITICAL = 0x20;
const END = 0x49454e44;

/**
 * @param {Blob} blob
 * @returns {Promise<void>}
 * @throws {import('../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function assertWhole(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const view = new DataView(bytes.buffer);
  for (let at = 8, step = 0; step < MOST_STEPS; step++) {
    if (at + 12 > bytes.length) throw truncated('PNG');
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) throw truncated('PNG');
    // Chunks whose name begins with a capital are the picture (PNG specification, 5.4).
    const isCritical = (bytes[at + 4] & CRITICAL) === 0;
    if (isCritical && crc32(bytes, at + 4, end) !== view.getUint32(end)) throw damaged('PNG', 'a wrong checksum');
    if (view.getUint32(at + 4) === END) return;
    at = end + 4;
  }
  throw damaged('PNG', 'too many chunks');
}
