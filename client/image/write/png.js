/**
 * Pixels into PNG (docs/decisions/0004-png-encoder.md): each row as differences from the pixel before, in one block of DEFLATE whose code is fixed and made for such
 * rows, the same to the byte as the Rust crates `png` and `fdeflate`. The loops are WebAssembly of our own (tests/client/kernels.wat).
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 */
import { concat, latin } from '../join.js';
import { CRC, SIGNATURE, chunk } from '../png-chunks.js';
import { kernelsFor } from '../scale/kernels.js';
import { embedInPng } from './embed.js';

/** Filters of a row (PNG specification, 9.2): none, and differences from the pixel before. */
const NONE = 0;
const SUB = 1;

/** Bytes of rows that are worked on at once, where a row is no longer. */
const PORTION = 1 << 18;

/** Bytes that one of a row becomes at most; bytes before the first row, with some to spare. */
const MOST = 1.5;
const HEAD = 512;

/** Lengths of the codes (RFC 1951, 3.2.7) of 256 bytes, the end of the block, and 29 lengths of runs: so many bits, so many times. */
const LENGTHS = [
  [2, 1], [3, 1], [4, 1], [5, 2], [6, 2], [7, 3], [8, 5], [9, 7], [10, 9], [11, 12], [12, 171], [11, 10], [10, 1], [11, 1], [10, 9], [9, 5], [8, 1], [9, 1], [8, 5],
  [7, 3], [6, 3], [5, 1], [4, 1], [3, 1], [12, 3], [9, 2], [11, 1], [10, 1], [11, 2], [10, 1], [11, 6], [12, 1], [11, 1], [12, 11], [9, 1],
].flatMap(([bits, times]) => /** @type {number[]} */ (new Array(times).fill(bits)));

const END = 256;
/** Symbol of three bytes, the shortest run; the longest one, and what can come before zeros that are a run. */
const RUNS = 257;
const LONGEST = 258;
const SHORTEST = 3;

/** Bytes in a block that is not compressed, at most, and those before it (RFC 1951, 3.2.4). */
const BLOCK = 65535;
const BLOCK_HEAD = 5;

/** Of a zlib stream: 32 KB of window and the least effort (RFC 1950, 2.2), and the sum at its end. */
const ZLIB = [0x78, 0x01];
const SUM = 4;

/** @typedef {{ value: number, length: number }} Bits the lowest come first */

/** @type {import('./encode.js').Write} */
export const write = async (pixels, _, metadata) => embedInPng([SIGNATURE, chunk('IHDR', header(pixels))], [...imageData(pixels), chunk('IEND', new Uint8Array(0))], metadata);

/** @param {Pixels} pixels */
function header({ data: { length }, width, height }) {
  if (length === 0 || length !== width * height * 4) throw new RangeError(`${length} bytes of ${width} x ${height} pixels`);
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([8, 6], 8); // bits of a sample, and RGBA
  return data;
}

/**
 * @param {Pixels} pixels
 * @returns {Uint8Array<ArrayBuffer>[]} the chunk IDAT
 */
function imageData(pixels) {
  const found = compressed(pixels);
  const length = found.parts.reduce((sum, part) => sum + part.length, -4);
  const raw = (pixels.width * 4 + 1) * pixels.height;
  if (length > raw + storedMore(raw)) return [chunk('IDAT', stored(pixels, raw))];
  return [number(length), ...found.parts, number(found.crc)];
}

/** @param {number} value @returns {Uint8Array<ArrayBuffer>} its four bytes */
function number(value) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/**
 * @param {Pixels} pixels
 * @returns {{ parts: Uint8Array<ArrayBuffer>[], crc: number }} the chunk from its type on, without its CRC
 */
function compressed({ data, width, height }) {
  const { codes, entries, sums } = tables();
  const size = width * 4;
  const most = Math.min(height, Math.max(1, Math.floor(PORTION / size)));
  const { kernels, buffer, at } = kernelsFor({
    rows: most * size, line: size + 1, out: HEAD + Math.ceil(most * (size + 1) * MOST), table: entries.byteLength, sums: sums.byteLength, state: 16,
  });
  const [rows, out, state] = [new Uint8Array(buffer, at.rows), new Uint8Array(buffer, at.out), new BigUint64Array(buffer, at.state, 2)];
  new Uint32Array(buffer, at.table).set(entries);
  new Uint32Array(buffer, at.sums).set(sums);
  new Uint8Array(buffer)[at.line] = SUB;
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let crc = -1;
  const add = (/** @type {number} */ length) => {
    crc = kernels.crc(at.out, length, crc, at.sums);
    parts.push(out.slice(0, length));
  };
  const head = bytesOf(beginning(codes));
  const begun = concat(latin('IDAT'), Uint8Array.from(ZLIB), head.bytes);
  out.set(begun);
  add(begun.length);
  state.set([BigInt(head.rest.value), BigInt(head.rest.length)]);
  let sum = 1;
  for (let y = 0; y < height; y += most) {
    const count = Math.min(most, height - y);
    rows.set(data.subarray(y * size, (y + count) * size));
    let to = at.out;
    for (let row = at.rows; row < at.rows + count * size; row += size) {
      kernels.differences(row, size, at.line + 1);
      sum = kernels.adler(at.line, size + 1, sum);
      to = kernels.deflate(at.line, size + 1, at.table, to, at.state);
    }
    add(to - at.out);
  }
  const last = bytesOf([{ value: Number(state[0]), length: Number(state[1]) }, codes[END], { value: 0, length: 7 }]);
  const end = concat(last.bytes, number(sum));
  out.set(end);
  add(end.length);
  return { parts, crc: ~crc };
}

