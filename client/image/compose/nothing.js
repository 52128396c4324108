/**
 * The subject with nothing behind it.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 */
import { CELL } from '../matte/hidden.js';
import { packed } from '../scale/blocks.js';

/**
 * The matte as alpha, to the level; the colours stay what they are, under transparent pixels too.
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 */
export function onNothing({ data }, matte) {
  alphaOf(packed(data), matte, 0, matte.length);
}

/**
 * The same, where `removeHidden` has been: what it filled and left nothing of has its alpha.
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 * @param {import('../matte/hidden.js').Visible} visible
 */
export function onNothingWhere({ data, width, height }, matte, { seen, near }) {
  const pixels = packed(data);
  const columns = Math.ceil(width / CELL);
  for (let y = 0; y < height; y++) {
    const start = Math.floor(y / CELL) * columns;
    for (let from = 0; from < columns; from++) {
      if (!near[start + from] && !seen[start + from]) continue;
      let to = from + 1;
      while (to < columns && (near[start + to] || seen[start + to])) to++;
      alphaOf(pixels, matte, y * width + from * CELL, y * width + Math.min(width, to * CELL));
      from = to;
    }
  }
}

/**
 * @param {Int32Array} pixels
 * @param {Uint16Array} matte
 * @param {number} from
 * @param {number} end
 */
function alphaOf(pixels, matte, from, end) {
  for (let i = from; i < end; i++) pixels[i] = (pixels[i] & 0xffffff) | (((matte[i] + 128) / 257) << 24);
}
