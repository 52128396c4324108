/**
 * What this browser's decoders do with profile and orientation, found out with pictures that are made for it. It differs by browser
 * and format: WebKitGTK, for one, converts a JPEG's profile and not a WebP's, and does not turn an AVIF.
 *
 * @typedef {object} Ability
 * @property {boolean} decodes whether it decodes the format at all; for those that all browsers do, whether the probe was decoded
 * @property {boolean} turns whether the picture comes upright
 * @property {boolean} converts whether its colours come in sRGB
 * @property {boolean} leaves whether its colours are left alone when that is asked for
 */
import { onDemand } from '../../shared/on-demand.js';
import { pixelsOf } from './bitmap.js';

/** Pictures that are made for it, by type. @type {Partial<Record<string, () => Promise<{ default: string }>>>} */
const PROBES = {
  JPEG: onDemand(() => import('./probes/jpeg.js'), 'jpeg.js'),
  PNG: onDemand(() => import('./probes/png.js'), 'png.js'),
  WebP: onDemand(() => import('./probes/webp.js'), 'webp.js'),
  AVIF: onDemand(() => import('./probes/avif.js'), 'avif.js'),
  'JPEG XL': onDemand(() => import('./probes/jpeg-xl.js'), 'jpeg-xl.js'),
};

/** Formats without either have nothing that could be neglected. */
const NOTHING_TO_DO = { decodes: true, turns: true, converts: true, leaves: false };
/** For a browser that does not even decode the probe: the photo itself will tell. */
const UNKNOWN = { decodes: false, turns: true, converts: true, leaves: false };
const LEFT = 2;
const RIGHT = 13;
/** Channels. */
const RED = 0;
const GREEN = 1;

/** @type {Map<string, Promise<Ability>>} */
const known = new Map();

/**
 * @param {string} type
 * @returns {Promise<Ability>}
 * @throws {import('../../shared/errors.js').MatteboxError} `network` where what tells cannot be had
 */
export async function abilityOf(type) {
  const probe = PROBES[type];
  if (!probe) return NOTHING_TO_DO;
  const { default: text } = await probe();
  const found = known.get(type) ?? tryOut(new Blob([Uint8Array.from(atob(text), (character) => character.charCodeAt(0))]));
  known.set(type, found);
  return found;
}

/**
 * @param {Blob} probe stored red at the left and blue at the right, mirrored, with a profile that makes them blue and green
 * @returns {Promise<Ability>}
 */
async function tryOut(probe) {
  try {
    const [left, right] = await colours(probe, 'default');
    const [leftRaw, rightRaw] = await colours(probe, 'none');
    return {
      decodes: true,
      turns: left === GREEN || right === RED,
      converts: left === GREEN || right === GREEN,
      leaves: leftRaw === RED || rightRaw === RED,
    };
  } catch {
    return UNKNOWN;
  }
}

/**
 * @param {Blob} probe
 * @param {'default' | 'none'} colorSpaceConversion
 * @returns {Promise<number[]>} the strongest channel at the left and at the right
 */
async function colours(probe, colorSpaceConversion) {
  const { data } = pixelsOf(await createImageBitmap(probe, { imageOrientation: 'from-image', colorSpaceConversion }));
  return [LEFT, RIGHT].map((x) => {
    const colour = [...data.subarray(x * 4, x * 4 + 3)];
    return colour.indexOf(Math.max(...colour));
  });
}
