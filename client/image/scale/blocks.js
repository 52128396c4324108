/**
 * Sums over blocks of a photo's pixels: what every smaller picture of it begins with.
 */

/**
 * @param {Uint8ClampedArray} data RGBA
 * @returns {Int32Array} the same memory, a number per pixel: red is its lowest byte, as every browser's machine has it. Signed, since an
 *   opaque pixel then is a small number, which costs nothing before the code around it is optimised
 */
export function packed(data) {
  return new Int32Array(data.buffer, data.byteOffset, data.length >> 2);
}

/**
 * A row of blocks.
 * @param {Int32Array} pixels `packed`
 * @param {number} width of the photo
 * @param {number} top first of the blocks' rows of pixels
 * @param {number} rows of pixels
 * @param {number} side pixels along a block; the last block may have fewer
 * @param {Float64Array} sums filled: red, green and blue of each block in turn
 */
export function sumBlocks(pixels, width, top, rows, side, sums) {
  const first = top * width;
  const last = first + (rows - 1) * width;
  for (let s = 0, x = 0; x < width; s += 3, x += side) {
    const across = Math.min(side, width - x);
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let start = first + x; start <= last + x; start += width) {
      for (let at = start; at < start + across; at++) {
        const pixel = pixels[at];
        red += pixel & 0xff;
        green += (pixel >> 8) & 0xff;
        blue += (pixel >> 16) & 0xff;
      }
    }
    sums[s] = red;
    sums[s + 1] = green;
    sums[s + 2] = blue;
  }
}
