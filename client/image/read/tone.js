/**
 * HDR into the range of a normal screen. Values become light as ITU-R BT.2100 says; the white of a normal picture is 203 cd/m², as in
 * ITU-R BT.2408; what is brighter, up to the brightest that is in the picture, is brought under it by the curve of ITU-R BT.2390
 * (5.4.1), applied to the strongest of the three primaries so that hues stay. A picture that has nothing brighter stays as it is.
 *
 * @typedef {import('./decode.js').Pixels} Pixels
 *
 * @typedef {object} Deep RGBA of more than 8 bit
 * @property {(y: number) => Uint16Array} row its samples
 * @property {number} width
 * @property {number} height
 * @property {number} bits of a sample
 */
import { encoded, fromPrimaries, STEPS } from './profile.js';

/** Light of a normal picture's white, in cd/m². */
const WHITE = 203;
/** The most that PQ can say, and the screen that HLG is meant for, in cd/m². */
const MOST = { pq: 10000, hlg: 1000 };
/** Of HLG on that screen (BT.2100, table 5). */
const GAMMA = 1.2;
const LUMINANCE = [0.2627, 0.678, 0.0593];
/** The part of the pixels that may be brighter than the peak: noise, and sparks. */
const SPARKS = 0.0005;
/** Levels of light that are told apart: fine, because the curve begins well below white. */
const LEVELS = 1 << 14;

/** @param {number} light 0..1 of 10 000 cd/m² @returns {number} 0..1 */
function toPq(light) {
  const y = light ** (2610 / 16384);
  return ((3424 / 4096 + (2413 / 128) * y) / (1 + (2392 / 128) * y)) ** (2523 / 32);
}

/** @param {number} value 0..1 @returns {number} light, 0..1 of 10 000 cd/m² */
function fromPq(value) {
  const e = value ** (32 / 2523);
  return (Math.max(0, e - 3424 / 4096) / (2413 / 128 - (2392 / 128) * e)) ** (16384 / 2610);
}

/** @param {number} value 0..1 @returns {number} light of the scene, 0..1 */
function fromHlg(value) {
  const a = 0.17883277;
  return value <= 0.5 ? value ** 2 / 3 : (Math.exp((value - 0.5 + a * Math.log(4 * a)) / a) + 1 - 4 * a) / 12;
}

/**
 * @param {Deep} deep straight alpha
 * @param {{ transfer: 'pq' | 'hlg', primaries: 'p3' | 'rec2020' | null }} how its values are meant
 * @returns {Uint8ClampedArray<ArrayBuffer>} RGBA, sRGB
 */
export function toneMapped(deep, { transfer, primaries }) {
  const { width, height, bits } = deep;
  const most = 2 ** bits - 1;
  const from = transfer === 'pq' ? fromPq : fromHlg;
  // Relative to white; of HLG it is still the scene's, which each pixel's luminance makes the screen's.
  const light = Float32Array.from({ length: most + 1 }, (_, i) => (from(i / most) * MOST[transfer]) / WHITE);
  const gain = transfer === 'pq' ? null : gainOfScene;
  const scale = scales(peakOf(deep, light, gain, MOST[transfer] / WHITE), MOST[transfer] / WHITE);
  const fine = (scale.length - 1) / (MOST[transfer] / WHITE);
  const [a, b, c, d, e, f, g, h, i] = fromPrimaries(primaries).map((value) => value * STEPS);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, to = 0; y < height; y++) {
    const row = deep.row(y);
    for (let at = 0; at < width * 4; at += 4, to += 4) {
      let [red, green, blue] = [light[row[at]], light[row[at + 1]], light[row[at + 2]]];
      const screen = gain ? gain(red, green, blue) : 1;
      const factor = screen * scale[Math.min(scale.length - 1, (Math.max(red, green, blue) * screen * fine + 0.5) | 0)];
      red *= factor;
      green *= factor;
      blue *= factor;
      data[to] = encoded(a * red + b * green + c * blue);
      data[to + 1] = encoded(d * red + e * green + f * blue);
      data[to + 2] = encoded(g * red + h * green + i * blue);
      data[to + 3] = (row[at + 3] * 255) / most;
    }
  }
  return data;
}

/**
 * The screen's light from the scene's (BT.2100, table 5, OOTF).
 * @param {number} red relative to white
 * @param {number} green
 * @param {number} blue
 * @returns {number} by how much each is to be multiplied
 */
function gainOfScene(red, green, blue) {
  return (((LUMINANCE[0] * red + LUMINANCE[1] * green + LUMINANCE[2] * blue) * WHITE) / MOST.hlg) ** (GAMMA - 1);
}

/**
 * @param {Deep} deep
 * @param {Float32Array} light
 * @param {typeof gainOfScene | null} gain
 * @param {number} top the most there can be
 * @returns {number} the brightest of the picture, relative to white
 */
function peakOf({ row, width, height }, light, gain, top) {
  const counts = new Uint32Array(LEVELS + 1);
  for (let y = 0; y < height; y++) {
    const values = row(y);
    for (let at = 0; at < width * 4; at += 4) {
      const [red, green, blue] = [light[values[at]], light[values[at + 1]], light[values[at + 2]]];
      const strongest = Math.max(red, green, blue) * (gain ? gain(red, green, blue) : 1);
      counts[Math.min(LEVELS, Math.ceil((strongest / top) * LEVELS))]++;
    }
  }
  let left = width * height * SPARKS;
  let level = LEVELS;
  for (; level > 0 && counts[level] <= left; level--) left -= counts[level];
  return (level / LEVELS) * top;
}

/**
 * @param {number} peak relative to white
 * @param {number} top
 * @returns {Float32Array} for light from 0 to `top`, by how much it is to be multiplied
 */
function scales(peak, top) {
  if (peak <= 1) return Float32Array.of(1, 1);
  const source = toPq((peak * WHITE) / MOST.pq);
  const white = toPq(WHITE / MOST.pq) / source;
  const knee = 1.5 * white - 0.5;
  return Float32Array.from({ length: LEVELS + 1 }, (_, i) => {
    const light = (i / LEVELS) * top;
    const value = Math.min(1, toPq((light * WHITE) / MOST.pq) / source);
    if (value <= knee) return 1;
    const t = (value - knee) / (1 - knee);
    const mapped = (2 * t ** 3 - 3 * t ** 2 + 1) * knee + (t ** 3 - 2 * t ** 2 + t) * (1 - knee) + (3 * t ** 2 - 2 * t ** 3) * white;
    return (fromPq(mapped * source) * MOST.pq) / WHITE / light;
  });
}
