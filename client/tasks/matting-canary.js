/**
 * The canary of matting: a picture, and samples of the matte that it should get.
 *
 * @typedef {import('../shared/catalog-entry.js').MattingPart} MattingPart
 */

/** Blocks per side. */
const BLOCKS = 4;

/**
 * The picture of recipe "blocks-v1", in integers, so that every language draws the same: blocks of random dark colours.
 * What stands out among them depends on their colours, so the matte moves when channels, scale, mean or std are wrong.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} seed of a linear congruential generator (Numerical Recipes' constants)
 * @returns {Uint8ClampedArray} 3 planes of `height` x `width`
 */
export function canaryPlanes(width, height, seed) {
  let state = seed;
  const colours = Array.from({ length: BLOCKS * BLOCKS * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 20 + (((state >>> 24) * 120) >> 8);
  });
  const plane = width * height;
  const out = new Uint8ClampedArray(plane * 3);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor((y * BLOCKS) / height) * BLOCKS;
    for (let x = 0; x < width; x++, i++) {
      const block = (row + Math.floor((x * BLOCKS) / width)) * 3;
      for (let c = 0; c < 3; c++) out[i + c * plane] = colours[block + c];
    }
  }
  return out;
}

/**
 * @param {import('./fuse.js').SmallMatte} matte
 * @param {number} grid samples per side
 * @returns {number[]} the values in the middles of a grid's cells, row by row
 */
export function samplesOf({ matte, columns, rows }, grid) {
  const middle = (/** @type {number} */ i, /** @type {number} */ size) => Math.floor(((2 * i + 1) * size) / (2 * grid));
  return Array.from({ length: grid * grid }, (_, i) => matte[middle(Math.floor(i / grid), rows) * columns + middle(i % grid, columns)]);
}
