/**
 * TIFF's directories of tags, which EXIF is made of too (TIFF 6.0, section 2; CIPA DC-008, 4.6).
 *
 * @typedef {import('./bytes.js').Bytes} Bytes
 * @typedef {import('./bytes.js').Span} Span
 * @typedef {{ type: number, count: number, start: number, bytes: number }} Entry where in the file its values are
 * @typedef {{ little: boolean, entries: Map<number, Entry>, table: Span, next: number }} Directory `next` is where the next one is in the
 *   file; 0 after the last
 */

/** Bytes of one value, by type. */
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
const ASCII = 2;
const SHORT = 3;
const RATIONAL = 5;
/** Types of whole numbers, with and without a sign, and of places. None of the numbers that are read here can be negative. */
const WHOLE = new Set([1, SHORT, 4, 6, 8, 9, 13]);
const ENTRY = 12;
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
  const table = await bytes.view(at + 2, Math.min(count, MOST_ENTRIES) * ENTRY);
  const entries = new Map();
  for (let i = 0; i + ENTRY <= table.byteLength; i += ENTRY) {
    const type = table.getUint16(i + 2, little);
    const values = table.getUint32(i + 4, little);
    const length = values * (SIZES[type] ?? 0);
    const from = length <= 4 ? at + 2 + i + 8 : start + table.getUint32(i + 8, little);
    const tag = table.getUint16(i, little);
    // The first of two is what libtiff takes. What lies outside is left to whoever needs it.
    if (length > 0 && from + length <= end && !entries.has(tag)) entries.set(tag, { type, count: values, start: from, bytes: length });
  }
  const following = await bytes.view(at + 2 + count * ENTRY, 4);
  const next = following.byteLength === 4 ? following.getUint32(0, little) : 0;
  return { little, entries, table: { start: at + 2, end: at + 2 + table.byteLength }, next: next && start + next };
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
  if (!entry || entry.count > most || !WHOLE.has(entry.type)) return null;
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
 * How the picture is to be turned. Browsers obey the tag in its usual form only, and of two tags one browser takes the first and
 * another the last: where it is not in that form, they are given the file with it.
 * @param {Bytes} bytes
 * @param {Span} exif
 * @returns {Promise<{ orientation: number, mends: import('./bytes.js').Mend[] }>} 1..8; 1 where nothing, or nothing that exists, is said
 */
export async function readOrientation(bytes, exif) {
  const directory = await readDirectory(bytes, exif);
  const [said] = (directory && (await readNumbers(bytes, directory, TAG.orientation))) ?? [];
  const orientation = said !== undefined && said >= 1 && said <= 8 ? said : 1;
  if (!directory) return { orientation, mends: [] };
  const { little, table } = directory;
  const view = await bytes.view(table.start, table.end - table.start);
  const usual = new DataView(new ArrayBuffer(ENTRY));
  [TAG.orientation, SHORT].forEach((value, i) => usual.setUint16(i * 2, value, little));
  usual.setUint32(4, 1, little);
  usual.setUint16(8, orientation, little);
  const isUsual = (/** @type {number} */ at) => [0, 2, 4, 6, 8].every((i) => view.getUint16(at + i) === usual.getUint16(i));
  const starts = Array.from({ length: view.byteLength / ENTRY }, (_, i) => i * ENTRY);
  const unusual = starts.filter((at) => view.getUint16(at, little) === TAG.orientation && !isUsual(at));
  return { orientation, mends: unusual.map((at) => ({ start: table.start + at, end: table.start + at + ENTRY, bytes: new Uint8Array(usual.buffer) })) };
}
