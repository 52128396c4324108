/**
 * What a file is and how large its picture, before anything is decoded. Reads the head, or walks from box to box.
 *
 * @typedef {import('./heads/head.js').Head} Head
 * @typedef {import('./limits.js').Limits} Limits
 * @typedef {import('./limits.js').Size} Size
 * @typedef {import('./sniff.js').PhotoType} PhotoType
 * @typedef {import('../../shared/protocol.js').Inspection} Inspection
 */
import { MatteboxError } from '../../shared/errors.js';
import { onDemand } from '../../shared/on-demand.js';
import { Bytes } from './bytes.js';
import { headOf, upright } from './heads/head.js';
import { pixelLimits, reducedTo } from './limits.js';
import { codecsFor } from './codecs-for.js';
import { kindOf } from './kind.js';
import { SNIFF_BYTES } from './sniff.js';

const gif = onDemand(() => import('./heads/gif.js'), 'gif.js');
const heif = onDemand(() => import('./heads/heif.js'), 'heif.js');
const jpeg = onDemand(() => import('./heads/jpeg.js'), 'jpeg.js');
const jxl = onDemand(() => import('./heads/jxl.js'), 'jxl.js');
const png = onDemand(() => import('./heads/png.js'), 'png.js');
const psd = onDemand(() => import('./heads/psd.js'), 'psd.js');
const simple = onDemand(() => import('./heads/simple.js'), 'simple.js');
const tiff = onDemand(() => import('./heads/tiff.js'), 'tiff.js');
const webp = onDemand(() => import('./heads/webp.js'), 'webp.js');
const raw = onDemand(() => import('./camera-raw/preview.js'), 'preview.js');
const drawings = onDemand(() => import('./drawing.js'), 'drawing.js');

/**
 * What reads the head of each type of photo, loaded with the first of its kind.
 * @type {Record<PhotoType, (bytes: Bytes) => Promise<Head>>}
 */
const READERS = {
  JPEG: async (bytes) => (await jpeg()).readJpeg(bytes),
  PNG: async (bytes) => (await png()).readPng(bytes),
  WebP: async (bytes) => (await webp()).readWebp(bytes),
  GIF: async (bytes) => (await gif()).readGif(bytes),
  BMP: async (bytes) => (await simple()).readBmp(bytes),
  ICO: async () => (await simple()).readIco(),
  TIFF: async (bytes) => (await tiff()).readTiff(bytes),
  AVIF: async (bytes) => (await heif()).readHeif(bytes, 'AVIF'),
  HEIC: async (bytes) => (await heif()).readHeif(bytes, 'HEIC'),
  SVG: async () => headOf({}),
  'JPEG XL': async (bytes) => (await jxl()).readJxl(bytes),
  Photoshop: async (bytes) => (await psd()).readPsd(bytes),
  'camera raw': async () => headOf({ variant: 'camera-raw' }),
};

/** @type {ReadonlySet<PhotoType>} */
const SHOWN = new Set(['JPEG', 'PNG', 'WebP', 'AVIF', 'GIF', 'BMP', 'ICO']);

/** @param {PhotoType} type @returns {boolean} whether every browser that this runs in shows such files in a page */
export const isShown = (type) => SHOWN.has(type);

/** @typedef {{ type: PhotoType, head: Head, blob: Blob, bytes: Bytes }} Look `blob` is what there is to decode, and `bytes` its bytes */

/**
 * @param {Blob} blob
 * @returns {Promise<Look>}
 * @throws {MatteboxError} `empty-image`, `unsupported-image` with the `variant` when only that is, `corrupt-image`, `network`
 */
export async function look(blob) {
  // The file has gone, or may no longer be read: it was moved while it waited.
  const unreadable = (/** @type {unknown} */ thrown) => MatteboxError.from(thrown, 'corrupt-image', { type: null, reason: 'unreadable' });
  // Chromium says 0 bytes of a file that has gone, too.
  if (blob.size === 0) throw await blob.arrayBuffer().then(() => new MatteboxError('empty-image'), unreadable);
  const bytes = new Bytes(blob);
  const start = await bytes.view(0, SNIFF_BYTES).catch((thrown) => {
    throw unreadable(thrown);
  });
  const kind = await kindOf(bytes, new Uint8Array(start.buffer, start.byteOffset, start.byteLength));
  if (!kind?.isPhoto) throw new MatteboxError('unsupported-image', { type: kind?.type ?? null });
  const head = await READERS[kind.type](bytes).catch((thrown) => {
    throw MatteboxError.from(thrown, 'corrupt-image', { type: kind.type });
  });
  if (head.variant === 'camera-raw') return inRaw(bytes);
  if (head.variant) throw new MatteboxError('unsupported-image', { type: kind.type, variant: head.variant });
  return { type: kind.type, head, blob, bytes };
}

/**
 * @param {Bytes} bytes of a camera's raw file
 * @returns {Promise<Look>} of the picture in it that is to be looked at
 */
async function inRaw(bytes) {
  const { previewOf } = await raw();
  const preview = await previewOf(bytes).catch((thrown) => {
    throw MatteboxError.from(thrown, 'corrupt-image', { type: 'camera raw' });
  });
  const seen = await look(preview);
  return { ...seen, head: { ...seen.head, notes: [...seen.head.notes, { code: 'camera-preview', detail: {} }] } };
}

/**
 * What only the rest of the file tells: whether the picture is all there.
 * @param {Look} seen whose size is known to be no trouble
 * @returns {Promise<Pick<Head, 'mends' | 'notes'>>} also what its head has told
 * @throws {MatteboxError} `corrupt-image`
 */
export async function lookOn({ type, head, bytes }) {
  if (type !== 'JPEG') return head;
  const { mends, notes } = await (await jpeg()).readJpegEnd(bytes);
  return { mends: [...head.mends, ...mends], notes: [...head.notes, ...notes] };
}

/**
 * @param {Blob} blob
 * @param {{ reduce?: boolean, limits?: Limits }} [options] `reduce`: a photo over the limit may be worked on at a smaller size
 * @returns {Promise<Inspection>} the size is the photo's own, upright
 * @throws {MatteboxError} those of `look` and `lookOn`, and `image-too-large`
 */
export async function inspect(blob, { reduce = false, limits = limitsHere() } = {}) {
  const seen = await look(blob);
  const { width, height } = upright(seen.head);
  sizeToDecode({ width, height }, limits, reduce);
  await lookOn(seen);
  const drawing = seen.type === 'SVG' ? await (await drawings()).readDrawing(seen.bytes) : null;
  return { type: seen.type, drawing, width, height, codecs: await codecsFor(seen) };
}

/** @returns {Limits} of this device */
export function limitsHere() {
  return pixelLimits(/** @type {{ deviceMemory?: number }} */ (navigator));
}

/**
 * @param {{ width: number | null, height: number | null }} size upright
 * @param {Limits} limits
 * @param {boolean} reduce
 * @returns {Size | null} to decode to; null where only decoding tells
 * @throws {MatteboxError} `image-too-large`, whose `reduced` is the size at which it can be worked on, or null
 */
export function sizeToDecode({ width, height }, { limit, hard }, reduce) {
  if (width === null || height === null) return null;
  if (width * height <= limit) return { width, height };
  const reduced = width * height <= hard ? reducedTo({ width, height }, limit) : null;
  if (reduced && reduce) return reduced;
  throw new MatteboxError('image-too-large', { width, height, limit, reduced });
}
