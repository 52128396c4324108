/**
 * What a file is, by its signature. A name or a declared type is never believed.
 *
 * @typedef {'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'BMP' | 'ICO' | 'AVIF' | 'TIFF' | 'HEIC' | 'SVG' | 'JPEG XL' | 'Photoshop' | 'camera raw'} PhotoType that can be opened here
 * @typedef {{ type: PhotoType, isPhoto: true } | { type: string, isPhoto: false }} Kind what is no photo is named for the person
 */

/**
 * In the order tested. `at` is where the signature stands; `isPlausible` whether what follows can be such a file, as far as it is
 * there: a signature of a few letters is also how a text may begin.
 * @type {{ at?: number, bytes: number[], kind: Kind, isPlausible?: (head: Uint8Array) => boolean }[]}
 */
const SIGNATURES = [
  { bytes: [0xff, 0xd8, 0xff], kind: photo('JPEG') },
  { bytes: [0x89, ...codes('PNG\r\n'), 0x1a, 0x0a], kind: photo('PNG') },
  { bytes: codes('WEBP'), at: 8, kind: photo('WebP'), isPlausible: isNoText },
  { bytes: codes('GIF87a'), kind: photo('GIF'), isPlausible: isGif },
  { bytes: codes('GIF89a'), kind: photo('GIF'), isPlausible: isGif },
  { bytes: codes('II*\0'), kind: photo('TIFF'), isPlausible: isNoText },
  { bytes: codes('MM\0*'), kind: photo('TIFF'), isPlausible: isNoText },
  { bytes: codes('BM'), kind: photo('BMP'), isPlausible: isBmp },
  { bytes: [0, 0, 1, 0], kind: photo('ICO'), isPlausible: isIcon },
  { bytes: codes('II+\0'), kind: photo('TIFF'), isPlausible: isNoText },
  { bytes: codes('MM\0+'), kind: photo('TIFF'), isPlausible: isNoText },
  { bytes: codes('FUJIFILMCCD-RAW'), kind: photo('camera raw') },
  { bytes: codes('IIU\0'), kind: photo('camera raw') },
  { bytes: codes('IIRO'), kind: photo('camera raw'), isPlausible: isNoText },
  { bytes: codes('IIRS'), kind: photo('camera raw'), isPlausible: isNoText },
  { bytes: codes('MMOR'), kind: photo('camera raw'), isPlausible: isNoText },
  { bytes: codes('HEAPCCDR'), at: 6, kind: other('camera raw') },
  { bytes: codes('FOVb'), kind: other('camera raw'), isPlausible: isNoText },
  { bytes: codes('\0MRM'), kind: other('camera raw') },
  { bytes: codes('%PDF'), kind: other('PDF') },
  { bytes: codes('8BPS'), kind: photo('Photoshop'), isPlausible: isNoText },
  { bytes: [0xff, 0x0a], kind: photo('JPEG XL'), isPlausible: isNoText },
  { bytes: [0, 0, 0, 12, ...codes('JXL ')], kind: photo('JPEG XL') },
  { bytes: [0, 0, 0, 12, ...codes('jP  ')], kind: other('JPEG 2000') },
  { bytes: codes('PK\x03\x04'), kind: other('ZIP') },
  { bytes: [0x1f, 0x8b, 8], kind: other('gzip') },
  { bytes: [0x1a, 0x45, 0xdf, 0xa3], kind: other('video') },
];

