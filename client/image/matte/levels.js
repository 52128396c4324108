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
