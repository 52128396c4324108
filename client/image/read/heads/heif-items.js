/**
 * Where a HEIF file keeps the EXIF and XMP of its primary item (ISO/IEC 14496-12, 8.11.3, 8.11.6 and 8.11.12; ISO/IEC 23008-12,
 * annex A).
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('../bytes.js').Span} Span
 * @typedef {import('./boxes.js').Box} Box
 */
import { text } from '../bytes.js';
import { boxesIn } from './boxes.js';

const XMP = 'application/rdf+xml';
const NONE = { others: new Set(), isPremultiplied: false };
/** The longest table that is read. */
const TABLE = 1 << 20;

/**
 * @param {Bytes} bytes
 * @param {Box[]} meta
 * @param {number} primary
 * @param {string} type
 * @returns {Promise<{ exif: Span | null, xmp: Span | null, isPremultiplied: boolean }>}
 */
export async function describers(bytes, meta, primary, type) {
  const found = { exif: /** @type {Span | null} */ (null), xmp: /** @type {Span | null} */ (null), isPremultiplied: false };
  const [iinf, iloc, iref] = ['iinf', 'iloc', 'iref'].map((name) => meta.find((box) => box.name === name));
  if (!iinf || !iloc) return found;
  const isNarrow = text(await bytes.view(iinf.start, 1), 0, 1) === '\0';
  const { others, isPremultiplied } = iref ? await references(bytes, iref, primary, type) : NONE;
  const idat = meta.find(({ name }) => name === 'idat')?.start ?? 0;
  for (const box of await boxesIn(bytes, { start: iinf.start + (isNarrow ? 6 : 8), end: iinf.end }, type)) {
    const item = await entry(bytes, box);
    const kind = item && !others.has(item.id) ? kindOf(item) : null;
    if (item && kind) found[kind] ??= await locate(bytes, iloc, item.id, idat);
  }
  return { exif: await tiffIn(bytes, found.exif), xmp: found.xmp, isPremultiplied };
}

/** @param {{ kind: string, content: string }} item */
function kindOf({ kind, content }) {
  if (kind === 'Exif') return 'exif';
  return kind === 'mime' && content === XMP ? 'xmp' : null;
}

/**
 * @param {Bytes} bytes
 * @param {Box} iref
 * @param {number} primary
 * @param {string} type
 * @returns {Promise<{ others: Set<number>, isPremultiplied: boolean }>} items that describe another one, such as a thumbnail; whether the
 *   primary one is multiplied by its alpha (ISO/IEC 23008-12, 6.10.1.2)
 */
async function references(bytes, iref, primary, type) {
  const found = { others: new Set(), isPremultiplied: false };
  const version = await bytes.view(iref.start, 4);
  if (version.byteLength < 4 || version.getUint8(0) !== 0) return found;
  for (const { name, start } of await boxesIn(bytes, { start: iref.start + 4, end: iref.end }, type)) {
    const view = await bytes.view(start, 6);
    if (view.byteLength < 6) continue;
    if (name === 'prem' && view.getUint16(0) === primary) found.isPremultiplied = true;
    if (name === 'cdsc' && view.getUint16(2) === 1 && view.getUint16(4) !== primary) found.others.add(view.getUint16(0));
  }
  return found;
}

/**
 * @param {Bytes} bytes
 * @param {Box} box
 * @returns {Promise<{ id: number, kind: string, content: string } | null>}
 */
async function entry(bytes, { name, start, end }) {
  const view = await bytes.view(start, Math.min(end - start, 256));
  if (name !== 'infe' || view.byteLength < 12) return null;
  const version = view.getUint8(0);
  if (version < 2 || (version > 2 && view.byteLength < 14)) return null;
  const at = version === 2 ? 8 : 10; // behind the id and the protection index
  const id = version === 2 ? view.getUint16(4) : view.getUint32(4);
  const [, content = ''] = text(view, at + 4, 200).split('\0');
  return { id, kind: text(view, at, 4), content };
}

/**
 * @param {Bytes} bytes
 * @param {Box} iloc
 * @param {number} wanted
 * @param {number} idat where its body begins
 * @returns {Promise<Span | null>} null where the item is not in one piece in this file
 */
async function locate(bytes, iloc, wanted, idat) {
  const view = await bytes.view(iloc.start, Math.min(iloc.end - iloc.start, TABLE));
  if (view.byteLength < 8) return null;
  const version = view.getUint8(0);
  const sizes = [view.getUint8(4) >> 4, view.getUint8(4) & 15, view.getUint8(5) >> 4, version > 0 ? view.getUint8(5) & 15 : 0];
  let at = version < 2 ? 8 : 10;
  /** @param {number} size 0, 2, 4 or 8 bytes; a number that is not there is 0 */
  const next = (size) => {
    at += size;
    if (at > view.byteLength || size === 0) return 0;
    if (size === 2) return view.getUint16(at - 2);
    return size === 4 ? view.getUint32(at - 4) : Number(view.getBigUint64(at - 8));
  };
  if (sizes.some((size) => size !== 0 && size !== 4 && size !== 8)) return null;
  while (at < view.byteLength) {
    const id = next(version < 2 ? 2 : 4);
    const method = version > 0 ? next(2) & 15 : 0;
    const elsewhere = next(2);
    const base = next(sizes[2]);
    const extents = next(2);
    for (let i = 0; i < extents && at < view.byteLength; i++) {
      next(sizes[3]);
      const start = base + next(sizes[0]) + (method === 1 ? idat : 0);
      const length = next(sizes[1]);
      if (id === wanted) return extents === 1 && elsewhere === 0 && method < 2 ? { start, end: start + length } : null;
    }
  }
  return null;
}

/**
 * @param {Bytes} bytes
 * @param {Span | null} span of an EXIF item, which begins with the offset of its TIFF structure
 * @returns {Promise<Span | null>}
 */
async function tiffIn(bytes, span) {
  if (!span) return null;
  const view = await bytes.view(span.start, 4);
  if (view.byteLength < 4) return null;
  const start = span.start + 4 + view.getUint32(0);
  return start < span.end ? { start, end: span.end } : null;
}