/** ISO base media files name their kind in brands (ISO/IEC 14496-12, 4.3): a main one, and others they can be read as. */
const BRANDS = /** @type {Record<string, Kind>} */ ({
  avif: photo('AVIF'),
  avis: photo('AVIF'),
  heic: photo('HEIC'),
  heix: photo('HEIC'),
  heim: photo('HEIC'),
  heis: photo('HEIC'),
  hevc: photo('HEIC'),
  hevx: photo('HEIC'),
  'crx ': photo('camera raw'),
  'qt  ': other('video'),
  isom: other('video'),
  iso2: other('video'),
  iso5: other('video'),
  mp41: other('video'),
  mp42: other('video'),
  'M4V ': other('video'),
  '3gp4': other('video'),
  '3gp5': other('video'),
});
/** Brands of HEIF as such, whatever is in it: the others tell, and else libheif. */
const UNDECIDED = new Set(['mif1', 'mif2', 'msf1', 'miaf']);
const MOST_BRANDS = 32;
/** Of a head, how much is looked at for what no text has; and the control characters that texts do have. */
const TEXT_BYTES = 64;
const BLANKS = new Set([9, 10, 12, 13, 27]);
const BMP_BITS = new Set([0, 1, 2, 4, 8, 16, 24, 32]);
const GIF_EXTENSIONS = new Set([0x01, 0xf9, 0xfe, 0xff]);

/** How much of a file `sniff` wants to see. */
export const SNIFF_BYTES = 4096;

/**
 * @param {Uint8Array} head the first `SNIFF_BYTES` of the file, or all of it
 * @returns {Kind | null} null when the signature is unknown
 */
export function sniff(head) {
  if (latin(head, 4, 4) === 'ftyp' && isNoText(head)) return branded(head);
  const known = SIGNATURES.find(({ at = 0, bytes, isPlausible }) => bytes.every((byte, i) => head[at + i] === byte) && (isPlausible?.(head) ?? true));
  return known?.kind ?? null;
}

/** @param {Uint8Array} head */
function branded(head) {
  const main = latin(head, 8, 4);
  const known = BRANDS[main];
  if (known) return known;
  const size = head[0] * 0x1000000 + (head[1] << 16) + (head[2] << 8) + head[3];
  const end = Math.min(size, head.length, 16 + MOST_BRANDS * 4);
  for (let at = 16; at + 4 <= end; at += 4) {
    const kind = BRANDS[latin(head, at, 4)];
    if (kind?.isPhoto) return kind;
  }
  return UNDECIDED.has(main) ? photo('HEIC') : null;
}

/**
 * A file of numbers has zeros and other control characters among its first bytes, a text none.
 * @param {Uint8Array} head
 * @returns {boolean} true where it is too short to tell
 */
function isNoText(head) {
  return head.length < 8 || head.subarray(4, TEXT_BYTES).some((byte) => byte < 0x20 && !BLANKS.has(byte));
}

/**
 * The size of its second header tells (the DIB headers of Windows and OS/2), and the bits of a pixel.
 * @param {Uint8Array} head
 */
function isBmp(head) {
  const size = word(head, 14) + word(head, 16) * 0x10000;
  return size >= 12 && size <= 124 && BMP_BITS.has(word(head, size === 12 ? 24 : 28));
}

/**
 * Behind the palette comes a picture, or an extension of a known kind (GIF89a, 20 to 26).
 * @param {Uint8Array} head
 */
function isGif(head) {
  const at = 13 + (head[10] & 0x80 ? 3 * 2 ** ((head[10] & 7) + 1) : 0);
  if (head.length < at + 2) return head.length < 13 || isNoText(head);
  return head[at] === 0x2c ? isNoText(head) : (head[at] === 0x21 && GIF_EXTENSIONS.has(head[at + 1])) || head[at] === 0x3b;
}

/**
 * At least one picture, whose bytes come after the table.
 * @param {Uint8Array} head
 */
function isIcon(head) {
  const count = word(head, 4);
  return head.length < 22 ? isNoText(head) : count > 0 && head[9] === 0 && word(head, 18) + word(head, 20) * 0x10000 >= 6 + 16 * count;
}

/** @param {Uint8Array} bytes @param {number} at */
function word(bytes, at) {
  return bytes[at] + bytes[at + 1] * 0x100;
}

/** @param {PhotoType} type @returns {Kind} */
function photo(type) {
  return { type, isPhoto: true };
}

/** @param {string} type @returns {Kind} */
function other(type) {
  return { type, isPhoto: false };
}

/** @param {string} text */
function codes(text) {
  return Array.from(text, (character) => character.charCodeAt(0));
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} length
 */
function latin(bytes, at, length) {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
