/**
 * What a file is, by its signature, and how large a picture it announces, before anything is decoded.
 * A name or a declared type is never believed.
 *
 * @typedef {{ type: string, isDecodable: boolean, width?: number, height?: number }} Kind
 */

/** Formats that are recognised, in the order tested; `at` is where the signature stands. */
const SIGNATURES = /** @type {const} */ ([
  { type: 'JPEG', at: 0, bytes: [0xff, 0xd8, 0xff], size: jpegSize },
  { type: 'PNG', at: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], size: pngSize },
  { type: 'WebP', at: 8, bytes: [0x57, 0x45, 0x42, 0x50], size: webpSize },
  { type: 'GIF', at: 0, bytes: [0x47, 0x49, 0x46, 0x38] },
  { type: 'TIFF', at: 0, bytes: [0x49, 0x49, 0x2a, 0x00] },
  { type: 'TIFF', at: 0, bytes: [0x4d, 0x4d, 0x00, 0x2a] },
  { type: 'PDF', at: 0, bytes: [0x25, 0x50, 0x44, 0x46] },
  { type: 'BMP', at: 0, bytes: [0x42, 0x4d] },
]);

/** ISO base media files name their kind in a brand (ISO/IEC 14496-12, 4.3). */
const BRANDS = /** @type {const} */ ({ avif: 'AVIF', avis: 'AVIF', heic: 'HEIC', heix: 'HEIC', hevc: 'HEIC', mif1: 'HEIF', msf1: 'HEIF' });

/** How much of a file `sniff` wants to see: a JPEG's size stands behind its EXIF thumbnail and colour profile. */
export const SNIFF_BYTES = 256 * 1024;

/**
 * @param {Uint8Array} head the first `SNIFF_BYTES` of the file, or all of it
 * @returns {Kind | null} null when the signature is unknown; no size when it could not be found in `head`
 */
export function sniff(head) {
  const brand = text(head, 4, 4) === 'ftyp' ? BRANDS[/** @type {keyof typeof BRANDS} */ (text(head, 8, 4))] : undefined;
  if (brand) return { type: brand, isDecodable: false };
  for (const signature of SIGNATURES) {
    if (!signature.bytes.every((byte, i) => head[signature.at + i] === byte)) continue;
    const size = 'size' in signature ? signature.size(head) : null;
    return { type: signature.type, isDecodable: 'size' in signature, ...size };
  }
  return null;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} length
 */
function text(bytes, at, length) {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

/** @param {Uint8Array} bytes */
function view(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * IHDR is always the first chunk (PNG specification, 11.2.2).
 * @param {Uint8Array} head
 */
function pngSize(head) {
  if (head.length < 24) return null;
  return { width: view(head).getUint32(16), height: view(head).getUint32(20) };
}

/**
 * Walk the marker segments to the frame header (ITU-T T.81, B.2.2).
 * @param {Uint8Array} head
 */
function jpegSize(head) {
  const data = view(head);
  for (let at = 2; at + 9 < head.length; ) {
    if (head[at] !== 0xff) return null;
    const marker = head[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { width: data.getUint16(at + 7), height: data.getUint16(at + 5) };
    at += 2 + data.getUint16(at + 2);
  }
  return null;
}

/**
 * The three chunk layouts of RFC 9649, 2.5 to 2.7.
 * @param {Uint8Array} head
 */
function webpSize(head) {
  if (head.length < 30) return null;
  const data = view(head);
  switch (text(head, 12, 4)) {
    case 'VP8 ':
      return { width: data.getUint16(26, true) & 0x3fff, height: data.getUint16(28, true) & 0x3fff };
    case 'VP8L': {
      const bits = data.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: (data.getUint32(24, true) & 0xffffff) + 1, height: ((data.getUint32(26, true) >>> 8) & 0xffffff) + 1 };
    default:
      return null;
  }
}
