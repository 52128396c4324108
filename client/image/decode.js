/**
 * A file into pixels, upright and in sRGB.
 *
 * @typedef {{ data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number }} Pixels RGBA, 8 bit, straight alpha
 * @typedef {Pixels & { notes: import('../protocol.js').Note[] }} Decoded
 * @typedef {import('./inspect.js').Look} Look
 * @typedef {import('./limits.js').Limits} Limits
 */
import { pixelsOf, shrink } from './bitmap.js';
import { decodeByBrowser } from './browser-decoder.js';
import { upright } from './heads/head.js';
import { decodeHeif } from './heif.js';
import { readProfile } from './icc.js';
import { limitsHere, look, sizeToDecode } from './inspect.js';
import { orient } from './orient.js';
import { conversionOf, named, toSrgb } from './profile.js';

/**
 * @overload
 * @param {Blob | ImageBitmap} source
 * @param {{ limits?: Limits, reduce?: boolean, colours?: 'srgb' }} [options]
 * @returns {Promise<Decoded>}
 *
 * @overload
 * @param {Blob | ImageBitmap} source
 * @param {{ limits?: Limits, reduce?: boolean, colours: 'raw' }} options
 * @returns {Promise<Decoded | null>}
 *
 * @param {Blob | ImageBitmap} source a bitmap is closed
 * @param {{ limits?: Limits, reduce?: boolean, colours?: 'srgb' | 'raw' }} [options] `reduce`: a photo over
 *   the limit is made smaller; `raw`: the file's own numbers, which its profile explains, or null where there is no profile
 *   of RGB or this browser cannot leave them alone
 * @returns {Promise<Decoded | null>}
 * @throws {import('../errors.js').MatteboxError} `empty-image`, `unsupported-image`, `image-too-large` (before decoding where the
 *   head tells), `corrupt-image`, `out-of-memory`, `runtime-failed` for a HEIC without its codec, `browser-unsupported`
 */
export async function decode(source, { limits = limitsHere(), reduce = false, colours = 'srgb' } = {}) {
  const isRaw = colours === 'raw';
  if (!(source instanceof Blob)) return isRaw ? null : { ...pixelsOf(source), notes: [] };
  const seen = await look(source);
  const size = sizeToDecode(upright(seen.head), limits, reduce);
  if (isRaw && !(await readProfile(seen))) return null;
  const made = await decoded(seen, size, isRaw, limits.hard);
  if (!made) return null;
  const { pixels, isConverted } = made;
  if (!isConverted && !isRaw) await convert(pixels, seen);
  // Where only decoding told the size.
  const wanted = size ?? sizeToDecode(pixels, limits, reduce);
  const isSmaller = wanted && wanted.width * wanted.height < pixels.width * pixels.height;
  return { ...(isSmaller ? await shrink(pixels, wanted) : pixels), notes: seen.head.notes };
}

/**
 * @param {Look} seen
 * @param {import('./limits.js').Size | null} size that is wanted, upright; what comes may be larger
 * @param {boolean} isRaw
 * @param {number} most pixels
 * @returns {Promise<{ pixels: Pixels, isConverted: boolean } | null>}
 */
async function decoded(seen, size, isRaw, most) {
  const { type, head, bytes } = seen;
  switch (type) {
    case 'TIFF': {
      const { decodeTiff } = await import('./tiff.js');
      return { pixels: orient(await decodeTiff(bytes), head.orientation), isConverted: false };
    }
    case 'HEIC':
      return { pixels: await decodeHeif(await bytes.copy({ start: 0, end: bytes.size }), most), isConverted: false };
    default:
      return decodeByBrowser(seen, size, isRaw);
  }
}

/**
 * What the decoder has left as it was.
 * @param {Pixels} pixels changed in place
 * @param {Look} seen
 */
async function convert(pixels, seen) {
  const profile = await readProfile(seen);
  const conversion = profile ? conversionOf(profile) : seen.head.primaries && named(seen.head.primaries);
  if (conversion) toSrgb(pixels, conversion);
}
