/**
 * Colours as a decoder hands them out into sRGB of 8 bit, by the profile that the file carries. Matrices and curves are worked out
 * here; tables, and inks, by littlecms, which the page brings when a photo needs it (`needsLcms`, codecs-for.js).
 *
 * @typedef {Uint8Array | Uint8ClampedArray | Uint16Array} Values
 *
 * @typedef {object} Samples how they lie in memory
 * @property {'rgb' | 'grey' | 'cmyk' | 'lab'} colours `cmyk`: 0 is no ink; `lab`: L 0..100 over all levels, and a and b of -128..127
 * @property {8 | 16} bits of a sample; of 16, 0..65535
 * @property {number} stride samples from pixel to pixel: the colours, in order, and what else there is, such as alpha, which is not read
 *
 * @typedef {(from: Values, at: number, rgba: Uint8ClampedArray, to: number, count: number) => void} Convert `count` pixels, from the
 *   sample `at` to the byte `to`; `from` and `rgba` may be the same. Alpha is left as it is.
 *
 * @typedef {object} Converter
 * @property {Convert} convert
 * @property {() => boolean} isConverted whether a profile that there is was obeyed, so far
 */
import { MatteboxError } from '../../shared/errors.js';
import { transformOf } from './lcms.js';
import { conversionOf, encoded, FROM_D50, hasTable, named, STEPS, toSrgb } from './profile.js';

const CHANNELS = { rgb: 3, grey: 1, cmyk: 4, lab: 3 };
/** XYZ of D50, the white of profiles (ICC.1:2010, 7.2.16). */
const WHITE = [0.9642, 1, 0.8249];

/**
 * @param {Uint8Array | null} profile ICC, whole (`readProfile`, icc.js); null where there is none: then RGB and grey count as sRGB, and of
 *   inks each takes its part of the light away
 * @param {Samples} samples
 * @returns {Promise<Converter>}
 */
export async function converterOf(profile, samples) {
  const { colours, bits, stride } = samples;
  if (stride < CHANNELS[colours]) throw new MatteboxError('internal', { cause: `${colours} of ${stride} samples` });
  const plain = PLAIN[colours](bits === 16 ? 65535 : 255, stride);
  if (!profile || colours === 'lab') return { convert: plain, isConverted: () => true };
  const matrix = matrixOf(profile, samples);
  const transform = needsLcms(profile, samples) ? await transformOf(profile, samples) : null;
  const obeys = transform ?? matrix;
  let isConverted = obeys !== null;
  return {
    isConverted: () => isConverted,
    convert(...strip) {
      if (!isConverted) return void plain(...strip);
      try {
        /** @type {Convert} */ (obeys)(...strip);
      } catch {
        // A damaged profile that littlecms accepts, and stumbles over: it costs the colours, not the photo.
        isConverted = false;
        plain(...strip);
      }
    },
  };
}

/**
 * @param {'p3' | 'rec2020'} primaries that a file names, with sRGB's curve
 * @param {number} stride of RGB in 8 bit
 * @returns {Converter}
 */
export function namedConverter(primaries, stride) {
  const conversion = named(primaries);
  return { convert: (from, at, rgba, to, count) => toSrgb(conversion, from, at, stride, rgba, to, count), isConverted: () => true };
}

/**
 * @param {Uint8Array} profile
 * @param {Pick<Samples, 'colours'>} samples
 * @returns {boolean} whether it takes littlecms to obey it
 */
export function needsLcms(profile, { colours }) {
  return colours !== 'lab' && (hasTable(profile) || colours === 'cmyk' || conversionOf(profile, 2) === null);
}

/**
 * @param {Uint8Array} profile
 * @param {Samples} samples
 * @returns {Convert | null}
 */
function matrixOf(profile, { colours, bits, stride }) {
  const conversion = conversionOf(profile, 2 ** bits);
  if (!conversion || (colours === 'grey') !== (conversion.curves.length === 1) || colours === 'cmyk') return null;
  return (from, at, rgba, to, count) => toSrgb(conversion, from, at, stride, rgba, to, count);
}

/**
 * Without a profile.
 * @type {Record<Samples['colours'], (most: number, stride: number) => Convert>}
 */
const PLAIN = {
  rgb: (most, stride) => (from, at, rgba, to, count) => {
    const scale = 255 / most;
    for (const end = to + count * 4; to < end; to += 4, at += stride) for (let c = 0; c < 3; c++) rgba[to + c] = from[at + c] * scale;
  },
  grey: (most, stride) => (from, at, rgba, to, count) => {
    const scale = 255 / most;
    for (const end = to + count * 4; to < end; to += 4, at += stride) rgba[to] = rgba[to + 1] = rgba[to + 2] = from[at] * scale;
  },
  cmyk: (most, stride) => (from, at, rgba, to, count) => {
    const scale = 255 / (most * most);
    for (const end = to + count * 4; to < end; to += 4, at += stride) {
      const paper = (most - from[at + 3]) * scale;
      for (let c = 0; c < 3; c++) rgba[to + c] = (most - from[at + c]) * paper;
    }
  },
  lab: (most, stride) => (from, at, rgba, to, count) => {
    const [a, b, c, d, e, f, g, h, i] = FROM_D50.map((value, n) => value * WHITE[n % 3] * STEPS);
    for (const end = to + count * 4; to < end; to += 4, at += stride) {
      const y = ((from[at] / most) * 100 + 16) / 116;
      const x = ratio(y + ((from[at + 1] / most) * 255 - 128) / 500);
      const z = ratio(y - ((from[at + 2] / most) * 255 - 128) / 200);
      const light = ratio(y);
      rgba[to] = encoded(a * x + b * light + c * z);
      rgba[to + 1] = encoded(d * x + e * light + f * z);
      rgba[to + 2] = encoded(g * x + h * light + i * z);
    }
  },
};

/** @param {number} t @returns {number} of a white's X, Y or Z (CIE 15:2004, 8.2.1) */
const ratio = (t) => (t > 6 / 29 ? t ** 3 : (t - 4 / 29) * (108 / 841));
