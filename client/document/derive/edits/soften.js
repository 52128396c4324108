/**
 * Edges softened: three means over a short line, across and then down, which together are nearly a Gaussian (Wells 1986). A hard edge
 * becomes a ramp of just that many pixels.
 *
 * All sums are of whole numbers, so that a value does not depend on where the summing began.
 */

/** Steps of a value between the passes. */
const FINE = 256;

/**
 * @param {number} feather pixels of the ramp that a hard edge becomes
 * @returns {{ whole: number, part: number }} half-length of each pass's line: whole pixels, and the weight of one more
 */
function lineOf(feather) {
  const whole = Math.floor(feather / 6);
  return { whole, part: feather / 6 - whole };
}

/**
 * @param {number} feather
 * @returns {number} pixels around a place by which its value is decided
 */
export function reachOfSoftening(feather) {
  const { whole, part } = lineOf(feather);
  return 3 * (whole + Math.ceil(part));
}

/**
 * @param {Uint16Array} values row by row; as if what stands at the rim went on beyond it
 * @param {number} width
 * @param {number} height
 * @param {number} feather pixels, above 0
 * @returns {Uint16Array<ArrayBuffer>}
 */
export function soften(values, width, height, feather) {
  const { whole, part } = lineOf(feather);
  const scale = 1 / (2 * (whole + part) + 1);
  let [from, to] = [new Int32Array(values.length), new Int32Array(values.length)];
  for (let i = 0; i < values.length; i++) from[i] = values[i] * FINE;
  for (let pass = 0; pass < 3; pass++) {
    for (let y = 0; y < height; y++) meanAlong(from, to, y * width, width, whole, part, scale);
    [from, to] = [to, from];
  }
  for (let pass = 0; pass < 3; pass++) {
    meanDown(from, to, width, height, whole, part, scale);
    [from, to] = [to, from];
  }
  const out = new Uint16Array(from.length);
  for (let i = 0; i < out.length; i++) out[i] = (from[i] + FINE / 2) / FINE;
  return out;
}

/** @param {Int32Array} from @param {Int32Array} to @param {number} start @param {number} width @param {number} whole @param {number} part @param {number} scale */
function meanAlong(from, to, start, width, whole, part, scale) {
  const last = width - 1;
  const at = (/** @type {number} */ x) => from[start + (x < 0 ? 0 : x > last ? last : x)];
  let sum = 0;
  for (let x = -whole; x <= whole; x++) sum += at(x);
  const inner = Math.max(0, last - whole - 1);
  let x = 0;
  for (; x <= last && x <= whole; x++) {
    to[start + x] = (sum + part * (at(x - whole - 1) + at(x + whole + 1))) * scale + 0.5;
    sum += at(x + whole + 1) - at(x - whole);
  }
  for (let i = start + x; x < inner; x++, i++) {
    const next = from[i + whole + 1];
    to[i] = (sum + part * (from[i - whole - 1] + next)) * scale + 0.5;
    sum += next - from[i - whole];
  }
  for (; x <= last; x++) {
    to[start + x] = (sum + part * (at(x - whole - 1) + at(x + whole + 1))) * scale + 0.5;
    sum += at(x + whole + 1) - at(x - whole);
  }
}

/** @param {Int32Array} from @param {Int32Array} to @param {number} width @param {number} height @param {number} whole @param {number} part @param {number} scale */
function meanDown(from, to, width, height, whole, part, scale) {
  const sums = new Float64Array(width);
  const rowOf = (/** @type {number} */ y) => Math.min(Math.max(y, 0), height - 1) * width;
  for (let y = -whole; y <= whole; y++) for (let x = 0, i = rowOf(y); x < width; x++, i++) sums[x] += from[i];
  for (let y = 0; y < height; y++) {
    const [first, last, gone] = [rowOf(y - whole - 1), rowOf(y + whole + 1), rowOf(y - whole)];
    for (let x = 0, i = y * width; x < width; x++, i++) {
      to[i] = (sums[x] + part * (from[first + x] + from[last + x])) * scale + 0.5;
      sums[x] += from[last + x] - from[gone + x];
    }
  }
}
