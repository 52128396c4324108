/**
 * A file into pixels, upright and in sRGB.
 *
 * @typedef {{ data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number }} Pixels RGBA, 8 bit, straight alpha
 * @typedef {import('../../shared/protocol.js').Note} Note
 * @typedef {object} Told
 * @property {Note[]} notes
 * @property {Blob | null} original what shows the photo as it was read here, where a browser might show the file otherwise; else null
 * @property {Look | null} seen the file as it was looked at; null for a bitmap
 * @typedef {Pixels & Told} Decoded
 * @typedef {import('./inspect.js').Look} Look
 * @typedef {import('./limits.js').Limits} Limits
 * @typedef {{ limits?: Limits, reduce?: boolean, size?: import('./limits.js').Size }} Options
 */
import { onDemand } from '../../shared/on-demand.js';
import { pixelsOf, shrink } from './bitmap.js';
import { decodeByBrowser } from './browser-decoder.js';
import { mended } from './bytes.js';
import { upright } from './heads/head.js';
import { limitsHere, look, lookOn, sizeToDecode } from './inspect.js';

const abilities = onDemand(() => import('./abilities.js'), 'abilities.js');
const avifHdr = onDemand(() => import('./avif-hdr.js'), 'avif-hdr.js');
const converting = onDemand(() => import('./colour.js'), 'colour.js');
const heic = onDemand(() => import('./heic.js'), 'heic.js');
const icc = onDemand(() => import('./icc.js'), 'icc.js');
const jxl = onDemand(() => import('./jxl.js'), 'jxl.js');
const magick = onDemand(() => import('./magick.js'), 'magick.js');
const orienting = onDemand(() => import('./orient.js'), 'orient.js');
const psd = onDemand(() => import('./psd.js'), 'psd.js');
const tiff = onDemand(() => import('./tiff.js'), 'tiff.js');

/** @type {Note} */
const TONE_MAPPED = { code: 'tone-mapped', detail: {} };
/** @type {Note} */
const UNCONVERTED = { code: 'colours-unconverted', detail: {} };

/**
 * @overload
 * @param {Blob | Look | ImageBitmap} source
 * @param {Options & { colours?: 'srgb' }} [options]
 * @returns {Promise<Decoded>}
 *
 * @overload
 * @param {Blob | Look | ImageBitmap} source
 * @param {Options & { colours: 'raw' }} options
 * @returns {Promise<Decoded | null>}
 *
 * @param {Blob | Look | ImageBitmap} source a bitmap is closed; a file that was looked at already is not looked at again
 * @param {Options & { colours?: 'srgb' | 'raw' }} [options] `reduce`: a photo over
 *   the limit is made smaller; `size`: upright, that was chosen before, whatever the limit; `raw`: the file's own numbers, which its profile explains, or null where there is no profile
 *   of RGB or this browser cannot leave them alone
 * @returns {Promise<Decoded | null>}
 * @throws {import('../../shared/errors.js').MatteboxError} `empty-image`, `unsupported-image`, `image-too-large` (before decoding where the
 *   head tells), `corrupt-image`, `out-of-memory`, `runtime-failed` for a HEIC without its codec, `browser-unsupported`
 */
export async function decode(source, { limits = limitsHere(), reduce = false, size: chosen, colours = 'srgb' } = {}) {
  const isRaw = colours === 'raw';
  if (!(source instanceof Blob || 'head' in source)) return isRaw ? null : { ...pixelsOf(source), notes: [], original: null, seen: null };
  const seen = source instanceof Blob ? await look(source) : source;
  const size = chosen ?? sizeToDecode(upright(seen.head), limits, reduce);
  if (isRaw && !(await isExplained(seen))) return null;
  const rest = await lookOn(seen);
  const file = mended(seen.blob, rest.mends);
  const made = await decoded({ ...seen, blob: file }, size, isRaw, limits.hard);
  if (!made) return null;
  const { pixels, notes } = made;
  const original = file === source ? null : file;
  return { ...(await reduced(pixels, size ?? sizeToDecode(pixels, limits, reduce))), notes: [...rest.notes, ...notes], original, seen };
}

