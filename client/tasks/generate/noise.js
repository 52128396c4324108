/**
 * Noise of a seed, the same to the bit on every device: whole numbers of 32 bits, and of floating point only what IEEE 754 rounds
 * correctly (sums, products, quotients, square roots). `Math.log` and its like are each engine's own. Pure.
 *
 * Uniform numbers come of xoshiro128** (Blackman and Vigna, 2018), whose state is four words of MurmurHash3's finaliser over the seed; the
 * normal ones are their quantiles, by Wichura's AS 241 (PPND16, 1988), which is right to about 1e-16.
 */

/** Of the quantile's three pieces, numerator and denominator, the highest power first. */
const CENTRAL = [
  [2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665],
  [5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579, 42.31333070160091, 1],
];
const MIDDLE = [
  [0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835],
  [1.0507500716444169e-09, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851, 1.6763848301838038, 2.053191626637759, 1],
];
const OUTER = [
  [2.0103343992922881e-07, 2.7115555687434876e-05, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103],
  [2.0442631033899397e-15, 1.421511758316446e-07, 1.8463183175100548e-05, 0.0007868691311456133, 0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1],
];
const LN2 = 0.6931471805599453;

/**
 * @param {number} seed a whole number, of which 32 bits count
 * @param {number} count
 * @returns {Float32Array} of a normal distribution with mean 0 and deviation 1
 */
export function noise(seed, count) {
  const next = integers(seed);
  // The middle of each of the 2 ** 32 steps: neither 0 nor 1, whose quantiles are infinite.
  return Float32Array.from({ length: count }, () => quantile((next() + 0.5) / 2 ** 32));
}

/** @param {number} seed @returns {() => number} whole numbers below 2 ** 32, each as likely */
export function integers(seed) {
  const s = new Uint32Array(4).map((_, i) => mixed((seed >>> 0) + Math.imul(i + 1, 0x9e3779b9)));
  return () => {
    const result = Math.imul(rotated(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotated(s[3], 11);
    return result;
  };
}

/** @param {number} word @param {number} by bits to the left */
const rotated = (word, by) => (word << by) | (word >>> (32 - by));

/** @param {number} word @returns {number} MurmurHash3's finaliser of it */
function mixed(word) {
  const a = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return b ^ (b >>> 16);
}

/** @param {number} p between 0 and 1 @returns {number} what a normal variable is below with that probability */
export function quantile(p) {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRAL, 0.180625 - q * q);
  const r = Math.sqrt(-ln(q < 0 ? p : 1 - p));
  const size = r <= 5 ? ratio(MIDDLE, r - 1.6) : ratio(OUTER, r - 5);
  return q < 0 ? -size : size;
}

/** @param {number[][]} polynomials @param {number} x */
const ratio = ([above, below], x) => at(above, x) / at(below, x);

/** @param {number[]} coefficients @param {number} x */
const at = (coefficients, x) => coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);

/**
 * @param {number} x above 0
 * @returns {number} its natural logarithm: of what is left between 1 / sqrt(2) and sqrt(2) when powers of two are taken out, the series of
 *   2 artanh((x - 1) / (x + 1))
 */
export function ln(x) {
  let [rest, power] = [x, 0];
  for (; rest < Math.SQRT1_2; power--) rest *= 2;
  for (; rest > Math.SQRT2; power++) rest /= 2;
  const z = (rest - 1) / (rest + 1);
  let sum = 0;
  // z is at most 0.172, so what is left out is below 1e-18.
  for (let k = 23; k > 0; k -= 2) sum = sum * z * z + 1 / k;
  return power * LN2 + 2 * z * sum;
}
