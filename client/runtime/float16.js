/**
 * Halves (IEEE 754 binary16) as their bits, since `Float16Array` is younger than some browsers that run us.
 */

/** The smallest number that is nearer to infinity than to the largest half. */
const OVERFLOW = 65520;
/** The smallest half of full precision; below, halves lie 2 ** -24 apart. */
const LEAST_NORMAL = 2 ** -14;
/** Added and taken away, it leaves a double no room for a fraction: rounded to the nearest, ties to even. */
const ROUNDING = 1.5 * 2 ** 52;

/**
 * @param {Float32Array} numbers
 * @returns {Uint16Array} the nearest halves, ties to even
 */
export function toHalves(numbers) {
  const singles = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  const halves = new Uint16Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) halves[i] = ((singles[i] >>> 16) & 0x8000) | magnitude(Math.abs(numbers[i]), singles[i]);
  return halves;
}

/**
 * @param {number} value 0 or more
 * @param {number} bits as a single
 */
function magnitude(value, bits) {
  if (value >= OVERFLOW) return 0x7c00;
  if (value < LEAST_NORMAL) return round(value * 2 ** 24);
  const exponent = ((bits >>> 23) & 0xff) - 127;
  // A fraction that rounds up to 2 carries into the exponent, as it should.
  return Number.isNaN(value) ? 0x7e00 : (exponent + 14) * 1024 + round(value * 2 ** (10 - exponent));
}

/** @param {number} value */
const round = (value) => value + ROUNDING - ROUNDING;

/**
 * @param {Uint16Array} halves
 * @returns {Float32Array} exactly what they are
 */
export function fromHalves(halves) {
  const numbers = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const exponent = (halves[i] >> 10) & 0x1f;
    const fraction = halves[i] & 0x3ff;
    const value = exponent === 31 ? (fraction ? NaN : Infinity) : exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24;
    numbers[i] = halves[i] & 0x8000 ? -value : value;
  }
  return numbers;
}
