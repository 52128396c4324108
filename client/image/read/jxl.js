/**
 * JPEG XL into pixels by @jsquash/jxl, libjxl as WebAssembly (docs/decisions/0028-raw-photoshop-jpeg-xl.md). It turns the picture,
 * and converts its colours to sRGB. Its binary comes as verified bytes; nothing of it is loaded before a photo needs it.
 *
 * @typedef {import('./decode.js').Pixels} Pixels
 * @typedef {{ decode: (file: Uint8Array) => Pixels | null }} Codec
 */
import { MatteboxError } from '../../shared/errors.js';
import { compile, instantiate } from '../emscripten.js';

const TYPE = 'JPEG XL';
/** What it takes to decode, measured: 33 bytes a pixel, of the 2 GiB that its memory may have. */
const MOST = 60_000_000;

/** @type {WebAssembly.Module | null} */
let module = null;

/**
 * Hand over libjxl's module. Needed once, before the first JPEG XL.
 * @param {ArrayBuffer} wasm verified bytes
 * @throws {MatteboxError} `runtime-failed`
 */
export async function loadJxl(wasm) {
  module = await compile('jxl', wasm);
}

/**
 * @param {Uint8Array} file
 * @param {import('./limits.js').Size} size that its head tells
 * @returns {Promise<Pixels>} upright, in sRGB, straight alpha
 * @throws {MatteboxError} `corrupt-image`, `out-of-memory`, `runtime-failed`
 */
export async function decodeJxl(file, { width, height }) {
  if (!module) throw new MatteboxError('runtime-failed', { part: 'jxl' });
  if (width * height > MOST) throw new MatteboxError('out-of-memory', { type: TYPE, width, height });
  const { default: factory } = await import('../../vendor/jsquash-jxl/jxl_dec.js');
  try {
    const codec = await instantiate(/** @type {import('../emscripten.js').Factory<Codec>} */ (/** @type {unknown} */ (factory)), module);
    const decoded = codec.decode(file);
    if (!decoded) throw new MatteboxError('corrupt-image', { type: TYPE });
    return { data: decoded.data, width: decoded.width, height: decoded.height };
  } catch (thrown) {
    // A trap, or no more memory, inside WebAssembly.
    throw MatteboxError.from(thrown, 'corrupt-image', { type: TYPE });
  }
}
