/** A brush as it is set, and how its settings are stepped through. Pure. */

/** Pixels of the photo. */
export const SIZES = { least: 1, most: 2000 };

/** @param {number} size @returns {number} in whole pixels, within what can be chosen */
const limited = (size) => Math.min(SIZES.most, Math.max(SIZES.least, Math.round(size)));

/** @param {number} size @param {-1 | 1} direction @returns {number} the next one: a sixth more or less, and at least a pixel */
export function nextSize(size, direction) {
  const next = limited(size * (direction > 0 ? 1.2 : 1 / 1.2));
  return limited(next === size ? size + direction : next);
}

/** @param {number} hardness 0..1 @param {-1 | 1} direction @returns {number} a tenth more or less */
export const nextHardness = (hardness, direction) => Math.min(1, Math.max(0, Math.round(hardness * 10 + direction) / 10));

/** @param {number} size @returns {number} 0..100 on a slider on which each step is the same part of the size */
export const sliderOfSize = (size) => (Math.log(size / SIZES.least) / Math.log(SIZES.most / SIZES.least)) * 100;

/** @param {number} value 0..100 @returns {number} */
export const sizeOfSlider = (value) => limited(SIZES.least * (SIZES.most / SIZES.least) ** (value / 100));

/**
 * @param {{ width: number, height: number }} photo
 * @returns {number} that is good to begin with: about a twentieth of the photo
 */
export const firstSize = ({ width, height }) => limited(Math.max(width, height) / 20);
