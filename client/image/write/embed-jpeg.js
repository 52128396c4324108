/**
 * A colour profile, credits and a density into a JPEG.
 *
 * @typedef {import('./embed.js').Metadata} Metadata
 * @typedef {import('./embed.js').Part} Part
 */
import { CENTIMETRES, MOST } from '../read/density.js';
import { concat, latin } from '../join.js';
import { contents } from './embed.js';

/** Of an APP2 segment, which has 16 bits for its length: less these two bytes, the name and two numbers (ICC.1, B.4). */
const MAX_ICC_PART = 65519;

/**
 * @param {Blob} file JPEG
 * @param {Metadata | null} metadata
 * @returns {Promise<Part[]>}
 */
export async function embedInJpeg(file, metadata) {
  const { profile, credits } = await contents(metadata);
  const from = await pictureStart(file);
  const { unit, x, y } = jfif(metadata?.density ?? null);
  // Version 1.02, and no thumbnail. Browsers write densities of their own, which mean nothing.
  const app0 = concat(latin('JFIF\0'), Uint8Array.of(1, 2, unit, x >> 8, x, y >> 8, y, 0, 0));
  const parts = /** @type {Part[]} */ ([Uint8Array.of(0xff, 0xd8), segment(0xe0, app0)]);
  if (credits) parts.push(segment(0xe1, concat(latin('Exif\0\0'), credits)));
  return [...parts, ...(profile ? iccSegments(profile) : []), file.slice(from)];
}

/** @param {Uint8Array} profile */
function iccSegments(profile) {
  const count = Math.ceil(profile.length / MAX_ICC_PART);
  return Array.from({ length: count }, (_, i) => {
    const part = profile.subarray(i * MAX_ICC_PART, (i + 1) * MAX_ICC_PART);
    return segment(0xe2, concat(latin('ICC_PROFILE\0'), Uint8Array.of(i + 1, count), part));
  });
}

/**
 * Where the picture begins, past what describes it.
 * @param {Blob} file
 * @returns {Promise<number>}
 */
async function pictureStart(file) {
  let from = 2;
  for (;;) {
    const view = new DataView(await file.slice(from, from + 4).arrayBuffer());
    const marker = view.getUint16(0);
    // APP0 to APP13 and comments; APP14 is Adobe's, which says how colours were transformed.
    if (!((marker >= 0xffe0 && marker <= 0xffed) || marker === 0xfffe)) return from;
    from += 2 + view.getUint16(2);
  }
}

/**
 * @param {number} marker
 * @param {Uint8Array} data at most 65533 bytes
 */
export function segment(marker, data) {
  const length = data.length + 2;
  return concat(Uint8Array.of(0xff, marker, length >> 8, length & 0xff), data);
}

/**
 * The fields of JFIF (JFIF 1.02, page 5).
 * @param {import('../read/density.js').Density | null} of
 * @returns {{ unit: 0 | 1 | 2, x: number, y: number }} dots per inch or per centimetre, whichever whole numbers come nearer
 */
export function jfif(of) {
  if (!of) return { unit: 0, x: 1, y: 1 };
  const [inch, centimetre] = [1, CENTIMETRES].map((inches) => {
    const [x, y] = [of.x, of.y].map((value) => Math.min(MOST, Math.max(1, Math.round(value / inches))));
    return { x, y, error: Math.abs((x * inches) / of.x - 1) + Math.abs((y * inches) / of.y - 1) };
  });
  const isNearer = centimetre.error < inch.error;
  return isNearer ? { unit: 2, x: centimetre.x, y: centimetre.y } : { unit: 1, x: inch.x, y: inch.y };
}
