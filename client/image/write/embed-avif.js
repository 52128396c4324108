/**
 * A colour profile, credits and a density into an AVIF file, as libavif writes one: its boxes and their fields are in
 * ISO/IEC 14496-12 (8.11, 12.1.5) and ISO/IEC 23008-12 (Annex A).
 *
 * @typedef {import('./embed.js').Metadata} Metadata
 * @typedef {{ type: string, at: number, end: number }} Box
 */
import { contentsWithDensity } from './embed.js';
import { concat, latin } from '../join.js';

/** Type and length in front of a box's contents; `meta` and others have a version and flags as well. */
const HEAD = 8;
const FULL_HEAD = 12;
/** Of `iloc`: 4 bytes for each offset and length, none for a base. */
const LOCATION = { sizes: 0x4400, first: 16, each: 14, offset: 6 };

/**
 * @param {Uint8Array<ArrayBuffer>} file
 * @param {Metadata | null} metadata
 * @returns {Promise<Uint8Array<ArrayBuffer>[]>} the new file in parts, so that the picture is not copied
 * @throws {Error} when the file is not made as libavif makes them
 */
export async function embedInAvif(file, metadata) {
  const { profile, exif } = await contentsWithDensity(metadata);
  if (!profile && !exif) return [file];
  const meta = child(boxes(file, 0, file.length), 'meta');
  const old = Object.fromEntries(boxes(file, meta.at + FULL_HEAD, meta.end).map(({ type, at, end }) => [type, file.slice(at, end)]));
  for (const type of ['pitm', 'iloc', 'iinf', 'iprp']) if (!old[type]) throw new Error(`AVIF without ${type}`);
  const primary = number(old.pitm, FULL_HEAD, 2);
  const locations = number(old.iloc, FULL_HEAD + 2, 2);
  if (number(old.iloc, 8, 1) !== 0 || number(old.iloc, FULL_HEAD, 2) !== LOCATION.sizes) throw new Error('AVIF with another iloc');

  const changed = { ...old };
  if (profile) changed.iprp = withProfile(old.iprp, profile, primary);
  // Exif in HEIF begins with how far its TIFF header is away (ISO/IEC 23008-12, A.2.1).
  const data = exif && concat(new Uint8Array(4), exif);
  if (data) Object.assign(changed, withItem(old, primary, data.length));

  const added = Object.values(changed).reduce((sum, { length }) => sum + length, 0) - (meta.end - meta.at - FULL_HEAD);
  move(changed.iloc, locations, added);
  // The new item's data, in a box of their own, come last: behind the length and type of that box.
  if (data) write(changed.iloc, LOCATION.first + locations * LOCATION.each + LOCATION.offset, 4, file.length + added + HEAD);
  const parts = [file.subarray(0, meta.at), box('meta', new Uint8Array(4), ...Object.values(changed)), file.subarray(meta.end)];
  return data ? [...parts, box('mdat', data)] : parts;
}

/**
 * @param {Uint8Array} iprp
 * @param {Uint8Array} profile
 * @param {number} item that it describes
 */
function withProfile(iprp, profile, item) {
  const inside = boxes(iprp, HEAD, iprp.length);
  const ipco = child(inside, 'ipco');
  const ipma = child(inside, 'ipma');
  const properties = boxes(iprp, ipco.at + HEAD, ipco.end);
  const colour = box('colr', latin('prof'), profile);
  return box('iprp', box('ipco', iprp.subarray(ipco.at + HEAD, ipco.end), colour), withProperty(iprp.slice(ipma.at, ipma.end), item, properties.length + 1));
}

/**
 * @param {Uint8Array} ipma version 0: items of 2 bytes, properties of 1
 * @param {number} item
 * @param {number} property counted from 1
 */
