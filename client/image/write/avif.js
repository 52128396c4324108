/**
 * Pixels into AVIF by @jsquash/avif, libavif and libaom as WebAssembly (docs/decisions/0016-encoders.md).
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {{ encode: (data: Uint8ClampedArray, width: number, height: number, options: object) => Uint8Array<ArrayBuffer> | null }} Codec
 */
import { instantiate } from '../emscripten.js';
import { embedInAvif } from './embed-avif.js';

/** The options of the codec's `encode`: all must be there. */
const OPTIONS = {
  quality: 70,
  qualityAlpha: 100, // exact
  denoiseLevel: 0,
  tileColsLog2: 0,
  tileRowsLog2: 0,
  // The quickest there is: 7 s for 12 megapixels on one core, 10 s at 8 for a file a fiftieth smaller.
  speed: 9,
  subsample: 1, // 4:2:0
  chromaDeltaQ: false,
  sharpness: 0,
  tune: 0,
  enableSharpYUV: false,
  bitDepth: 8,
  lossless: false,
};

/** RGB itself instead of YUV, in full resolution. */
const LOSSLESS = { quality: 100, qualityAlpha: -1, subsample: 3, lossless: true };

/**
 * @param {WebAssembly.Module} module
 * @param {Pixels} pixels
 * @param {number | 'lossless'} quality 1..100
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function encodeAvif(module, { data, width, height }, quality) {
  const { default: factory } = await import('../../vendor/jsquash-avif/avif_enc.js');
  const codec = await instantiate(/** @type {import('../emscripten.js').Factory<Codec>} */ (/** @type {unknown} */ (factory)), module);
  const file = codec.encode(data, width, height, quality === 'lossless' ? { ...OPTIONS, ...LOSSLESS } : { ...OPTIONS, quality });
  if (!file) throw new Error('libavif gave nothing');
  return file;
}

/** @type {import('./encode.js').Write} */
export const write = async (pixels, quality, metadata, codec) => embedInAvif(await encodeAvif(codec('avif'), pixels, quality), metadata);
