/**
 * Where raw files that are built like TIFF have their previews: DNG, CR2, NEF, ARW, ORF, RW2, PEF, SRW and their likes. They stand in a
 * chain of directories, in directories below those, and in the maker's own notes. The maker's numbers are from ExifTool's
 * public tables of tags.
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('../bytes.js').Span} Span
 * @typedef {import('../exif.js').Directory} Directory
 * @typedef {{ at: number, base: Span, little: boolean, pairs: number[][], below: number[] }} Place of a directory, and which of its
 *   tags lead on: `pairs` of where a JPEG starts and how long it is, and `below` to other directories
 */
import { readDirectory, readDirectoryAt, readNumbers, readText, TAG } from '../exif.js';
import { text } from '../bytes.js';

/** Where the first directory is, and how its magic number is written; what is 42 in a TIFF is another number in some. */
const HEAD = 8;
const COMPRESSION = 0x0103;
const STRIP_OFFSETS = 0x0111;
const STRIP_BYTES = 0x0117;
const MAKER_NOTE = 0x927c;
/** JPEG, as TIFF 6.0 had it and as it is now. */
const JPEGS = [6, 7];
/** JPEGs that are a tag's own bytes: Panasonic's, and Sony's. */
const INLINE = [0x002e, 0x0127, 0x2001];
/** `JPEGInterchangeFormat` and its length; `SubIFDs` and Exif. */
const USUAL = { pairs: [[0x0201, 0x0202]], below: [0x014a, 0x8769] };
const MOST_BELOW = 16;
const MOST_DIRECTORIES = 64;

/**
 * Notes of makers that hold previews: how they begin, where their directory is, and from where its places are counted.
 * @type {{ mark: string, at: number, isOwnBase: boolean, pairs: number[][], below: number[] }[]}
 */
const MAKERS = [
  { mark: 'OLYMPUS\0', at: 12, isOwnBase: true, pairs: [[0x0101, 0x0102]], below: [0x2020] },
  { mark: 'OM SYSTEM\0', at: 16, isOwnBase: true, pairs: [[0x0101, 0x0102]], below: [0x2020] },
  { mark: 'OLYMP\0', at: 8, isOwnBase: false, pairs: [[0x0088, 0x0089]], below: [] },
  { mark: 'PENTAX \0', at: 10, isOwnBase: true, pairs: [[0x0004, 0x0003]], below: [] },
  { mark: 'AOC\0', at: 6, isOwnBase: false, pairs: [[0x0004, 0x0003]], below: [] },
  { mark: 'SONY DSC \0', at: 12, isOwnBase: false, pairs: [], below: [] },
];

/**
 * @param {Bytes} bytes
 * @param {Span} span of the structure
 * @returns {Promise<import('./preview.js').Found>}
 */
export async function previewsInTiff(bytes, span) {
  const head = await bytes.view(span.start, HEAD);
  const little = text(head, 0, 2) === 'II';
  /** @type {Place[]} */
  const places = head.byteLength === HEAD ? [{ at: span.start + head.getUint32(4, little), base: span, little, ...USUAL }] : [];
  const seen = new Set();
  /** @type {Span[]} */
  const spans = [];
  for (const place of places) {
    if (seen.has(place.at) || seen.size === MOST_DIRECTORIES) continue;
    seen.add(place.at);
    const directory = await readDirectoryAt(bytes, place.base, place.little, place.at);
    if (!directory) continue;
    spans.push(...(await jpegsOf(bytes, directory, place)));
    places.push(...(await further(bytes, directory, place)));
  }
  return { spans, facts: await factsIn(bytes, span, little) };
}

/**
 * @param {Bytes} bytes
 * @param {Span} span of a TIFF structure
 * @returns {Promise<import('./preview.js').Facts>}
 */
export async function factsOf(bytes, span) {
  return factsIn(bytes, span, text(await bytes.view(span.start, 2), 0, 2) === 'II');
}

/**
 * @param {Bytes} bytes
 * @param {Span} span
 * @param {boolean} little
 */
async function factsIn(bytes, span, little) {
  const head = await bytes.view(span.start, HEAD);
  const first = head.byteLength === HEAD ? await readDirectoryAt(bytes, span, little, span.start + head.getUint32(4, little)) : null;
  if (!first) return { orientation: 1, copyright: null, artist: null };
  const [orientation = 1] = (await readNumbers(bytes, first, TAG.orientation)) ?? [];
  return {
    orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
    copyright: await readText(bytes, first, TAG.copyright),
    artist: await readText(bytes, first, TAG.artist),
  };
}

/**
 * @param {Bytes} bytes
 * @param {Directory} directory
 * @param {Place} place
 * @returns {Promise<Span[]>}
 */
async function jpegsOf(bytes, directory, { base, pairs }) {
  /** @param {number} tag */
  const number = async (tag) => (await readNumbers(bytes, directory, tag))?.[0] ?? 0;
  const spans = [];
  const isJpeg = JPEGS.includes(await number(COMPRESSION));
  for (const [from, length] of isJpeg ? [...pairs, [STRIP_OFFSETS, STRIP_BYTES]] : pairs) {
    const start = base.start + (await number(from));
    if (start > base.start) spans.push({ start, end: start + (await number(length)) });
  }
  for (const tag of INLINE) {
    const entry = directory.entries.get(tag);
    if (entry) spans.push({ start: entry.start, end: entry.start + entry.bytes });
  }
  return spans;
}

/**
 * @param {Bytes} bytes
 * @param {Directory} directory
 * @param {Place} place
 * @returns {Promise<Place[]>} that follow it, and that are below it
 */
async function further(bytes, directory, place) {
  const { base, below, little } = place;
  const places = [];
  for (const tag of below) {
    const entry = directory.entries.get(tag);
    const starts = await readNumbers(bytes, directory, tag, MOST_BELOW);
    for (const start of starts ?? []) places.push({ ...place, at: base.start + start });
    // Of no type that says so, but a directory itself.
    if (entry && !starts) places.push({ ...place, at: entry.start });
  }
  const note = directory.entries.get(MAKER_NOTE);
  if (note) places.push(...(await inNote(bytes, { start: note.start, end: note.start + note.bytes }, base, little)));
  if (directory.next) places.push({ ...place, at: directory.next });
  return places;
}

/**
 * @param {Bytes} bytes
 * @param {Span} note
 * @param {Span} base of the whole
 * @param {boolean} little
 * @returns {Promise<Place[]>}
 */
async function inNote(bytes, note, base, little) {
  const mark = text(await bytes.view(note.start, 16), 0, 16);
  const maker = MAKERS.find((each) => mark.startsWith(each.mark));
  if (maker) {
    const { at, isOwnBase, pairs, below } = maker;
    const order = /II|MM/.exec(mark.slice(maker.mark.length, at))?.[0];
    // What it leads to may be behind its own end.
    const from = isOwnBase ? { start: note.start, end: base.end } : base;
    return [{ at: note.start + at, base: from, little: order ? order === 'II' : little, pairs, below }];
  }
  return mark.startsWith('Nikon\0\x02') ? nikon(bytes, { start: note.start + 10, end: base.end }) : [];
}

/**
 * A TIFF structure of its own.
 * @param {Bytes} bytes
 * @param {Span} base
 * @returns {Promise<Place[]>}
 */
async function nikon(bytes, base) {
  const own = await readDirectory(bytes, base);
  const [preview] = (own && (await readNumbers(bytes, own, 0x0011))) ?? [];
  return own && preview ? [{ at: base.start + preview, base, little: own.little, ...USUAL }] : [];
}
