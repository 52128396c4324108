/**
 * Transparency that a picture came with.
 *
 * It is no doubt of a model's: where a file says that glass or a shadow is half transparent, its colour there is that of the glass
 * alone, and nothing of a background is mixed in.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {{ clear: number, most: number }} OwnAlpha `clear` is the part of the picture, 0..1, where nothing can be seen; `most` is the
 *   largest alpha that occurs, 0..255
 */
import { packed } from '../scale/blocks.js';
import { HAZE } from './hidden.js';

/** Alpha, of 255, at which nothing can be seen. */
const UNSEEN = (HAZE / 257) | 0;

/** The least packed pixel, a signed number, that is opaque; the largest is -1. */
const OPAQUE = 0xff000000 | 0;

/**
 * Part of a picture that must be clear before it counts as cut out. The rounded corners of an app's icon are 4 % of it, those of a
 * window on the screen less than 1 %.
 */
const LEAST_CLEAR = 0.05;

/**
 * @param {Pixels} pixels
 * @returns {OwnAlpha | null} null for an opaque picture
 */
export function ownAlpha({ data }) {
  const pixels = packed(data);
  let first = 0;
  while (first < pixels.length && pixels[first] >= OPAQUE && pixels[first] < 0) first++;
  if (first === pixels.length) return null;
  let clear = 0;
  let most = 0;
  for (let a = first * 4 + 3; a < data.length; a += 4) if (data[a] <= UNSEEN) clear++;
  for (let a = 3; a < data.length && most < 255; a += 4) if (data[a] > most) most = data[a];
  return { clear: clear / (data.length >> 2), most };
}

/**
 * @param {OwnAlpha | null} own
 * @returns {boolean} whether its background has been removed already: much of it is clear and something is not, whatever that is
 */
export const isCutOut = (own) => own !== null && own.clear >= LEAST_CLEAR && own.most > UNSEEN;

/**
 * @param {Uint16Array} matte 0..65535, multiplied in place by the picture's alpha
 * @param {Pixels} pixels
 */
export function multiplyByAlpha(matte, { data }) {
  for (let i = 0, a = 3; i < matte.length; i++, a += 4) {
    if (data[a] !== 255) matte[i] = Math.round((matte[i] * data[a]) / 255);
  }
}

/**
 * What a model says of a picture, without what the picture says itself: undoes `multiplyByAlpha`.
 * @param {Uint16Array} matte 0..65535, the picture's alpha in it
 * @param {Pixels} pixels
 * @returns {Uint16Array} 0..65535, 0 where the picture is clear
 */
export function withoutAlpha(matte, { data }) {
  return matte.map((value, i) => {
    const alpha = data[i * 4 + 3];
    if (alpha === 255 || value === 0) return value;
    return alpha === 0 ? 0 : Math.min(65535, Math.round((value * 255) / alpha));
  });
}

/** Greys of which a logo stands out: on white and black themselves u2netp keeps half as much of one, where it finds it at all. */
const LIGHT = 208;
const DARK = 64;

/**
 * What a model is to see of a picture with transparency: on a light grey what is dark, on a dark one what is light, so that it stands out.
 * What a file hides under alpha 0 is of no matter.
 * @param {Pixels} pixels
 * @returns {Pixels} opaque, a copy
 */
export function shown({ data, width, height }) {
  let light = 0;
  let weight = 0;
  for (let i = 0; i < data.length; i += 4) {
    // Rec. 601, as seen: of the sRGB values.
    light += (0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]) * data[i + 3];
    weight += data[i + 3];
  }
  const behind = light < 127.5 * weight ? LIGHT : DARK;
  const out = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] / 255;
    for (let c = i; c < i + 3; c++) out[c] = behind + (data[c] - behind) * alpha;
    out[i + 3] = 255;
  }
  return { data: out, width, height };
}
