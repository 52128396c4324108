/**
 * JPEG (ITU-T T.81, annex B): marker segments up to the first scan.
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('../bytes.js').Span} Span
 * @typedef {import('./head.js').Head} Head
 */
import { damaged, MOST_STEPS, text, truncated } from '../bytes.js';
import { density } from '../density.js';
import { readOrientation } from '../exif.js';
import { headOf } from './head.js';

const TYPE = 'JPEG';
/** The longest identifier of an application segment. */
const NAME = 35;
const JFIF = 'JFIF\0';
const EXIF = 'Exif\0\0';
/** Without `http:`, which is no address here but a name. */
const XMP = '//ns.adobe.com/xap/1.0/\0';
const ICC = 'ICC_PROFILE\0';
const IPTC = 'Photoshop 3.0\0';

/** Processes that no browser decodes, by the low half of their frame marker (table B.1). */
const PROCESSES = /** @type {Record<number, Head['variant']>} */ ({
  3: 'lossless',
  5: 'hierarchical',
  6: 'hierarchical',
  7: 'hierarchical',
  9: 'arithmetic',
  10: 'arithmetic',
  11: 'lossless',
  13: 'hierarchical',
  14: 'hierarchical',
  15: 'hierarchical',
});
const COLOURS = /** @type {const} */ ({ 1: 'grey', 3: 'rgb', 4: 'cmyk' });
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;

/**
 * @param {Bytes} bytes
 * @returns {Promise<Head>}
 * @throws {import('../../errors.js').MatteboxError} `corrupt-image`
 */
export async function readJpeg(bytes) {
  /** @type {Partial<Head>} */
  const facts = {};
  /** @type {Map<number, Span>} */
  const profile = new Map();
  for (let at = 2, step = 0; step < MOST_STEPS; step++) {
    const view = await bytes.view(at, 4 + NAME);
    if (view.byteLength < 4) throw truncated(TYPE);
    const marker = view.getUint8(1);
    const skipped = nothing(view.getUint8(0), marker);
    if (skipped) {
      at += skipped;
      continue;
    }
    if (marker === END_OF_IMAGE) throw truncated(TYPE);
    if (marker === START_OF_SCAN) {
      if (!facts.width || !facts.height) throw damaged(TYPE, 'a scan without a frame');
      const orientation = await readOrientation(bytes, facts.exif ?? null);
      return headOf({ ...facts, orientation, profile: pieces(profile) });
    }
    const length = view.getUint16(2);
    if (length < 2) throw damaged(TYPE, 'a segment without length');
    const end = at + 2 + length;
    if (isFrame(marker)) Object.assign(facts, frame(view));
    else if (marker === 0xe0 && text(view, 4, 5) === JFIF) facts.density ??= densityIn(view);
    else note(facts, profile, marker, text(view, 4, NAME), view, at, end);
    at = end;
  }
  throw damaged(TYPE, 'no scan');
}

/**
 * @param {number} first
 * @param {number} marker
 * @returns {number} bytes that are no segment: decoders step over what is between them, and fill bytes may come before a marker
 */
function nothing(first, marker) {
  if (first !== 0xff || marker === 0xff || marker === 0) return 1;
  return marker === 0x01 || (marker >= 0xd0 && marker <= START_OF_IMAGE) ? 2 : 0;
}

/** @param {number} marker */
const isFrame = (marker) => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/**
 * @param {DataView} view of a frame header
 * @returns {Partial<Head>}
 */
function frame(view) {
  if (view.byteLength < 10) throw truncated(TYPE);
  const precision = view.getUint8(4);
  const components = view.getUint8(9);
  const variant = PROCESSES[view.getUint8(1) & 15] ?? depth(precision);
  const colours = COLOURS[/** @type {1 | 3 | 4} */ (components)];
  if (!colours && !variant) throw damaged(TYPE, `${components} components`);
  return { width: view.getUint16(7), height: view.getUint16(5), variant, colours: colours ?? 'rgb' };
}

/** @param {number} precision @returns {Head['variant']} */
function depth(precision) {
  if (precision === 8) return null;
  return precision === 12 ? '12-bit' : 'odd-depth';
}

/**
 * @param {Partial<Head>} facts the first of each kind is kept, as decoders do
 * @param {Map<number, Span>} profile pieces by their number
 * @param {number} marker
 * @param {string} name as far as it can be one
 * @param {DataView} view of the segment
 * @param {number} at where the segment begins
 * @param {number} end
 */
function note(facts, profile, marker, name, view, at, end) {
  const body = at + 4;
  if (marker === 0xe1 && name.startsWith(EXIF)) facts.exif ??= { start: body + EXIF.length, end };
  else if (marker === 0xe1 && name.startsWith(XMP, 5)) facts.xmp ??= { start: body + 5 + XMP.length, end };
  else if (marker === 0xed && name.startsWith(IPTC)) facts.iptc ??= { start: body + IPTC.length, end };
  else if (marker === 0xe2 && name.startsWith(ICC) && view.byteLength > 16) profile.set(view.getUint8(16), { start: body + 14, end });
}

/**
 * @param {DataView} view of JFIF's segment
 * @returns {import('../density.js').Density | null} null also where it only tells the shape of a pixel
 */
function densityIn(view) {
  const inches = [0, 1, 2.54][view.byteLength < 16 ? 0 : view.getUint8(11)] ?? 0;
  return density(view.getUint16(12), view.getUint16(14), inches);
}

/**
 * @param {Map<number, Span>} profile
 * @returns {Span[]} in order; none when one is missing (ICC.1:2010, B.4)
 */
function pieces(profile) {
  const spans = Array.from({ length: profile.size }, (_, i) => profile.get(i + 1));
  return spans.every((span) => span !== undefined) ? /** @type {Span[]} */ (spans) : [];
}
