/**
 * Colour profiles of cameras and screens into sRGB, for decoders that leave it to us. Such a profile is three curves and a matrix
 * (ICC.1:2010, 8.3.3, 10.5, 10.15 and F.3); those that are tables, which some scanners and printers write, are not read.
 *
 * @typedef {import('./decode.js').Pixels} Pixels
 * @typedef {{ curves: Float32Array[], matrix: number[] }} Conversion to linear sRGB: 256 values for each channel, and rows of a matrix
 */

/** XYZ of D50 to linear sRGB (Bradford; IEC 61966-2-1). */
const FROM_D50 = [3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.033454, 0.0719453, -0.2289914, 1.4052427];
/** Primaries, by what `nclx` names, as columns of XYZ under D50 (ICC's own profiles). */
const NAMED = {
  p3: [0.51512, 0.29198, 0.1571, 0.2412, 0.69225, 0.06657, -0.00105, 0.04189, 0.78407],
  rec2020: [0.67351, 0.1657, 0.12507, 0.27906, 0.67534, 0.0456, -0.00194, 0.02997, 0.79686],
};
/** Fine enough that no rounding to 8 bit is off by more than a half. */
const STEPS = 1 << 14;
const MOST_POINTS = 4096;

/** @param {number} x 0..1 @returns {number} linear, 0..1 */
const srgbToLinear = (x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);

/** sRGB in 8 bit of each linear value. */
const ENCODED = Uint8ClampedArray.from({ length: STEPS + 1 }, (_, i) => {
  const x = i / STEPS;
  return 255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055);
});

/**
 * @param {'p3' | 'rec2020'} name
 * @returns {Conversion} with sRGB's curve
 */
export function named(name) {
  const curve = Float32Array.from({ length: 256 }, (_, i) => srgbToLinear(i / 255));
  return { curves: [curve, curve, curve], matrix: product(FROM_D50, NAMED[name]) };
}

/**
 * @param {Uint8Array} profile
 * @returns {Conversion | null} null for a profile that is not a matrix of RGB, or is damaged
 */
export function conversionOf(profile) {
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  if (profile.length < 132 || spaceOf(profile) !== 'RGB ' || tag(view, 20) !== 'XYZ ') return null;
  /** @type {Map<string, { start: number, length: number }>} */
  const table = new Map();
  const count = Math.min(view.getUint32(128), 100);
  for (let i = 0, at = 132; i < count && at + 12 <= profile.length; i++, at += 12) {
    const [start, length] = [view.getUint32(at + 4), view.getUint32(at + 8)];
    if (start + length <= profile.length) table.set(tag(view, at), { start, length });
  }
  // Where a profile has both, the table is the better one, and the matrix for programs like this.
  const columns = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => xyz(view, table.get(name)));
  const curves = ['rTRC', 'gTRC', 'bTRC'].map((name) => curveOf(view, table.get(name)));
  if (columns.includes(null) || curves.includes(null)) return null;
  const [red, green, blue] = /** @type {number[][]} */ (columns);
  const matrix = [0, 1, 2].flatMap((row) => [red[row], green[row], blue[row]]);
  return { curves: /** @type {Float32Array[]} */ (curves), matrix: product(FROM_D50, matrix) };
}

/**
 * @param {Uint8Array} profile
 * @returns {string} four letters of its colour space: `RGB `, `GRAY`, `CMYK`
 */
export function spaceOf(profile) {
  return String.fromCharCode(...profile.subarray(16, 20));
}

/**
 * @param {Pixels} pixels changed in place; what sRGB cannot show is clipped
 * @param {Conversion} conversion
 */
export function toSrgb({ data }, { curves: [red, green, blue], matrix }) {
  const [a, b, c, d, e, f, g, h, i] = matrix.map((value) => value * STEPS);
  for (let at = 0; at < data.length; at += 4) {
    const r = red[data[at]];
    const s = green[data[at + 1]];
    const t = blue[data[at + 2]];
    data[at] = encoded(a * r + b * s + c * t);
    data[at + 1] = encoded(d * r + e * s + f * t);
    data[at + 2] = encoded(g * r + h * s + i * t);
  }
}

/** @param {number} x linear, 0..STEPS, or outside */
function encoded(x) {
  if (x <= 0) return 0;
  return ENCODED[x >= STEPS ? STEPS : (x + 0.5) | 0];
}

/**
 * @param {DataView} view
 * @param {{ start: number, length: number } | undefined} entry
 */
function xyz(view, entry) {
  if (!entry || entry.length < 20 || tag(view, entry.start) !== 'XYZ ') return null;
  return [8, 12, 16].map((at) => view.getInt32(entry.start + at) / 65536);
}

/**
 * @param {DataView} view
 * @param {{ start: number, length: number } | undefined} entry
 * @returns {Float32Array | null} 256 linear values
 */
function curveOf(view, entry) {
  if (!entry || entry.length < 12) return null;
  const { start, length } = entry;
  const kind = tag(view, start);
  if (kind === 'para') return parametric(view, start, length);
  const points = view.getUint32(start + 8);
  if (kind !== 'curv' || points > MOST_POINTS || 12 + points * 2 > length) return null;
  if (points === 0) return sampled((x) => x);
  if (points === 1) {
    const gamma = view.getUint16(start + 12) / 256;
    return sampled((x) => x ** gamma);
  }
  /** @param {number} at */
  const point = (at) => view.getUint16(start + 12 + Math.min(at, points - 1) * 2) / 65535;
  return sampled((x) => {
    const at = Math.floor(x * (points - 1));
    const part = x * (points - 1) - at;
    return point(at) * (1 - part) + point(at + 1) * part;
  });
}

/** Parameters of each kind of function (10.15, table 65). */
const PARAMETERS = [1, 3, 4, 5, 7];

/**
 * @param {DataView} view
 * @param {number} start
 * @param {number} length
 */
function parametric(view, start, length) {
  const kind = view.getUint16(start + 8);
  const count = PARAMETERS[kind];
  if (!count || 12 + count * 4 > length) return null;
  const [g, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from({ length: count }, (_, i) => view.getInt32(start + 12 + i * 4) / 65536);
  switch (kind) {
    case 0:
      return sampled((x) => x ** g);
    case 1:
      return sampled((x) => (x >= -b / a ? (a * x + b) ** g : 0));
    case 2:
      return sampled((x) => (x >= -b / a ? (a * x + b) ** g + c : c));
    default:
      return sampled((x) => (x >= d ? (a * x + b) ** g + e : c * x + f));
  }
}

/** @param {(x: number) => number} linear */
function sampled(linear) {
  return Float32Array.from({ length: 256 }, (_, i) => Math.min(1, Math.max(0, linear(i / 255) || 0)));
}

/**
 * @param {DataView} view
 * @param {number} at
 */
function tag(view, at) {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

/**
 * @param {number[]} p 3 x 3, by rows
 * @param {number[]} q
 */
function product(p, q) {
  return Array.from({ length: 9 }, (_, i) => [0, 1, 2].reduce((sum, k) => sum + p[i - (i % 3) + k] * q[k * 3 + (i % 3)], 0));
}
