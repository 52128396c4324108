/**
 * TIFF (TIFF 6.0): the tags of the first directory.
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('../bytes.js').Span} Span
 * @typedef {import('../exif.js').Directory} Directory
 * @typedef {import('./head.js').Head} Head
 * @typedef {Head['variant']} Variant
 */
import { damaged, text, truncated } from '../bytes.js';
import { readDirectory, readDirectoryAt, readNumbers, TAG } from '../exif.js';
import { readBigDirectory } from './bigtiff.js';
import { firstOfMany, headOf } from './head.js';

const TYPE = 'TIFF';

const TAGS = /** @type {const} */ ({
  subfile: 254,
  oldSubfile: 255,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  samples: 277,
  subDirectories: 330,
  sampleFormat: 339,
  xmp: 700,
  iptc: 33723,
  profile: 34675,
  dngVersion: 50706,
});

/** Compressions that are read, and what those that are not are called. */
const ZSTANDARD = 50000;
const COMPRESSIONS = new Set([1, 5, 8, 32773, 32946, ZSTANDARD]);
const OTHERS = /** @type {Record<number, Variant>} */ ({
  2: 'fax',
  3: 'fax',
  4: 'fax',
  6: 'old-jpeg-inside',
  7: 'jpeg-inside',
  9: 'jbig',
  10: 'jbig',
  32771: 'fax',
  33003: 'jpeg-2000-inside',
  33004: 'jpeg-2000-inside',
  33005: 'jpeg-2000-inside',
  34661: 'jbig',
  34712: 'jpeg-2000-inside',
  34887: 'lerc',
  34925: 'lzma',
  50001: 'webp-inside',
  50002: 'jpeg-xl-inside',
  52546: 'jpeg-xl-inside',
});
/** Kinds that are left to libtiff. @type {Set<Variant>} */
const LIBTIFF = new Set(['fax', 'jpeg-inside', 'float', 'signed', 'odd-depth', 'ycbcr', 'lab']);
const RAW = 'camera-raw';
/** Compressions of raw pictures: Sony's, Samsung's, Nikon's, Kodak's and Pentax's. */
const MAKERS = new Set([32767, 32769, 32770, 34713, 65000, 65535]);
/** Colours by their number (photometric interpretation). */
const COLOURS = /** @type {Record<number, Head['colours']>} */ ({ 0: 'grey', 1: 'grey', 2: 'rgb', 3: 'rgb', 5: 'cmyk', 8: 'lab' });
/** Colours that are read here. */
const OWN = new Set([0, 1, 2, 3, 5]);
const OTHER_COLOURS = /** @type {Record<number, Variant>} */ ({ 4: 'mask', 6: 'ycbcr', 8: 'lab', 32803: RAW, 32844: 'luv', 32845: 'luv', 34892: RAW });
/** Kinds of number that a sample can be (sample format), other than a whole one; 4 is undefined, and read as whole. */
const FORMATS = /** @type {Record<number, Variant>} */ ({ 2: 'signed', 3: 'float', 5: 'complex', 6: 'complex' });
const DEPTHS = new Set([1, 2, 4, 8, 16]);
const MOST_SAMPLES = 64;
const MOST_PAGES = 10_000;
/** Of a directory's kind, the bits of a preview and of a mask; and a preview, as it was said before them. */
const NO_PAGE = 1 | 4;
const OLD_PREVIEW = 2;

/**
 * @param {Bytes} bytes
 * @returns {Promise<Head>}
 * @throws {import('../../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function readTiff(bytes) {
  const all = { start: 0, end: bytes.size };
  const isBig = isBigTiff(await bytes.view(0, 4));
  const directory = isBig ? await readBigDirectory(bytes) : await readDirectory(bytes, all);
  if (!directory || directory.entries.size === 0) throw truncated(TYPE);
  /** @param {number} tag */
  const number = async (tag) => (await readNumbers(bytes, directory, tag))?.[0] ?? null;
  const photometric = (await number(TAGS.photometric)) ?? -1;
  const found = await variantOf(bytes, directory, photometric, isBig);
  const isLeft = LIBTIFF.has(found);
  const variant = isLeft ? null : found;
  const [width, height] = [await number(TAGS.width), await number(TAGS.height)];
  if (variant !== RAW && (!width || !height)) throw damaged(TYPE, `a size of ${width} × ${height}`);
  return headOf({
    width,
    height,
    orientation: asTurn(await number(TAG.orientation)),
    variant,
    isForLibtiff: isBig || isLeft,
    colours: COLOURS[photometric] ?? 'rgb',
    profile: spans(directory, TAGS.profile),
    exif: all,
    xmp: spans(directory, TAGS.xmp)[0] ?? null,
    iptc: spans(directory, TAGS.iptc)[0] ?? null,
    notes: variant === RAW ? [] : firstOfMany(await countPages(bytes, directory), 'pages'),
  });
}

