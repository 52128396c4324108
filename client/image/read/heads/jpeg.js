/**
 * JPEG (ITU-T T.81, annex B): marker segments up to the first scan.
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('../bytes.js').Span} Span
 * @typedef {import('./head.js').Head} Head
 * @typedef {{ facts: Partial<Head>, profile: Map<number, Span>, index: Span[] }} Found `profile` has its pieces by their number, `index` says
 *   what other pictures there are
 */
import { MatteboxError } from '../../../shared/errors.js';
import { damaged, MOST_STEPS, text, truncated } from '../bytes.js';
import { density } from '../density.js';
import { headOf } from './head.js';
import { orientationIn } from './orientation.js';

const TYPE = 'JPEG';
/** The longest identifier of an application segment. */
const NAME = 35;
const JFIF = 'JFIF\0';
const EXIF = 'Exif\0\0';
/** Without `http:`, which is no address here but a name. */
const XMP = '//ns.adobe.com/xap/1.0/\0';
/** Of the pictures in the file (CIPA DC-007, 5.2.1). */
const INDEX = 'MPF\0';
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
const END_MARKER = 0xff00 | END_OF_IMAGE;
const WHOLE = { mends: [], notes: [] };
/** Of the picture: with more than that gone it is no longer the photo that was taken. */
const MOST_MISSING = 0.5;

/**
 * @param {Bytes} bytes
 * @returns {Promise<Head>}
 * @throws {import('../../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function readJpeg(bytes) {
  /** @type {Found} */
  const found = { facts: {}, profile: new Map(), index: [] };
  const { facts } = found;
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
      return told(bytes, found);
    }
    const length = view.getUint16(2);
    if (length < 2) throw damaged(TYPE, 'a segment without length');
    const end = at + 2 + length;
    if (isFrame(marker)) Object.assign(facts, frame(view));
    else note(found, marker, text(view, 4, NAME), view, at, end);
    at = end;
  }
  throw damaged(TYPE, 'no scan');
}

/**
 * @param {Bytes} bytes
 * @param {Found} found
 * @returns {Promise<Head>}
 */
async function told(bytes, { facts, profile, index: [index] }) {
  if (!facts.width || !facts.height) throw damaged(TYPE, 'a scan without a frame');
  const notes = index ? await (await import('./jpeg-many.js')).manyInJpeg(bytes, index, facts.width * facts.height, readJpeg) : [];
  return headOf({ ...facts, notes, ...(await orientationIn(bytes, facts.exif)), profile: pieces(profile) });
}

/**
 * A picture whose file ends before it should. Some browsers refuse to decode a JPEG without its end marker, and others leave out its
 * last rows, or all of it: with one, each decodes what is there, and fills up with grey.
 * @param {Bytes} bytes
 * @returns {Promise<Pick<Head, 'mends' | 'notes'>>}
 * @throws {MatteboxError} `corrupt-image` with the share that is `missing`, where that is most of it
 */
export async function readJpegEnd(bytes) {
  const last = await bytes.view(bytes.size - 2, 2);
  if (last.getUint16(0) === END_MARKER) return WHOLE;
  const { walkJpeg } = await import('../jpeg-walk.js');
  const { isEnded, isProgressive, end, missing } = walkJpeg(await bytes.copy({ start: 0, end: bytes.size }));
  if (isEnded) return WHOLE;
  if (missing > MOST_MISSING) throw new MatteboxError('corrupt-image', { type: TYPE, reason: 'truncated', missing });
  const mend = { start: end, end: bytes.size, bytes: Uint8Array.of(END_MARKER >> 8, END_MARKER & 0xff) };
  return { mends: [mend], notes: [{ code: 'incomplete', detail: { missing, ...(isProgressive ? { kind: 'detail' } : {}) } }] };
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
 * @param {DataView} view of JFIF's segment
 * @returns {import('../density.js').Density | null} null also where it only tells the shape of a pixel
 */
function densityIn(view) {
  const inches = [0, 1, 2.54][view.byteLength < 16 ? 0 : view.getUint8(11)] ?? 0;
  return density(view.getUint16(12), view.getUint16(14), inches);
}

/**
 * @param {Found} found the first of each kind is kept, as decoders do
 * @param {number} marker
 * @param {string} name as far as it can be one
 * @param {DataView} view of the segment
 * @param {number} at where the segment begins
 * @param {number} end
 */
function note({ facts, profile, index }, marker, name, view, at, end) {
  const body = at + 4;
  /** @param {string} start @param {number} [before] */
  const is = (start, before = 0) => name.startsWith(start, before);
  switch (marker) {
    case 0xe0:
      if (is(JFIF)) facts.density ??= densityIn(view);
      break;
    case 0xe1:
      if (is(EXIF)) facts.exif ??= { start: body + EXIF.length, end };
      else if (is(XMP, 5)) facts.xmp ??= { start: body + 5 + XMP.length, end };
      break;
    case 0xe2:
      if (is(INDEX)) index.push({ start: body + INDEX.length, end });
      else if (is(ICC) && view.byteLength > 16) profile.set(view.getUint8(16), { start: body + 14, end });
      break;
    case 0xed:
      if (is(IPTC)) facts.iptc ??= { start: body + IPTC.length, end };
  }
}

/**
 * @param {Map<number, Span>} profile
 * @returns {Span[]} in order; none when one is missing (ICC.1:2010, B.4)
 */
function pieces(profile) {
  const spans = Array.from({ length: profile.size }, (_, i) => profile.get(i + 1));
  return spans.every((span) => span !== undefined) ? /** @type {Span[]} */ (spans) : [];
}