function withProperty(ipma, item, property) {
  if (number(ipma, 8, 4) !== 0) throw new Error('AVIF with another ipma');
  let at = FULL_HEAD + 4;
  for (let i = number(ipma, FULL_HEAD, 4); i > 0; i--) {
    const end = at + 3 + ipma[at + 2];
    if (number(ipma, at, 2) === item) {
      ipma[at + 2]++;
      return box('ipma', ipma.subarray(HEAD, end), Uint8Array.of(property), ipma.subarray(end));
    }
    at = end;
  }
  throw new Error('AVIF whose picture has no properties');
}

/**
 * An Exif item that describes the picture.
 * @param {Record<string, Uint8Array>} old
 * @param {number} primary
 * @param {number} length of its data
 */
function withItem(old, primary, length) {
  const count = number(old.iinf, FULL_HEAD, 2);
  const id = 1 + Math.max(...boxes(old.iinf, FULL_HEAD + 2, old.iinf.length).map(({ at }) => number(old.iinf, at + FULL_HEAD, 2)));
  const info = box('infe', Uint8Array.of(2, 0, 0, 0), bytes(2, id), bytes(2, 0), latin('Exif\0'));
  const iinf = box('iinf', old.iinf.subarray(HEAD), info);
  write(iinf, FULL_HEAD, 2, count + 1);
  // Item, where its data are, one extent: its offset, which is known later, and its length.
  const iloc = box('iloc', old.iloc.subarray(HEAD), bytes(2, id), bytes(2, 0), bytes(2, 1), bytes(4, 0), bytes(4, length));
  write(iloc, FULL_HEAD + 2, 2, number(old.iloc, FULL_HEAD + 2, 2) + 1);
  const reference = box('cdsc', bytes(2, id), bytes(2, 1), bytes(2, primary));
  const iref = box('iref', old.iref ? old.iref.subarray(HEAD) : new Uint8Array(4), reference);
  return { iinf, iloc, iref };
}

/**
 * @param {Uint8Array} iloc
 * @param {number} count of items whose data move
 * @param {number} by bytes
 */
function move(iloc, count, by) {
  for (let i = 0, at = LOCATION.first; i < count; i++, at += LOCATION.each) {
    if (number(iloc, at + 4, 2) !== 1) throw new Error('AVIF with an item in pieces');
    write(iloc, at + LOCATION.offset, 4, number(iloc, at + LOCATION.offset, 4) + by);
  }
}

/**
 * @param {Uint8Array} from
 * @param {number} start
 * @param {number} end
 * @returns {Box[]} with their heads
 */
function boxes(from, start, end) {
  const found = [];
  for (let at = start; at + HEAD <= end; ) {
    const size = number(from, at, 4);
    if (size < HEAD || at + size > end) throw new Error('AVIF with a broken box');
    found.push({ type: String.fromCharCode(...from.subarray(at + 4, at + 8)), at, end: at + size });
    at += size;
  }
  return found;
}

/**
 * @param {Box[]} among
 * @param {string} type
 */
function child(among, type) {
  const found = among.find((each) => each.type === type);
  if (!found) throw new Error(`AVIF without ${type}`);
  return found;
}

/**
 * @param {string} type
 * @param {Uint8Array[]} inside
 */
function box(type, ...inside) {
  const out = concat(bytes(4, 0), latin(type), ...inside);
  write(out, 0, 4, out.length);
  return out;
}

/**
 * Big-endian, as all numbers here.
 * @param {Uint8Array} from
 * @param {number} at
 * @param {number} size bytes
 */
function number(from, at, size) {
  return from.subarray(at, at + size).reduce((value, byte) => value * 256 + byte, 0);
}

/**
 * @param {Uint8Array} to
 * @param {number} at
 * @param {number} size bytes
 * @param {number} value
 */
function write(to, at, size, value) {
  for (let i = size - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) to[at + i] = rest % 256;
}

/**
 * @param {number} size
 * @param {number} value
 */
function bytes(size, value) {
  const out = new Uint8Array(size);
  write(out, 0, size, value);
  return out;
}
