/**
 * Colour profiles that are tables, or of inks, by littlecms (lcms-wasm, MIT). Its binary comes as verified bytes; nothing of it is
 * loaded before a photo has such a profile.
 *
 * @typedef {import('./colour.js').Samples} Samples
 *
 * @typedef {object} Lcms what is used of its C interface (lcms2.h)
 * @property {Uint8Array} HEAPU8
 * @property {(bytes: number) => number} _malloc
 * @property {(data: number, bytes: number) => number} _cmsOpenProfileFromMem
 * @property {(profile: number) => number} _cmsGetColorSpace
 * @property {() => number} _cmsCreate_sRGBProfile
 * @property {(input: number, inputFormat: number, output: number, outputFormat: number, intent: number, flags: number) => number} _cmsCreateTransform
 * @property {(transform: number, input: number, output: number, pixels: number) => void} _cmsDoTransform
 */
import { compile, instantiate } from '../emscripten.js';

/** Pixels at a time: what they take in WebAssembly stays small, however large the photo. */
const STRIP = 1 << 14;
/** What lcms2.h calls these colours in its formats (`PT_GRAY`, ...), the signature in the profile, and how many there are of each. */
const SPACES = /** @type {const} */ ({
  grey: { format: 3, signature: 0x47524159, channels: 1 },
  rgb: { format: 4, signature: 0x52474220, channels: 3 },
  cmyk: { format: 6, signature: 0x434d594b, channels: 4 },
});
const RGBA = (4 << 16) | (1 << 7) | (3 << 3) | 1;
/**
 * `INTENT_PERCEPTUAL`, whose table (A2B0) is the one that Chromium and Safari use for a picture, and Pillow. Of profiles that have none,
 * littlecms takes the colorimetric one.
 */
const PERCEPTUAL = 0;

/** @type {WebAssembly.Module | null} */
let module = null;

/**
 * @param {BufferSource} wasm verified bytes of littlecms
 * @throws {import('../../shared/errors.js').MatteboxError} `runtime-failed`
 */
export async function loadLcms(wasm) {
  module = await compile('lcms', wasm);
}

/**
 * @param {Uint8Array} profile
 * @param {Pick<Samples, 'colours' | 'bits' | 'stride'>} samples
 * @returns {Promise<((...strip: Parameters<import('./colour.js').Convert>) => void) | null>} converts pixels, and throws where it fails; null
 *   without littlecms, and for a profile that it does not understand
 */
export async function transformOf(profile, { colours, bits, stride }) {
  if (!module || colours === 'lab') return null;
  const { default: factory } = await import('../../vendor/lcms-wasm/lcms.min.js');
  const lcms = /** @type {Lcms} */ (await instantiate(factory, module));
  const { format, signature, channels } = SPACES[colours];
  const bytes = bits / 8;
  try {
    const source = lcms._malloc(profile.length);
    lcms.HEAPU8.set(profile, source);
    const input = lcms._cmsOpenProfileFromMem(source, profile.length);
    if (!input || lcms._cmsGetColorSpace(input) !== signature) return null;
    const inputFormat = (format << 16) | ((stride - channels) << 7) | (channels << 3) | bytes;
    const transform = lcms._cmsCreateTransform(input, inputFormat, lcms._cmsCreate_sRGBProfile(), RGBA, PERCEPTUAL, 0);
    if (!transform) return null;
    const into = lcms._malloc(STRIP * stride * bytes);
    const out = lcms._malloc(STRIP * 4);
    return (from, at, rgba, to, count) => {
      for (let done = 0; done < count; done += STRIP) {
        const some = Math.min(STRIP, count - done);
        const first = at + done * stride;
        const strip = from.subarray(first, first + some * stride);
        lcms.HEAPU8.set(new Uint8Array(strip.buffer, strip.byteOffset, strip.byteLength), into);
        lcms._cmsDoTransform(transform, into, out, some);
        spread(lcms.HEAPU8, out, rgba, to + done * 4, some);
      }
    };
  } catch {
    return null;
  }
}

/**
 * @param {Uint8Array} heap
 * @param {number} from
 * @param {Uint8ClampedArray} rgba alpha stays
 * @param {number} to
 * @param {number} count
 */
function spread(heap, from, rgba, to, count) {
  for (const end = to + count * 4; to < end; to += 4, from += 4) {
    rgba[to] = heap[from];
    rgba[to + 1] = heap[from + 1];
    rgba[to + 2] = heap[from + 2];
  }
}
