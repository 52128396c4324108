/**
 * How many pictures a HEIF file holds, other than parts and thumbnails of one another (ISO/IEC 23008-12, 6.4 and 7; ISO/IEC 14496-12, 8.7.3
 * and 8.11).
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('./boxes.js').Box} Box
 * @typedef {{ kind: string, from: number, to: number[] }} Reference
 */
import { text } from '../bytes.js';
import { boxesIn, childrenOf } from './boxes.js';
import { firstOfMany } from './head.js';

/** Items that are pictures: coded ones, and those made of others. */
const PICTURES = new Set(['hvc1', 'hev1', 'lhv1', 'av01', 'avc1', 'vvc1', 'jpeg', 'j2k1', 'unci', 'grid', 'iovl', 'iden']);
/** References whose own item is of another picture: its thumbnail, its depth or transparency. */
const OF_ANOTHER = new Set(['thmb', 'auxl']);
/** References whose targets are what a picture is made of. */
const MADE_OF = new Set(['dimg', 'base']);
/** Groups of which one is to be shown: versions of one picture, and its views for two eyes. */
const ONE_OF = new Set(['altr', 'ster']);
/** The longest table that is read. */
const TABLE = 1 << 20;

/**
 * @param {Bytes} bytes
 * @param {Box[]} boxes of the file
 * @param {Box[]} meta
 * @param {number} primary
 * @param {string} type
 * @returns {Promise<import('../../../shared/protocol.js').Note[]>}
 */
export async function manyIn(bytes, boxes, meta, primary, type) {
  // Phones put a film behind the photo, which begins a file of its own.
  const behind = boxes.findIndex(({ name }, i) => name === 'ftyp' && i > 0);
  const frames = await framesIn(bytes, behind < 0 ? boxes : boxes.slice(0, behind), type);
  return frames > 1 ? firstOfMany(frames, 'frames') : firstOfMany(await picturesIn(bytes, meta, primary, type), 'pictures');
}

/**
 * @param {Bytes} bytes
 * @param {Box[]} boxes
 * @param {string} type
 * @returns {Promise<number>} of the longest track
 */
async function framesIn(bytes, boxes, type) {
  let most = 0;
  for (const track of await childrenOf(bytes, boxes, 'moov', type)) {
    /** @type {Box[]} */
    let inside = [track];
    for (const name of ['trak', 'mdia', 'minf', 'stbl']) inside = await childrenOf(bytes, inside, name, type);
    const sizes = inside.find(({ name }) => name === 'stsz' || name === 'stz2');
    const view = sizes && (await bytes.view(sizes.start, 12));
    if (view?.byteLength === 12) most = Math.max(most, view.getUint32(8));
  }
  return most;
}

/**
 * @param {Bytes} bytes
 * @param {Box[]} meta
 * @param {number} primary
 * @param {string} type
 */
async function picturesIn(bytes, meta, primary, type) {
  const found = new Set(await shownItems(bytes, meta, type));
  for (const { kind, from, to } of await references(bytes, meta, type)) {
    if (OF_ANOTHER.has(kind)) found.delete(from);
    if (MADE_OF.has(kind)) to.forEach((id) => found.delete(id));
  }
  found.add(primary);
  for (const ids of await groups(bytes, meta, type)) ids.filter((id) => found.has(id) && id !== primary).slice(ids.includes(primary) ? 0 : 1).forEach((id) => found.delete(id));
  return found.size;
}

/**
 * @param {Bytes} bytes
 * @param {Box[]} meta
 * @param {string} type
 * @returns {Promise<number[]>} pictures that are not hidden
 */
async function shownItems(bytes, meta, type) {
  const table = meta.find(({ name }) => name === 'iinf');
  if (!table) return [];
  const isNarrow = text(await bytes.view(table.start, 1), 0, 1) === '\0';
  const ids = [];
  for (const { start, end } of await boxesIn(bytes, { start: table.start + (isNarrow ? 6 : 8), end: table.end }, type)) {
    const view = await bytes.view(start, Math.min(end - start, 16));
    const isWide = view.byteLength >= 14 && view.getUint8(0) > 2;
    if (view.byteLength < 12 || view.getUint8(0) < 2 || view.getUint8(3) & 1) continue;
    if (PICTURES.has(text(view, isWide ? 10 : 8, 4))) ids.push(isWide ? view.getUint32(4) : view.getUint16(4));
  }
  return ids;
}

/**
 * @param {Bytes} bytes
 * @param {Box[]} meta
 * @param {string} type
 * @returns {Promise<Reference[]>}
 */
async function references(bytes, meta, type) {
  const box = meta.find(({ name }) => name === 'iref');
  if (!box) return [];
  const isNarrow = text(await bytes.view(box.start, 1), 0, 1) === '\0';
  const found = [];
  for (const { name, start, end } of await boxesIn(bytes, { start: box.start + 4, end: box.end }, type)) {
    const size = isNarrow ? 2 : 4;
    const view = await bytes.view(start, Math.min(end - start, TABLE));
    if (view.byteLength < size + 2) continue;
    const ids = numbers(view, 0, size, 1);
    const to = numbers(view, size + 2, size, view.getUint16(size));
    found.push({ kind: name, from: ids[0], to });
  }
  return found;
}

/**
 * @param {Bytes} bytes
 * @param {Box[]} meta
 * @param {string} type
 * @returns {Promise<number[][]>} items of which one is to be shown
 */
async function groups(bytes, meta, type) {
  const found = [];
  for (const { name, start, end } of await childrenOf(bytes, meta, 'grpl', type)) {
    const view = await bytes.view(start, Math.min(end - start, TABLE));
    if (ONE_OF.has(name) && view.byteLength >= 12) found.push(numbers(view, 12, 4, view.getUint32(8)));
  }
  return found;
}

/**
 * @param {DataView} view
 * @param {number} at
 * @param {number} size 2 or 4 bytes
 * @param {number} count
 * @returns {number[]} as many as are there
 */
function numbers(view, at, size, count) {
  const there = Math.max(0, Math.min(count, Math.floor((view.byteLength - at) / size)));
  return Array.from({ length: there }, (_, i) => (size === 2 ? view.getUint16(at + i * 2) : view.getUint32(at + i * 4)));
}
