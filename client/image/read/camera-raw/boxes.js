/**
 * Where a CR3 has its previews: Canon's raw file is one of boxes (ISO/IEC 14496-12), with some of Canon's own. A JPEG of full size is
 * the first sample of one of its tracks; one for the camera's screen stands in a box of its own; Exif is split over boxes.
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('../bytes.js').Span} Span
 * @typedef {import('../heads/boxes.js').Box} Box
 */
import { boxesIn, childrenOf } from '../heads/boxes.js';
import { factsOf } from './directories.js';

const TYPE = 'camera raw';
const UUID = 16;
/** Of `PRVW` before its JPEG: 4 zeros, 2 unknown, width and height, 2 unknown, and the JPEG's length. */
const PREVIEW_HEAD = 16;
/** Of the box that holds `PRVW`, between its name and what is in it. */
const PREVIEW_BOX = 8;
const MOST_TRACKS = 16;

/**
 * @param {Bytes} bytes
 * @returns {Promise<import('./preview.js').Found>}
 * @throws {import('../../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function previewsInBoxes(bytes) {
  const boxes = await boxesIn(bytes, { start: 0, end: bytes.size }, TYPE);
  const movie = await childrenOf(bytes, boxes, 'moov', TYPE);
  const spans = [];
  for (const track of movie.filter(({ name }) => name === 'trak').slice(0, MOST_TRACKS)) spans.push(...(await firstSample(bytes, track)));
  for (const { start, end } of boxes.filter(({ name }) => name === 'uuid')) spans.push(...(await screenPreview(bytes, { start: start + UUID + PREVIEW_BOX, end })));
  return { spans, facts: await exifIn(bytes, movie) };
}

/**
 * @param {Bytes} bytes
 * @param {Box} track
 * @returns {Promise<Span[]>} of its first sample; none where that is not told
 */
async function firstSample(bytes, track) {
  /** @type {Box[]} */
  let inside = await boxesIn(bytes, track, TYPE);
  for (const name of ['mdia', 'minf', 'stbl']) inside = await childrenOf(bytes, inside, name, TYPE);
  /** @param {string} name @param {number} length */
  const read = async (name, length) => {
    const box = inside.find((each) => each.name === name);
    const view = box && (await bytes.view(box.start, length));
    return view && view.byteLength === length ? view : null;
  };
  const sizes = await read('stsz', 16);
  const far = await read('co64', 16);
  const near = far ? null : await read('stco', 12);
  if (!sizes || (!far && !near)) return [];
  // One size for all samples, or a table of them.
  const size = sizes.getUint32(4) || sizes.getUint32(12);
  const start = far ? Number(far.getBigUint64(8)) : Number(near?.getUint32(8));
  return [{ start, end: start + size }];
}

/**
 * @param {Bytes} bytes
 * @param {Span} span
 * @returns {Promise<Span[]>}
 */
async function screenPreview(bytes, span) {
  const [box] = span.start < span.end ? await boxesIn(bytes, span, TYPE).catch(() => []) : [];
  if (box?.name !== 'PRVW') return [];
  const view = await bytes.view(box.start, PREVIEW_HEAD);
  const start = box.start + PREVIEW_HEAD;
  return view.byteLength === PREVIEW_HEAD ? [{ start, end: start + view.getUint32(12) }] : [];
}

/**
 * @param {Bytes} bytes
 * @param {Box[]} movie
 */
async function exifIn(bytes, movie) {
  for (const { name, start, end } of movie) {
    const inside = name === 'uuid' ? await boxesIn(bytes, { start: start + UUID, end }, TYPE).catch(() => []) : [];
    const exif = inside.find((box) => box.name === 'CMT1');
    if (exif) return factsOf(bytes, exif);
  }
  return { orientation: 1, copyright: null, artist: null };
}
