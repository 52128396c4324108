/**
 * HDR of AVIF. Browsers differ in what they make of it on a canvas, so it is decoded here, by libavif (@jsquash/avif), whose binary comes
 * as verified bytes, and treated like HDR of HEIC.
 *
 * @typedef {import('./decode.js').Pixels} Pixels
 * @typedef {import('./inspect.js').Look} Look
 */
import { MatteboxError } from '../../shared/errors.js';
import { compile, instantiate } from '../emscripten.js';
import { orient } from './orient.js';
import { toneMapped } from './tone.js';

const TYPE = 'AVIF';
/** Bits that libavif is asked for: more than any file has. */
const BITS = 16;

/** @type {WebAssembly.Module | null} */
let module = null;

/**
 * @param {BufferSource} wasm verified bytes
 * @throws {MatteboxError} `runtime-failed`
 */
export async function loadAvifReader(wasm) {
  module = await compile('avif-reader', wasm);
}

/**
 * @param {Look} seen whose head names a transfer of HDR
 * @param {number} most pixels: what has more is refused
 * @returns {Promise<Pixels>} upright, sRGB, straight alpha
 * @throws {MatteboxError} `corrupt-image`, `runtime-failed`
 */
export async function decodeHdrAvif({ head, bytes }, most) {
  const { transfer, primaries, orientation } = head;
  if (!module || !transfer) throw new MatteboxError('runtime-failed', { part: 'avif-reader' });
  const { default: factory } = await import('../../vendor/jsquash-avif-dec/avif_dec.js');
  try {
    const decoder = await instantiate(factory, module);
    const made = decoder.decode(await bytes.copy({ start: 0, end: bytes.size }), BITS);
    if (!made || made.width * made.height > most) throw new MatteboxError('corrupt-image', { type: TYPE, cause: made ? `${made.width} × ${made.height}` : 'libavif' });
    const { width, height } = made;
    const row = (/** @type {number} */ y) => /** @type {Uint16Array} */ (made.data).subarray(y * width * 4, (y + 1) * width * 4);
    return orient({ data: toneMapped({ row, width, height, bits: BITS }, { transfer, primaries }), width, height }, orientation);
  } catch (thrown) {
    throw MatteboxError.from(thrown, 'corrupt-image', { type: TYPE });
  }
}
