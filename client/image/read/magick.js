/**
 * Kinds of TIFF that are not read here (tiff.js) into pixels by libtiff, as ImageMagick has it in WebAssembly (@imagemagick/magick-wasm;
 * docs/decisions/0027-tiff-by-libtiff.md). Its binary comes as verified bytes; nothing of it is loaded before a photo needs it.
 *
 * @typedef {import('./decode.js').Pixels} Pixels
 * @typedef {import('./heads/head.js').Head} Head
 * @typedef {import('@imagemagick/magick-wasm').IMagickImage} Image
 */
import { MatteboxError } from '../../shared/errors.js';
import { compile } from '../emscripten.js';
import { converterOf } from './colour.js';

const TYPE = 'TIFF';
/** Samples that are taken out of WebAssembly at a time. */
const BAND = 1 << 22;
/** What it holds for each pixel at its peak is four bytes and the file: of the 2 GiB that it may have, so many pixels. */
const MOST = 200_000_000;

/** @type {WebAssembly.Module | null} */
let module = null;

/**
 * Hand over ImageMagick's module. Needed once, before the first such TIFF.
 * @param {ArrayBuffer} wasm verified bytes
 * @throws {MatteboxError} `runtime-failed`
 */
export async function loadMagick(wasm) {
  module = await compile('magick', wasm);
}

/**
 * @param {Uint8Array} file
 * @param {Head} head of it
 * @param {Uint8Array | null} profile ICC, to sRGB; null leaves the colours as they are
 * @returns {Promise<{ pixels: Pixels, isConverted: boolean }>} as stored: not turned; straight alpha
 * @throws {MatteboxError} `corrupt-image`, `out-of-memory`, `runtime-failed`
 */
export async function decodeByMagick(file, head, profile) {
  const [width, height] = [Number(head.width), Number(head.height)];
  if (width * height > MOST) throw new MatteboxError('out-of-memory', { type: TYPE, width, height });
  const magick = await start();
  const { colours } = head;
  const map = colours === 'cmyk' ? 'CMYKA' : 'RGBA';
  const converter = await converterOf(profile, { colours, bits: 8, stride: map.length });
  const data = new Uint8ClampedArray(width * height * 4);
  // No picture that is larger than its head says.
  magick.ResourceLimits.width = BigInt(width);
  magick.ResourceLimits.height = BigInt(height);
  const settings = new magick.MagickReadSettings({ format: magick.MagickFormat.Tiff, frameIndex: 0, frameCount: 1 });
  try {
    magick.ImageMagick.read(file, settings, (image) => {
      if (image.width !== width || image.height !== height) throw new MatteboxError('corrupt-image', { type: TYPE, cause: `${image.width} × ${image.height}` });
      take(image, map, (samples, to) => {
        converter.convert(samples, 0, data, to, samples.length / map.length);
        for (let at = map.length - 1, alpha = to + 3; at < samples.length; at += map.length, alpha += 4) data[alpha] = samples[at];
      });
    });
  } catch (thrown) {
    // A trap, or no more memory, inside WebAssembly; or what libtiff cannot make sense of.
    throw MatteboxError.from(thrown, 'corrupt-image', { type: TYPE });
  }
  return { pixels: { data, width, height }, isConverted: converter.isConverted() };
}

/**
 * @param {Image} image
 * @param {string} map letters of the samples of a pixel
 * @param {(samples: Uint8Array, to: number) => void} paint
 */
function take(image, map, paint) {
  const { width, height } = image;
  const band = Math.max(1, Math.floor(BAND / (width * map.length)));
  image.getPixels((pixels) => {
    for (let y = 0; y < height; y += band) {
      const samples = pixels.toByteArray(0, y, width, Math.min(band, height - y), map);
      if (!samples) throw new MatteboxError('corrupt-image', { type: TYPE, cause: 'no samples' });
      paint(samples, y * width * 4);
    }
  });
}

/** A fresh instance: its memory never shrinks, and would hold the largest photo for as long as the worker lives. */
async function start() {
  if (!module) throw new MatteboxError('runtime-failed', { part: 'magick' });
  try {
    const magick = await import('../../vendor/magick-wasm/index.js');
    await magick.initializeImageMagick(module);
    return magick;
  } catch (thrown) {
    throw MatteboxError.from(thrown, 'runtime-failed', { part: 'magick' });
  }
}