/**
 * The pixels as they are, where nothing makes them shorter.
 * @param {Pixels} pixels
 * @param {number} raw bytes of all rows
 */
function stored({ data, width, height }, raw) {
  const size = width * 4;
  const out = new Uint8Array(raw + storedMore(raw));
  out.set(ZLIB);
  const { kernels, buffer, at } = kernelsFor({ line: size + 1 });
  const line = new Uint8Array(buffer, at.line, size + 1);
  line[0] = NONE;
  let sum = 1;
  let written = 0;
  let to = ZLIB.length;
  for (let y = 0; y < height; y++) {
    line.set(data.subarray(y * size, (y + 1) * size), 1);
    sum = kernels.adler(at.line, size + 1, sum);
    for (let from = 0; from < line.length; ) {
      if (written % BLOCK === 0) {
        const length = Math.min(BLOCK, raw - written);
        out.set([written + length === raw ? 1 : 0, length, length >> 8, ~length, ~length >> 8], to);
        to += BLOCK_HEAD;
      }
      const part = line.subarray(from, from + BLOCK - (written % BLOCK));
      out.set(part, to);
      to += part.length;
      from += part.length;
      written += part.length;
    }
  }
  out.set(number(sum), to);
  return out;
}

/** @param {number} raw bytes @returns {number} how many more they are when they are stored */
const storedMore = (raw) => ZLIB.length + Math.ceil(raw / BLOCK) * BLOCK_HEAD + SUM;

/** @typedef {{ codes: Bits[], entries: Uint32Array, sums: Uint32Array }} Tables `entries` and `sums` are those of the kernels `deflate` and `crc` */

/** @type {Tables | null} */
let made = null;

function tables() {
  if (made) return made;
  const codes = codesOf(LENGTHS);
  const zero = codes[0];
  const runs = Array.from({ length: LONGEST + 1 }, (_, run) => {
    if (run === 0) return runOf(codes, LONGEST);
    const rest = run - 1;
    return after(zero, rest < 5 ? { value: 0, length: rest * zero.length } : runOf(codes, rest));
  });
  const entries = Uint32Array.from([...codes.slice(0, END), ...runs], ({ value, length }) => value | (length << 24));
  const sums = new Uint32Array(8 * 256);
  sums.set(CRC);
  for (let i = 256; i < sums.length; i++) sums[i] = (sums[i - 256] >>> 8) ^ CRC[sums[i - 256] & 255];
  made = { codes, entries, sums };
  return made;
}

/**
 * @param {Bits[]} codes
 * @param {number} length of a run of zeros behind a zero: its symbol, what is more than that one's least, and the only distance, of one bit
 * @returns {Bits}
 */
function runOf(codes, length) {
  if (length === LONGEST) return after(codes[RUNS + 28], { value: 0, length: 1 });
  const less = length - SHORTEST;
  // Symbols come in fours, each four of twice the width (RFC 1951, 3.2.5).
  const extra = Math.max(0, 29 - Math.clz32(less));
  const symbol = RUNS + 4 * extra + (less >> extra);
  return after(codes[symbol], { value: less & ((1 << extra) - 1), length: extra + 1 });
}

/** @type {(first: Bits, second: Bits) => Bits} */
const after = (first, second) => ({ value: first.value | (second.value << first.length), length: first.length + second.length });

/**
 * @param {number[]} lengths
 * @returns {Bits[]} the codes of those lengths (RFC 1951, 3.2.2), whose highest bit is written first
 */
function codesOf(lengths) {
  /** @type {Bits[]} */
  const codes = [];
  for (let length = 1, code = 0; length <= 15; length++, code <<= 1) {
    lengths.forEach((each, symbol) => {
      if (each !== length) return;
      let value = 0;
      for (let bit = 0; bit < length; bit++) value |= ((code >> bit) & 1) << (length - 1 - bit);
      codes[symbol] = { value, length };
      code++;
    });
  }
  return codes;
}

/**
 * The beginning of a block that is the last one and brings its code: all lengths as numbers of four bits, and one distance.
 * @param {Bits[]} codes
 * @returns {Bits[]}
 */
function beginning(codes) {
  const fours = codesOf(new Array(16).fill(4));
  const sizes = [{ value: 1, length: 1 }, { value: 2, length: 2 }, { value: 29, length: 5 }, { value: 0, length: 5 }, { value: 15, length: 4 }];
  // Codes of 16, 17 and 18, which come first, are not there.
  const ofLengths = Array.from({ length: 19 }, (_, i) => ({ value: i < 3 ? 0 : 4, length: 3 }));
  return [...sizes, ...ofLengths, ...codes.map(({ length }) => fours[length]), fours[1]];
}

/**
 * @param {Bits[]} all
 * @returns {{ bytes: Uint8Array<ArrayBuffer>, rest: Bits }} and what is less than a byte
 */
function bytesOf(all) {
  const bytes = [];
  let [value, length] = [0, 0];
  for (const bits of all) {
    value |= bits.value << length;
    length += bits.length;
    for (; length >= 8; length -= 8, value >>>= 8) bytes.push(value & 255);
  }
  return { bytes: Uint8Array.from(bytes), rest: { value, length } };
}
