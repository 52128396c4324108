/**
 * How many blocks of a JPEG's scan are there: its Huffman codes are followed to the end of its data (ITU-T T.81, F.2.2).
 *
 * @typedef {import('./jpeg-walk.js').Component} Component
 * @typedef {import('./jpeg-walk.js').Frame} Frame
 */

const BLOCK = 64;
/** Of a table's number, what says that it is not for the first coefficients. */
const AC = 0x10;
const NO_CODES = new Uint8Array(16);
const NO_TABLE = new Uint16Array(0);

/**
 * @param {Uint8Array} data
 * @param {number} start of the scan's data
 * @param {Frame} frame its components learn what is there of them
 * @param {Uint8Array} body of the scan's header (B.2.3)
 * @param {Map<number, Uint8Array>} tables
 * @param {number} restart MCUs between two restart markers; 0 without
 */
export function countBlocks(data, start, frame, body, tables, restart) {
  const count = body[0];
  const first = body[1 + count * 2];
  const isRefinement = body[3 + count * 2] >> 4 > 0;
  // What refines a picture adds no part of it.
  if (frame.isProgressive && (first > 0 || isRefinement)) return;
  const bits = new JpegBits(data, start);
  const parts = Array.from({ length: count }, (_, i) => ({
    component: frame.components.get(body[1 + i * 2]),
    dc: lookUp(tables.get(body[2 + i * 2] >> 4)),
    ac: frame.isProgressive ? NO_TABLE : lookUp(tables.get((body[2 + i * 2] & 15) | AC)),
  }));
  const mcus = mcusOf(frame, parts);
  const isAlone = parts.length === 1;
  const isThere = () => parts.every(({ component, dc, ac }) => component && follow(bits, dc, ac, isAlone ? 1 : component.h * component.v));
  let there = 0;
  for (let mcu = 0; mcu < mcus; mcu++) {
    if (restart > 0 && mcu > 0 && mcu % restart === 0 && !bits.restart()) break;
    if (isThere()) there++;
    else if (restart === 0) break;
    // What is left of this interval is lost, and the next may be there.
    else mcu += restart - 1 - (mcu % restart);
  }
  for (const { component } of parts) if (component) component.there = (there / mcus) * component.blocks;
}

/**
 * A component alone is stored block by block, and without those that only fill up an MCU (A.2.2).
 * @param {Frame} frame
 * @param {{ component?: Component }[]} parts
 */
function mcusOf({ mcus }, parts) {
  return parts.length === 1 ? (parts[0].component?.blocks ?? 0) : mcus;
}

/**
 * @param {JpegBits} bits
 * @param {Uint16Array} dc
 * @param {Uint16Array} ac empty where a scan has the first coefficients only
 * @param {number} blocks
 * @returns {boolean} whether all of them are there
 */
function follow(bits, dc, ac, blocks) {
  const most = ac.length > 0 ? BLOCK : 0;
  for (let block = 0; block < blocks; block++) {
    const size = bits.symbol(dc);
    if (size < 0 || !bits.skip(size & 15)) return false;
    for (let k = 1; k < most; k++) {
      const code = bits.symbol(ac);
      if (code < 0) return false;
      const [run, bitsOf] = [code >> 4, code & 15];
      if (bitsOf === 0 && run < 15) break;
      k += run;
      if (!bits.skip(bitsOf)) return false;
    }
  }
  return true;
}

/**
 * @param {Uint8Array | undefined} stored how many codes there are of each length, and their symbols
 * @returns {Uint16Array} by the next 16 bits: the code's length, 0 for none, and its symbol
 */
function lookUp(stored = NO_CODES) {
  const table = new Uint16Array(1 << 16);
  let [code, used] = [0, 16];
  for (let length = 1; length <= 16; length++) {
    const span = 1 << (16 - length);
    for (let n = 0; n < stored[length - 1] && used < stored.length; n++, used++, code += span) table.fill((length << 8) | stored[used], code, code + span);
  }
  return table;
}

/**
 * Bits, as far as they are there (F.2.2.5): a zero behind 0xFF is no part of them, and any other byte behind it is a marker, which
 * ends them.
 */
class JpegBits {
  #data;
  #at;
  #held = 0;
  /** Bits of `#held` that are not used yet, at its low end. */
  #count = 0;

  /**
   * @param {Uint8Array} data
   * @param {number} at where the scan begins
   */
  constructor(data, at) {
    this.#data = data;
    this.#at = at;
  }

  /**
   * @param {Uint16Array} table by the next 16 bits: the code's length, 0 for none, and its symbol in the low byte
   * @returns {number} -1 where there is none
   */
  symbol(table) {
    if (this.#count < 16) this.#fill();
    const next = this.#count >= 16 ? this.#held >>> (this.#count - 16) : this.#held << (16 - this.#count);
    const found = table[next & 0xffff];
    return found > 0xff && this.skip(found >> 8) ? found & 0xff : -1;
  }

  /**
   * @param {number} bits at most 16
   * @returns {boolean} whether they are there
   */
  skip(bits) {
    if (this.#count < bits) this.#fill();
    if (this.#count < bits) return false;
    this.#count -= bits;
    this.#held &= 2 ** this.#count - 1;
    return true;
  }

  /**
   * On to what is behind the next restart marker.
   * @returns {boolean} whether there is one before any other marker
   */
  restart() {
    this.#count = 0;
    this.#held = 0;
    for (let at = this.#data.indexOf(0xff, this.#at); at >= 0; at = this.#data.indexOf(0xff, at + 1)) {
      const next = this.#data[at + 1];
      if (next === 0 || next === 0xff) continue;
      this.#at = at + 2;
      return next >= 0xd0 && next <= 0xd7;
    }
    this.#at = this.#data.length;
    return false;
  }

  #fill() {
    while (this.#count <= 16) {
      const byte = this.#data[this.#at];
      if (byte === undefined || (byte === 0xff && this.#data[this.#at + 1] !== 0)) return;
      this.#held = (this.#held << 8) | byte;
      this.#count += 8;
      this.#at += byte === 0xff ? 2 : 1;
    }
  }
}
