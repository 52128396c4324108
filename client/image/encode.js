/**
 * Pixels into files. A canvas cannot do this: it stores premultiplied colour and loses what is under transparency.
 *
 * @typedef {import('./decode.js').Pixels} Pixels
 */
import initialise, { encode } from '../vendor/jsquash-png/squoosh_png.js';
import { MatteboxError } from '../errors.js';
import { greyPng } from './png.js';

/**
 * Hand the PNG codec its module. Needed once, before `encodeCutout`.
 * @param {ArrayBuffer} wasm verified bytes
 * @throws {MatteboxError} `runtime-failed`
 */
export async function loadPngCodec(wasm) {
  await initialise(wasm).catch((thrown) => {
    throw MatteboxError.from(thrown, 'runtime-failed', { part: 'png' });
  });
}

/**
 * @param {Pixels} pixels
 * @returns {Blob} PNG, RGBA, 8 bit, straight alpha
 * @throws {MatteboxError} `encode-failed`
 */
export function encodeCutout({ data, width, height }) {
  try {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (encode(bytes, width, height, 8))], { type: 'image/png' });
  } catch (thrown) {
    throw MatteboxError.from(thrown, 'encode-failed', { width, height });
  }
}

/**
 * @param {Uint8ClampedArray} matte
 * @param {number} width
 * @param {number} height
 * @returns {Promise<Blob>} PNG, grey, 8 bit, white where the subject is
 * @throws {MatteboxError} `encode-failed`
 */
export async function encodeMatte(matte, width, height) {
  try {
    return await greyPng(matte, width, height);
  } catch (thrown) {
    throw MatteboxError.from(thrown, 'encode-failed', { width, height });
  }
}