/** @param {Look} seen @returns {Promise<boolean>} whether its own numbers are what a profile of RGB explains */
const isExplained = async (seen) => !seen.head.transfer && (await (await icc()).readProfile(seen)) !== null;

/**
 * @param {Pixels} pixels
 * @param {import('./limits.js').Size | null} size that is wanted; where only decoding told it, none before
 */
async function reduced(pixels, size) {
  return size && size.width * size.height < pixels.width * pixels.height ? shrink(pixels, size) : pixels;
}

/**
 * @param {Look} seen
 * @param {import('./limits.js').Size | null} size that is wanted, upright; what comes may be larger
 * @param {boolean} isRaw
 * @param {number} most pixels
 * @returns {Promise<{ pixels: Pixels, notes: Note[] } | null>}
 */
async function decoded(seen, size, isRaw, most) {
  const { type, head, bytes } = seen;
  switch (type) {
    case 'TIFF': {
      const { pixels, isConverted } = await tiffPixels(seen, isRaw ? null : await (await icc()).readAnyProfile(seen));
      const { orient } = await orienting();
      return { pixels: orient(pixels, head.orientation), notes: isConverted ? [] : [UNCONVERTED] };
    }
    case 'HEIC': {
      const { decodeHeic } = await heic();
      const { pixels, isToneMapped } = await decodeHeic(seen, most);
      if (isToneMapped) return { pixels, notes: [TONE_MAPPED] };
      return { pixels, notes: isRaw ? [] : await convert(pixels, seen) };
    }
    case 'AVIF': {
      if (!head.transfer) return byBrowser(seen, size, isRaw);
      const { decodeHdrAvif } = await avifHdr();
      return { pixels: await decodeHdrAvif(seen, most), notes: [TONE_MAPPED] };
    }
    case 'Photoshop': {
      const { decodePsd } = await psd();
      const { pixels, isConverted } = await decodePsd(bytes, isRaw ? null : await (await icc()).readAnyProfile(seen));
      return { pixels, notes: isConverted ? [] : [UNCONVERTED] };
    }
    case 'JPEG XL': {
      if ((await (await abilities()).abilityOf(type)).decodes) return byBrowser(seen, size, isRaw);
      const { decodeJxl } = await jxl();
      const pixels = await decodeJxl(await bytes.copy({ start: 0, end: bytes.size }), { width: Number(head.width), height: Number(head.height) });
      return { pixels, notes: [] };
    }
    default:
      return byBrowser(seen, size, isRaw);
  }
}

/**
 * @param {Look} seen
 * @param {Uint8Array | null} profile
 */
async function tiffPixels({ head, bytes }, profile) {
  if (!head.isForLibtiff) return (await tiff()).decodeTiff(bytes, profile);
  const { decodeByMagick } = await magick();
  return decodeByMagick(await bytes.copy({ start: 0, end: bytes.size }), head, profile);
}

/**
 * @param {Look} seen
 * @param {import('./limits.js').Size | null} size
 * @param {boolean} isRaw
 * @returns {Promise<{ pixels: Pixels, notes: Note[] } | null>}
 */
async function byBrowser(seen, size, isRaw) {
  const made = await decodeByBrowser(seen, size, isRaw);
  return made && { pixels: made.pixels, notes: made.isConverted || isRaw ? [] : await convert(made.pixels, seen) };
}

/**
 * What the decoder has left as it was.
 * @param {Pixels} pixels changed in place
 * @param {Look} seen
 * @returns {Promise<Note[]>}
 */
async function convert({ data }, seen) {
  const { primaries, colours } = seen.head;
  const profile = seen.head.profile.length > 0 ? await (await icc()).readAnyProfile(seen) : null;
  if (!profile && !primaries) return [];
  const { converterOf, namedConverter } = await converting();
  // Inks are RGB once a browser has decoded them, and what it made of them is not what their profile is about.
  if (colours === 'cmyk') return profile ? [UNCONVERTED] : [];
  const converter = profile || !primaries ? await converterOf(profile, { colours, bits: 8, stride: 4 }) : namedConverter(primaries, 4);
  converter.convert(data, 0, data, 0, data.length / 4);
  return converter.isConverted() ? [] : [UNCONVERTED];
}
