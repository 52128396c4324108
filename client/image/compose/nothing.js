/**
 * The subject with nothing behind it.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 */
import { packed } from '../scale/blocks.js';

/**
 * The matte as alpha, to the level; the colours stay what they are, under transparent pixels too.
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 */
export function onNothing({ data }, matte) {
  const pixels = packed(data);
  for (let i = 0; i < matte.length; i++) pixels[i] = (pixels[i] & 0xffffff) | (((matte[i] + 128) / 257) << 24);
}
