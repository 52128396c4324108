/**
 * A full matte in square tiles: what was changed of it is kept tile by tile, and a tile that is flat as one number.
 *
 * @typedef {import('../../edits.js').Box} Box
 * @typedef {import('./boxes.js').Size} Size
 */

import { union } from './boxes.js';

/** Pixels along a tile's side. */
export const TILE = 64;

/** Bytes that a tile's entry takes beside its values. */
const ENTRY = 64;

/** @typedef {Uint16Array<ArrayBuffer> | number} Values row by row, those of a tile that the photo cuts off beside them; or one number for all */

/**
 * @param {Size} size of the matte
 * @returns {number} tiles in a row of them; tile `i` lies in column i % columns
 */
export const columnsOf = ({ width }) => Math.ceil(width / TILE);

/**
 * @param {number} id
 * @param {Size} size
 * @returns {Box} of a tile
 */
export function boxOfTile(id, size) {
  const columns = columnsOf(size);
  const x = (id % columns) * TILE;
  const y = Math.floor(id / columns) * TILE;
  return { x, y, width: Math.min(TILE, size.width - x), height: Math.min(TILE, size.height - y) };
}

/**
 * @param {Box} box
 * @param {Size} size
 * @returns {number[]} tiles that it touches
 */
export function tilesIn(box, size) {
  const columns = columnsOf(size);
  const ids = [];
  for (let row = Math.floor(box.y / TILE); row * TILE < box.y + box.height; row++) {
    for (let column = Math.floor(box.x / TILE); column * TILE < box.x + box.width; column++) ids.push(row * columns + column);
  }
  return ids;
}

/**
 * @param {Uint16Array} matte
 * @param {Size} size
 * @param {number} id
 * @returns {Uint16Array<ArrayBuffer>} a copy of the tile
 */
export function copyOfTile(matte, size, id) {
  const { x, y, width, height } = boxOfTile(id, size);
  const out = new Uint16Array(TILE * TILE);
  for (let row = 0; row < height; row++) {
    const start = (y + row) * size.width + x;
    out.set(matte.subarray(start, start + width), row * TILE);
  }
  return out;
}

/**
 * @param {Uint16Array} matte
 * @param {Size} size
 * @param {number} id
 * @param {Values} values
 */
export function putTile(matte, size, id, values) {
  const { x, y, width, height } = boxOfTile(id, size);
  for (let row = 0; row < height; row++) {
    const start = (y + row) * size.width + x;
    if (typeof values === 'number') matte.fill(values, start, start + width);
    else matte.set(values.subarray(row * TILE, row * TILE + width), start);
  }
}

/**
 * What a matte was before an edit, where that changed it. Exchanged with the matte, it is what the matte was after it.
 */
export class Patch {
  /** @type {Map<number, Values>} */
  #tiles = new Map();
  #size;
  #bytes = 0;

  /** @param {Size} size of the matte */
  constructor(size) {
    this.#size = size;
  }

  /** @returns {number} that it takes */
  get bytes() {
    return this.#bytes;
  }

  /** @returns {Iterable<number>} */
  get tiles() {
    return this.#tiles.keys();
  }

  /**
   * @param {number} id
   * @param {Uint16Array<ArrayBuffer>} values no longer the caller's
   */
  set(id, values) {
    this.#put(id, packed(values, boxOfTile(id, this.#size)));
  }

  /**
   * @param {Uint16Array} matte
   * @returns {Box | null} where the matte may be another now
   */
  exchange(matte) {
    for (const [id, values] of this.#tiles) {
      this.set(id, copyOfTile(matte, this.#size, id));
      putTile(matte, this.#size, id, values);
    }
    return this.box;
  }

  /** @returns {Box | null} of all its tiles */
  get box() {
    return [...this.#tiles.keys()].map((id) => boxOfTile(id, this.#size)).reduce(union, null);
  }

  /** @param {number} id @param {Values} values */
  #put(id, values) {
    this.#bytes += bytesOf(values) - (this.#tiles.has(id) ? bytesOf(/** @type {Values} */ (this.#tiles.get(id))) : 0);
    this.#tiles.set(id, values);
  }
}

/**
 * @param {Uint16Array} before
 * @param {Uint16Array} after
 * @param {Size} size
 * @param {Box} box outside of which they are the same
 * @returns {Patch} from what is after to what was before
 */
export function patchBetween(before, after, size, box) {
  const patch = new Patch(size);
  for (const id of tilesIn(box, size)) if (differs(before, after, size, boxOfTile(id, size))) patch.set(id, copyOfTile(before, size, id));
  return patch;
}

/** @param {Uint16Array} before @param {Uint16Array} after @param {Size} size @param {Box} box */
function differs(before, after, { width }, box) {
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let i = y * width + box.x, end = i + box.width; i < end; i++) if (before[i] !== after[i]) return true;
  }
  return false;
}

/**
 * @param {Uint16Array<ArrayBuffer>} values
 * @param {Box} box of the tile
 * @returns {Values}
 */
function packed(values, { width, height }) {
  for (let y = 0; y < height; y++) {
    for (let i = y * TILE, end = i + width; i < end; i++) if (values[i] !== values[0]) return values;
  }
  return values[0];
}

/** @param {Values} values */
const bytesOf = (values) => ENTRY + (typeof values === 'number' ? 0 : values.byteLength);
