/**
 * TIFF's directories of tags, which EXIF is made of too (TIFF 6.0, section 2; CIPA DC-008, 4.6).
 *
 * @typedef {import('./bytes.js').Bytes} Bytes
 * @typedef {import('./bytes.js').Span} Span
 * @typedef {{ type: number, count: number, start: number, bytes: number }} Entry where in the file its values are
 * @typedef {{ little: boolean, entries: Map<number, Entry>, next: number }} Directory `next` is where the next one is in the file; 0 after
 *   the last
 */

/** Bytes of one value, by type. */
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
const ASCII = 2;
const SHORT = 3;
const RATIONAL = 5;
/** Types of whole numbers, and of places, which are as long as a LONG. */
const WHOLE = [1, SHORT, 4, 13];
const MOST_ENTRIES = 4096;

export const TAG = /** @type {const} */ ({
  orientation: 0x0112,
  xResolution: 0x011a,
  yResolution: 0x011b,
  resolutionUnit: 0x0128,
  artist: 0x013b,
  copyright: 0x8298,
});

/**
 * @param {Bytes} bytes
 * @param {Span} span of the TIFF structure
 * @returns {Promise<Directory | null>} the first one; null where there is none to be read
 */
export async function readDirectory(bytes, { start, end }) {
  const head = await bytes.view(start, 8);
  if (head.byteLength < 8) return null;
  const order = head.getUint16(0);
  const little = order === 0x4949;
  if ((!little && order !== 0x4d4d) || head.getUint16(2, little) !== 42) return null;
  return readDirectoryAt(bytes, { start, end }, little, start + head.getUint32(4, little));
}

/**
 * @param {Bytes} bytes
 * @param {Span} span of the TIFF structure, from whose start places are counted
 * @param {boolean} little whether the low byte comes first
 * @param {number} at where in the file it is
 * @returns {Promise<Directory | null>}
 */
export async function readDirectoryAt(bytes, { start, end }, little, at) {
  const counted = await bytes.view(at, 2);
  if (counted.byteLength < 2 || at + 2 > end) return null;
  const count = counted.getUint16(0, little);
  const table = await bytes.view(at + 2, Math.min(count, MOST_ENTRIES) * 12);
  const entries = new Map();
  for (let i = 0; i + 12 <= table.byteLength; i += 12) {
    const type = table.getUint16(i + 2, little);
    const values = table.getUint32(i + 4, little);
    const length = values * (SIZES[type] ?? 0);
    const from = length <= 4 ? at + 2 + i + 8 : start + table.getUint32(i + 8, little);
    const tag = table.getUint16(i, little);
    // The first of two is what libtiff takes. What lies outside is left to whoever needs it.
    if (length > 0 && from + length <= end && !entries.has(tag)) entries.set(tag, { type, count: values, start: from, bytes: length });
  }
  const following = await bytes.view(at + 2 + count * 12, 4);
  const next = following.byteLength === 4 ? following.getUint32(0, little) : 0;
  return { little, entries, next: next && start + next };
}

/**
 * @param {Bytes} bytes
 * @param {Directory} directory
 * @param {number} tag
 * @param {number} [most] values
 * @returns {Promise<number[] | null>} null where the tag is missing, is no whole number, or has more values
 */
export async function readNumbers(bytes, { little, entries }, tag, most = 1) {
  const entry = entries.get(tag);
  if (!entry || entry.count > most || !WHOLE.includes(entry.type)) return null;
  const view = await bytes.view(entry.start, entry.bytes);
  if (view.byteLength < entry.bytes) return null;
  const size = SIZES[entry.type];
  return Array.from({ length: entry.count }, (_, i) => {
    if (size === 1) return view.getUint8(i);
    return size === 2 ? view.getUint16(i * 2, little) : view.getUint32(i * 4, little);
  });
}

/**
 * @param {Bytes} bytes
 * @param {Directory} directory
 * @param {number} tag
 * @returns {Promise<number | null>} the first value; null where there is none, or no number
 */
export async function readRational(bytes, { little, entries }, tag) {
  const entry = entries.get(tag);
  if (entry?.type !== RATIONAL) return null;
  const view = await bytes.view(entry.start, 8);
  const value = view.byteLength < 8 ? NaN : view.getUint32(0, little) / view.getUint32(4, little);
  return Number.isFinite(value) ? value : null;
}

/**
 * @param {Bytes} bytes
 * @param {Directory} directory
 * @param {number} tag
 * @returns {Promise<string | null>} trimmed; null where there is none. Read as UTF-8, which most programs write, or as Latin-1
 */
export async function readText(bytes, { entries }, tag) {
  const entry = entries.get(tag);
  if (!entry || entry.type !== ASCII) return null;
  const view = await bytes.view(entry.start, Math.min(entry.bytes, 4096));
  return decodeText(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}

/**
 * @param {Uint8Array} raw
 * @returns {string | null} trimmed, null when nothing is left
 */
export function decodeText(raw) {
  let decoded;
  try {
    decoded = new TextDecoder('utf-8', { fatal: true }).decode(raw);
  } catch {
    decoded = new TextDecoder('latin1').decode(raw);
  }
  // A copyright may have two parts, the photographer's and the editor's, with a NUL between.
  const parts = decoded.split('\0').map((part) => part.trim());
  return parts.filter((part) => part !== '').join(', ') || null;
}

/**
 * @param {Bytes} bytes
 * @param {Span | null} exif
 * @returns {Promise<number>} 1..8; 1 where nothing, or nothing that exists, is said
 */
export async function readOrientation(bytes, exif) {
  const directory = exif && (await readDirectory(bytes, exif));
  const [orientation = 1] = (directory && (await readNumbers(bytes, directory, TAG.orientation))) ?? [];
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}
