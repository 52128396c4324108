/**
 * The picture that a camera puts into its raw files to be looked at. What the sensor saw is left alone: to make a picture of it
 * takes what a raw converter knows of each camera.
 *
 * @typedef {import('../bytes.js').Span} Span
 * @typedef {{ spans: Span[], facts: Facts }} Found where JPEGs may be, and what the raw file says of its picture
 * @typedef {{ orientation: number, copyright: string | null, artist: string | null }} Facts
 */
import { MatteboxError } from '../../../shared/errors.js';
import { Bytes, text, truncated } from '../bytes.js';
import { writeExif } from '../../write/write-exif.js';
import { segment } from '../../write/embed-jpeg.js';
import { readJpeg } from '../heads/jpeg.js';
import { concat, latin } from '../../join.js';
import { previewsInBoxes } from './boxes.js';
import { previewsInTiff } from './directories.js';

const TYPE = 'camera raw';
const START_OF_IMAGE = Uint8Array.of(0xff, 0xd8);
/** Of the longer side, in pixels. The smallest that cameras meant to be looked at have it; thumbnails have 160, or 320. */
const LEAST = 640;
/** Candidates that are looked at. The most that was met is six. */
const MOST = 64;

/**
 * @param {Bytes} bytes a raw file
 * @returns {Promise<Blob>} the largest JPEG in it that can be decoded, with the raw file's orientation and rights where it tells none
 * @throws {MatteboxError} `unsupported-image` with the variant `camera-raw`, `corrupt-image` where it was cut off
 */
export async function previewOf(bytes) {
  const { spans, facts } = await find(bytes);
  /** @type {{ span: Span, area: number, exif: Span | null } | null} */
  let best = null;
  for (const span of spans.slice(0, MOST)) {
    const head = await headAt(bytes, span);
    if (!head?.width || !head.height || Math.max(head.width, head.height) < LEAST) continue;
    const area = head.width * head.height;
    if (!best || area > best.area) best = { span, area, exif: head.exif };
  }
  if (!best && spans.some(({ end }) => end > bytes.size)) throw truncated(TYPE);
  if (!best) throw new MatteboxError('unsupported-image', { type: TYPE, variant: 'camera-raw' });
  const file = bytes.file(best.span);
  const exif = best.exif ? null : writeExif(facts);
  if (!exif) return file;
  // Firefox knows a file by its first part, which has to have more bytes than the two that are the picture's start.
  return new Blob([concat(START_OF_IMAGE, segment(0xe1, concat(latin('Exif\0\0'), exif))), file.slice(2)]);
}

/**
 * @param {Bytes} bytes
 * @returns {Promise<Found>}
 */
async function find(bytes) {
  const head = await bytes.view(0, 92);
  if (text(head, 4, 4) === 'ftyp') return previewsInBoxes(bytes);
  if (text(head, 0, 8) !== 'FUJIFILM') return previewsInTiff(bytes, { start: 0, end: bytes.size });
  // RAF: its JPEG is a photo of its own, with all that Exif tells.
  if (head.byteLength < 92) throw truncated(TYPE);
  const start = head.getUint32(84);
  return { spans: [{ start, end: start + head.getUint32(88) }], facts: { orientation: 1, copyright: null, artist: null } };
}

/**
 * @param {Bytes} bytes
 * @param {Span} span
 * @returns {Promise<import('../heads/head.js').Head | null>} null for what is no JPEG that a browser decodes: raw pictures are
 *   JPEGs, too, of a process that no browser knows
 */
async function headAt(bytes, span) {
  const mark = await bytes.view(span.start, 3);
  if (span.end > bytes.size || mark.byteLength < 3 || mark.getUint16(0) !== 0xffd8 || mark.getUint8(2) !== 0xff) return null;
  const head = await readJpeg(new Bytes(bytes.file(span))).catch(() => null);
  return head?.variant === null ? head : null;
}
