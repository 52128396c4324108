/**
 * Pixels into WebP by @jsquash/webp, libwebp as WebAssembly (docs/decisions/0016-encoders.md).
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {{ encode: (data: Uint8ClampedArray, width: number, height: number, options: object) => Uint8Array<ArrayBuffer> | null }} Codec
 */
import { instantiate } from '../emscripten.js';
import { embedInWebp } from './embed-webp.js';

/** The fields of `WebPConfig` (libwebp, encode.h): all must be there, and these are its own defaults. */
const CONFIG = {
  quality: 75,
  target_size: 0,
  target_PSNR: 0,
  method: 4,
  sns_strength: 50,
  filter_strength: 60,
  filter_sharpness: 0,
  filter_type: 1,
  partitions: 0,
  segments: 4,
  pass: 1,
  show_compressed: 0,
  preprocessing: 0,
  autofilter: 0,
  partition_limit: 0,
  alpha_compression: 1,
  alpha_filtering: 1,
  alpha_quality: 100,
  lossless: 0,
  exact: 0,
  image_hint: 0,
  emulate_jpeg_size: 0,
  thread_level: 0,
  low_memory: 0,
  near_lossless: 100,
  use_delta_palette: 0,
  use_sharp_yuv: 0,
};

/** `exact` keeps the colour under alpha 0. Method 1 would take three times as long for a file a sixth smaller. */
const LOSSLESS = { lossless: 1, exact: 1, quality: 0, method: 0 };

/**
 * Alpha stays exact (`alpha_quality` 100). What is hidden has been made one colour by then: `exact` keeps libwebp from drawing over it the
 * colours beside it, for 2 % of the file. Method 0 would be twice as fast for a file twice as large.
 */
const LOSSY = { method: 2, exact: 1 };

/**
 * @param {WebAssembly.Module} module
 * @param {Pixels} pixels that fit a WebP (longest.js)
 * @param {number | 'lossless'} quality 1..100
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function encodeWebp(module, { data, width, height }, quality) {
  const { default: factory } = await import('../../vendor/jsquash-webp/webp_enc_simd.js');
  const codec = await instantiate(/** @type {import('../emscripten.js').Factory<Codec>} */ (/** @type {unknown} */ (factory)), module);
  const options = quality === 'lossless' ? { ...CONFIG, ...LOSSLESS } : { ...CONFIG, ...LOSSY, quality };
  const file = codec.encode(data, width, height, options);
  if (!file) throw new Error('libwebp gave nothing');
  return file;
}

/** @type {import('./encode.js').Write} */
export const write = async (pixels, quality, metadata, codec) => embedInWebp(await encodeWebp(codec('webp'), pixels, quality), metadata);