/** @param {DataView} head */
const isBigTiff = (head) => head.byteLength === 4 && [0x2b00, 0x002b].includes(head.getUint16(2));

/** @param {number | null} orientation @returns {number} 1..8; 1 where nothing that exists is said */
const asTurn = (orientation) => (orientation !== null && orientation >= 1 && orientation <= 8 ? orientation : 1);

/**
 * @param {Bytes} bytes
 * @param {Directory} directory
 * @param {number} photometric
 * @param {boolean} isBig
 * @returns {Promise<Variant>} what cannot be decoded, null for what can
 */
async function variantOf(bytes, directory, photometric, isBig) {
  const compression = (await readNumbers(bytes, directory, TAGS.compression))?.[0] ?? 1;
  if (OTHER_COLOURS[photometric] === RAW || MAKERS.has(compression) || (await hasRawBelow(bytes, directory))) return RAW;
  if (!COMPRESSIONS.has(compression)) return OTHERS[compression] ?? 'other-compression';
  const kind = (await depthOf(bytes, directory)) ?? (OWN.has(photometric) ? null : (OTHER_COLOURS[photometric] ?? 'other-colours'));
  // The libtiff that is served was built without Zstandard.
  return compression === ZSTANDARD && (isBig || LIBTIFF.has(kind)) ? 'zstandard' : kind;
}

/**
 * @param {Bytes} bytes
 * @param {Directory} directory
 * @returns {Promise<boolean>} whether it holds what a sensor saw: cameras put a thumbnail first, and that below it or behind it
 */
async function hasRawBelow(bytes, directory) {
  const subfile = (await readNumbers(bytes, directory, TAGS.subfile))?.[0] ?? 0;
  const isCanon = text(await bytes.view(8, 2), 0, 2) === 'CR';
  return isCanon || directory.entries.has(TAGS.dngVersion) || (subfile % 2 === 1 && directory.entries.has(TAGS.subDirectories));
}

/**
 * @param {Bytes} bytes
 * @param {Directory} directory
 * @returns {Promise<Variant>} samples that cannot be decoded, null for those that can
 */
async function depthOf(bytes, directory) {
  const bits = (await readNumbers(bytes, directory, TAGS.bits, MOST_SAMPLES)) ?? [1];
  const formats = (await readNumbers(bytes, directory, TAGS.sampleFormat, MOST_SAMPLES)) ?? [1];
  const format = formats.find((each) => each in FORMATS);
  if (format !== undefined) return FORMATS[format];
  if (bits.some((depth) => depth !== bits[0])) return 'mixed-depth';
  return DEPTHS.has(bits[0]) ? null : 'odd-depth';
}

/**
 * @param {Bytes} bytes
 * @param {Directory} first
 * @returns {Promise<number>} without previews and masks
 */
async function countPages(bytes, first) {
  const seen = new Set([first.table.start - 2]);
  let count = 1;
  let directory = /** @type {Directory | null} */ (first);
  while (directory && directory.next > 0 && !seen.has(directory.next) && seen.size < MOST_PAGES) {
    seen.add(directory.next);
    directory = await readDirectoryAt(bytes, { start: 0, end: bytes.size }, first.little, directory.next);
    if (!directory || directory.entries.size === 0) break;
    const [subfile = 0] = (await readNumbers(bytes, directory, TAGS.subfile)) ?? [];
    const [old = 0] = (await readNumbers(bytes, directory, TAGS.oldSubfile)) ?? [];
    if ((subfile & NO_PAGE) === 0 && old !== OLD_PREVIEW) count++;
  }
  return count;
}

/**
 * @param {Directory} directory
 * @param {number} tag
 * @returns {Span[]} of its bytes; none without it
 */
function spans({ entries }, tag) {
  const entry = entries.get(tag);
  return entry ? [{ start: entry.start, end: entry.start + entry.bytes }] : [];
}
