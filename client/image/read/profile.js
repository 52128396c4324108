/**
 * Colour profiles of cameras and screens into sRGB, for decoders that leave it to us. Such a profile is three curves and a matrix,
 * or one curve of grey (ICC.1:2010, 8.3.3, 8.3.4, 10.5, 10.15 and F.3). Those that are tables are littlecms's work (colour.js).
 *
 * @typedef {object} Conversion to linear sRGB
 * @property {Float32Array[]} curves as many values for each channel as a sample has levels; of grey there is one
 * @property {number[]} matrix 3 x 3, by rows; none for grey
 */

/** XYZ of D50 to linear sRGB (Bradford; IEC 61966-2-1). */
export const FROM_D50 = [3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.033454, 0.0719453, -0.2289914, 1.4052427];
/** Primaries, by what `nclx` names, as columns of XYZ under D50 (ICC's own profiles). */
const NAMED = {
  p3: [0.51512, 0.29198, 0.1571, 0.2412, 0.69225, 0.06657, -0.00105, 0.04189, 0.78407],
  rec2020: [0.67351, 0.1657, 0.12507, 0.27906, 0.67534, 0.0456, -0.00194, 0.02997, 0.79686],
};
/** Fine enough that no rounding to 8 bit is off by more than a half. */
export const STEPS = 1 << 14;
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
 * @param {number} [levels] of a sample
 * @returns {Conversion} with sRGB's curve
 */
export function named(name, levels = 256) {
  const curve = sampled(srgbToLinear, levels);
  return { curves: [curve, curve, curve], matrix: fromPrimaries(name) };
}

/**
 * @param {'p3' | 'rec2020' | null} primaries null for sRGB's own
 * @returns {number[]} from linear light to linear sRGB, by rows
 */
export function fromPrimaries(primaries) {
  return primaries ? product(FROM_D50, NAMED[primaries]) : [1, 0, 0, 0, 1, 0, 0, 0, 1];
}

/**
 * @param {Uint8Array} profile
 * @param {number} [levels] of a sample
 * @returns {Conversion | null} null for a profile that is not a matrix of RGB or a curve of grey, or is damaged
 */
export function conversionOf(profile, levels = 256) {
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  if (profile.length < 132 || tag(view, 20) !== 'XYZ ') return null;
  const table = tagsOf(view);
  if (spaceOf(profile) === 'GRAY') {
    const curve = curveOf(view, table.get('kTRC'), levels);
    return curve && { curves: [curve], matrix: [] };
  }
  if (spaceOf(profile) !== 'RGB ') return null;
  const columns = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => xyz(view, table.get(name)));
  const curves = ['rTRC', 'gTRC', 'bTRC'].map((name) => curveOf(view, table.get(name), levels));
  if (columns.includes(null) || curves.includes(null)) return null;
  const [red, green, blue] = /** @type {number[][]} */ (columns);
  const matrix = [0, 1, 2].flatMap((row) => [red[row], green[row], blue[row]]);
  return { curves: /** @type {Float32Array[]} */ (curves), matrix: product(FROM_D50, matrix) };
}

/**
 * @param {Uint8Array} profile
 * @returns {boolean} whether it holds a table to its device's colours from which a matrix is at best the poorer copy
 */
export function hasTable(profile) {
  if (profile.length < 132) return false;
  const table = tagsOf(new DataView(profile.buffer, profile.byteOffset, profile.byteLength));
  return table.has('A2B0') || table.has('A2B1');
}

/**
 * @param {DataView} view
 * @returns {Map<string, { start: number, length: number }>} the tags that lie within the profile
 */
function tagsOf(view) {
  const table = new Map();
  const count = Math.min(view.getUint32(128), 100);
  for (let i = 0, at = 132; i < count && at + 12 <= view.byteLength; i++, at += 12) {
    const [start, length] = [view.getUint32(at + 4), view.getUint32(at + 8)];
    if (start + length <= view.byteLength) table.set(tag(view, at), { start, length });
  }
  return table;
}

