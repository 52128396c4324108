/**
 * Transparency that a photo came with.
 *
 * @param {Uint16Array} matte 0..65535, multiplied in place by the photo's alpha
 * @param {import('./decode.js').Pixels} pixels
 */
export function multiplyByAlpha(matte, { data }) {
  for (let i = 0, a = 3; i < matte.length; i++, a += 4) {
    if (data[a] !== 255) matte[i] = Math.round((matte[i] * data[a]) / 255);
  }
}
