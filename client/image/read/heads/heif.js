/**
 * HEIF and AVIF (ISO/IEC 23008-12; AVIF 1.1): the primary item, its properties, and the items that describe it.
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('../bytes.js').Span} Span
 * @typedef {import('./head.js').Head} Head
 * @typedef {import('./boxes.js').Box} Box
 */
import { damaged, text, truncated } from '../bytes.js';
import { headOf } from './head.js';
import { boxesIn, childrenOf } from './boxes.js';
import { describers } from './heif-items.js';

/** Colour primaries by their number (ISO/IEC 23091-2, table 2). */
const PRIMARIES = /** @type {Record<number, Head['primaries']>} */ ({ 9: 'rec2020', 12: 'p3' });
/** Transfers that are sRGB's curve, or as good as: 1, 6, 14 and 15 of television, 13 of sRGB. */
const ORDINARY = new Set([1, 6, 13, 14, 15]);
/** Transfers of HDR. */
const HDR = /** @type {Record<number, Head['transfer']>} */ ({ 16: 'pq', 18: 'hlg' });
/** `chroma_format_idc` of 4:4:4 in the configuration of HEVC, and where it stands (ISO/IEC 14496-15, 8.3.2.1.2). */
const FULL_CHROMA = 3;
const CHROMA_AT = 16;

/**
 * @param {Bytes} bytes
 * @param {string} type
 * @returns {Promise<Head>}
 * @throws {import('../../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function readHeif(bytes, type) {
  const boxes = await boxesIn(bytes, { start: 0, end: bytes.size }, type);
  const meta = boxes.find(({ name }) => name === 'meta');
  // A moving picture without a still one.
  if (!meta) {
    if (boxes.some(({ name }) => name === 'moov')) return headOf({ variant: 'sequence' });
    throw truncated(type);
  }
  if (meta.end > bytes.size) throw truncated(type);
  const inMeta = await boxesIn(bytes, { start: meta.start + 4, end: meta.end }, type);
  const primary = await primaryItem(bytes, inMeta, type);
  const facts = await properties(bytes, inMeta, primary, type);
  if (!facts.width || !facts.height) throw damaged(type, 'no size');
  const { manyIn } = await import('./heif-many.js');
  const notes = await manyIn(bytes, boxes, inMeta, primary, type);
  return headOf({ ...facts, item: primary, notes, ...(await describers(bytes, inMeta, primary, type)) });
}

/**
 * @param {Bytes} bytes
 * @param {Box[]} meta
 * @param {string} type
 */
async function primaryItem(bytes, meta, type) {
  const box = meta.find(({ name }) => name === 'pitm');
  if (!box) throw damaged(type, 'no primary item');
  const view = await bytes.need(box.start, 6, type);
  return view.getUint8(0) === 0 ? view.getUint16(4) : (await bytes.need(box.start, 8, type)).getUint32(4);
}

/**
 * @param {Bytes} bytes
 * @param {Box[]} meta
 * @param {number} item
 * @param {string} type
 * @returns {Promise<Partial<Head>>} the size is the one before it is turned
 */
async function properties(bytes, meta, item, type) {
  const iprp = await childrenOf(bytes, meta, 'iprp', type);
  const table = await childrenOf(bytes, iprp, 'ipco', type);
  const own = [];
  for (const box of iprp.filter(({ name }) => name === 'ipma')) own.push(...(await associations(bytes, box, item, type)));
  /** @type {Partial<Head>} */
  const facts = {};
  let turns = 0;
  let mirror = -1;
  for (const index of own) {
    const box = table[index - 1];
    if (!box) continue;
    const view = await bytes.view(box.start, 40);
    if (box.name === 'ispe' && view.byteLength >= 12) Object.assign(facts, { width: view.getUint32(4), height: view.getUint32(8) });
    else if (box.name === 'clap' && view.byteLength >= 16) Object.assign(facts, cropped(view));
    else if (box.name === 'irot' && view.byteLength >= 1) turns = view.getUint8(0) & 3;
    else if (box.name === 'imir' && view.byteLength >= 1) mirror = view.getUint8(0) & 1;
    else if (box.name === 'colr' && view.byteLength >= 4) Object.assign(facts, colours(view, box));
  }
  return { ...facts, orientation: orientation(turns, mirror), isFullChroma: await isFullChroma(bytes, table) };
}

/**
 * @param {Bytes} bytes
 * @param {Box[]} table of properties: of a picture in tiles, those of the tiles tell
 */
async function isFullChroma(bytes, table) {
  for (const { start } of table.filter(({ name }) => name === 'hvcC')) {
    const view = await bytes.view(start, CHROMA_AT + 1);
    if (view.byteLength > CHROMA_AT && (view.getUint8(CHROMA_AT) & 3) === FULL_CHROMA) return true;
  }
  return false;
}

/**
 * @param {Bytes} bytes
 * @param {Box} box of associations (ISO/IEC 14496-12, 8.11.14)
 * @param {number} item
 * @param {string} type
 * @returns {Promise<number[]>} of the item's properties, counted from 1
 */
async function associations(bytes, box, item, type) {
  const view = await bytes.need(box.start, Math.min(box.end - box.start, 1 << 20), type);
  const [isWide, idBytes] = [(view.getUint8(3) & 1) === 1, view.getUint8(0) === 0 ? 2 : 4];
  const own = [];
  for (let at = 8; at + idBytes + 1 <= view.byteLength; ) {
    const id = idBytes === 2 ? view.getUint16(at) : view.getUint32(at);
    const count = view.getUint8(at + idBytes);
    at += idBytes + 1;
    for (let i = 0; i < count && at + (isWide ? 2 : 1) <= view.byteLength; i++, at += isWide ? 2 : 1) {
      if (id === item) own.push(isWide ? view.getUint16(at) & 0x7fff : view.getUint8(at) & 0x7f);
    }
  }
  return own;
}

/** @param {DataView} view of `clap`: width and height as fractions */
function cropped(view) {
  const [width, height] = [view.getUint32(0) / view.getUint32(4), view.getUint32(8) / view.getUint32(12)];
  return width >= 1 && height >= 1 && Number.isFinite(width * height) ? { width: Math.floor(width), height: Math.floor(height) } : {};
}

/**
 * @param {DataView} view of `colr`
 * @param {Box} box
 * @returns {Partial<Head>}
 */
function colours(view, { start, end }) {
  const kind = text(view, 0, 4);
  if (kind === 'prof' || kind === 'rICC') return { profile: [{ start: start + 4, end }] };
  if (kind !== 'nclx' || view.byteLength < 11) return {};
  const transfer = HDR[view.getUint16(6)] ?? null;
  return transfer || ORDINARY.has(view.getUint16(6)) ? { primaries: PRIMARIES[view.getUint16(4)] ?? null, transfer } : {};
}

/**
 * As EXIF counts. An item is mirrored after it is turned (MIAF, 7.3.6.7).
 * @param {number} turns quarters, anti-clockwise
 * @param {number} mirror 0 top and bottom are exchanged, 1 left and right, -1 nothing
 */
function orientation(turns, mirror) {
  const rows = { '-1': [1, 8, 3, 6], 0: [4, 5, 2, 7], 1: [2, 7, 4, 5] };
  return rows[/** @type {-1 | 0 | 1} */ (mirror)][turns];
}
