/**
 * The matte's 16 bits, and how they become 8.
 * A level of 8 bit is 257 of 16, so that both ends meet.
 */

/** Above it, of 65535, a pixel can be seen: models leave a haze of up to some hundredths where they are not sure of the background. */
export const VISIBLE = 65535 / 16;

/** The largest value that 8 bit rounds to 0, and the smallest that it rounds to 255. */
export const LAST_CLEAR = 128;
export const FIRST_SOLID = 65535 - 128;

/**
 * Ends are snapped: what 8 bit rounds to 0 or 255 is exactly 0 or 65535, so that flat areas are flat at either depth.
 * @param {number} alpha 0..1; beyond is clipped
 * @returns {number} 0..65535
 */
export function snapped(alpha) {
  const value = (alpha * 65535 + 0.5) | 0;
  return value <= LAST_CLEAR ? 0 : value >= FIRST_SOLID ? 65535 : value;
}

/**
 * Most of a matte is flat, and two values at a time say so.
 * @param {Uint16Array} matte
 * @param {number} width
 * @returns {Int32Array | null} the same memory: 0 where both of two values are 0, -1 where both are 65535; null where rows do not begin with a pair
 */
export function pairsOf(matte, width) {
  return width % 2 === 0 && matte.byteOffset % 4 === 0 ? new Int32Array(matte.buffer, matte.byteOffset, matte.length >> 1) : null;
}
