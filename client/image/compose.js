/**
 * @typedef {import('./decode.js').Pixels} Pixels
 */

/**
 * Give the photo its matte as straight alpha, in place: the colours stay what they were, under transparent pixels too.
 * Transparency that the photo came with is kept: the matte multiplies it.
 *
 * @param {Pixels} pixels
 * @param {Uint8ClampedArray} matte one value per pixel
 */
export function applyMatte({ data }, matte) {
  for (let i = 0, a = 3; i < matte.length; i++, a += 4) {
    data[a] = data[a] === 255 ? matte[i] : (data[a] * matte[i]) / 255;
  }
}
