/**
 * How many photos a JPEG with several pictures holds (CIPA DC-007, the multi-picture format). Most of what cameras put there is of the same
 * photo: a preview, the other eye's view, a map of its depth or of its light.
 *
 * @typedef {import('../bytes.js').Span} Span
 * @typedef {import('./head.js').Head} Head
 */
import { Bytes } from '../bytes.js';
import { readDirectory } from '../exif.js';
import { firstOfMany } from './head.js';

const ENTRIES = 0xb002;
const ENTRY = 16;
const MOST = 1000;
/** Parts of a panorama, and views from several places. */
const [PANORAMA, ANGLES] = [0x020001, 0x020003];
/** Of no kind that the format knows: what it is, its own head tells. */
const UNDEFINED = 0;
/** A map of light is told by the name of its XMP (ISO 21496-1; Adobe, Gain Map 1.0). */
const MAP = /hdrgm|HDRGainMap|depthmap/i;

/**
 * @param {Bytes} bytes
 * @param {Span} index a TIFF structure, from whose start the pictures' places are counted
 * @param {number} pixels of the photo
 * @param {(bytes: Bytes) => Promise<Head>} readJpeg
 * @returns {Promise<import('../../../shared/protocol.js').Note[]>}
 */
export async function manyInJpeg(bytes, index, pixels, readJpeg) {
  const directory = await readDirectory(bytes, index);
  const table = directory?.entries.get(ENTRIES);
  if (!directory || !table) return [];
  const view = await bytes.view(table.start, Math.min(table.bytes, MOST * ENTRY));
  let count = 1;
  for (let at = ENTRY; at + ENTRY <= view.byteLength; at += ENTRY) {
    const kind = view.getUint32(at, directory.little) & 0xffffff;
    const start = index.start + view.getUint32(at + 8, directory.little);
    const file = new Bytes(bytes.file({ start, end: start + view.getUint32(at + 4, directory.little) }));
    const head = kind === UNDEFINED ? await readJpeg(file).catch(() => null) : null;
    if (kind === PANORAMA || kind === ANGLES || (head && (await isPhoto(file, head, pixels)))) count++;
  }
  return firstOfMany(count, 'pictures');
}

/**
 * @param {Bytes} file of a picture that may be anything
 * @param {Head} head
 * @param {number} pixels of the first: a much smaller one is its preview
 */
async function isPhoto(file, { width, height, colours, xmp }, pixels) {
  if (colours !== 'rgb' || Number(width) * Number(height) < pixels / 2) return false;
  return !xmp || !MAP.test(new TextDecoder('latin1').decode(await file.copy(xmp)));
}