/**
 * @param {Uint8Array} profile
 * @returns {string} four letters of its colour space: `RGB `, `GRAY`, `CMYK`
 */
export function spaceOf(profile) {
  return String.fromCharCode(...profile.subarray(16, 20));
}

/**
 * @param {Conversion} conversion
 * @param {ArrayLike<number>} from samples
 * @param {number} at the first of them
 * @param {number} stride from pixel to pixel
 * @param {Uint8ClampedArray} rgba what sRGB cannot show is clipped; alpha stays
 * @param {number} to the first byte of it
 * @param {number} count pixels
 */
export function toSrgb({ curves, matrix }, from, at, stride, rgba, to, count) {
  if (curves.length === 1) {
    for (const end = to + count * 4; to < end; to += 4, at += stride) rgba[to] = rgba[to + 1] = rgba[to + 2] = encoded(curves[0][from[at]] * STEPS);
    return;
  }
  const [red, green, blue] = curves;
  const [a, b, c, d, e, f, g, h, i] = matrix.map((value) => value * STEPS);
  for (const end = to + count * 4; to < end; to += 4, at += stride) {
    const r = red[from[at]];
    const s = green[from[at + 1]];
    const t = blue[from[at + 2]];
    rgba[to] = encoded(a * r + b * s + c * t);
    rgba[to + 1] = encoded(d * r + e * s + f * t);
    rgba[to + 2] = encoded(g * r + h * s + i * t);
  }
}

/**
 * @param {number} x linear, 0..STEPS, or outside
 * @returns {number} sRGB, 8 bit
 */
export function encoded(x) {
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
 * @param {number} levels
 * @returns {Float32Array | null} a linear value for each level
 */
function curveOf(view, entry, levels) {
  if (!entry || entry.length < 12) return null;
  const { start, length } = entry;
  const kind = tag(view, start);
  if (kind === 'para') return parametric(view, start, length, levels);
  const points = view.getUint32(start + 8);
  if (kind !== 'curv' || points > MOST_POINTS || 12 + points * 2 > length) return null;
  if (points === 0) return sampled((x) => x, levels);
  if (points === 1) {
    const gamma = view.getUint16(start + 12) / 256;
    return sampled((x) => x ** gamma, levels);
  }
  /** @param {number} at */
  const point = (at) => view.getUint16(start + 12 + Math.min(at, points - 1) * 2) / 65535;
  return sampled((x) => {
    const at = Math.floor(x * (points - 1));
    const share = x * (points - 1) - at;
    return point(at) * (1 - share) + point(at + 1) * share;
  }, levels);
}

/** Parameters of each kind of function (10.15, table 65). */
const PARAMETERS = [1, 3, 4, 5, 7];

/**
 * @param {DataView} view
 * @param {number} start
 * @param {number} length
 * @param {number} levels
 */
function parametric(view, start, length, levels) {
  const kind = view.getUint16(start + 8);
  const count = PARAMETERS[kind];
  if (!count || 12 + count * 4 > length) return null;
  const [g, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from({ length: count }, (_, i) => view.getInt32(start + 12 + i * 4) / 65536);
  switch (kind) {
    case 0:
      return sampled((x) => x ** g, levels);
    case 1:
      return sampled((x) => (x >= -b / a ? (a * x + b) ** g : 0), levels);
    case 2:
      return sampled((x) => (x >= -b / a ? (a * x + b) ** g + c : c), levels);
    default:
      return sampled((x) => (x >= d ? (a * x + b) ** g + e : c * x + f), levels);
  }
}

/**
 * @param {(x: number) => number} linear
 * @param {number} levels
 */
function sampled(linear, levels) {
  return Float32Array.from({ length: levels }, (_, i) => Math.min(1, Math.max(0, linear(i / (levels - 1)) || 0)));
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
