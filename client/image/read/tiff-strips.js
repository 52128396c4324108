/**
 * Compressions of TIFF that no browser knows (TIFF 6.0, sections 9 and 13). Each stops where the result is full.
 */

/**
 * @param {Uint8Array} packed
 * @param {number} most bytes of the result
 * @returns {Uint8Array} as far as it could be read
 */
export function unpackBits(packed, most) {
  const out = new Uint8Array(most);
  let to = 0;
  for (let at = 0; at < packed.length && to < most; ) {
    const run = (packed[at++] << 24) >> 24;
    if (run >= 0) {
      const length = Math.min(run + 1, most - to, packed.length - at);
      out.set(packed.subarray(at, at + length), to);
      at += run + 1;
      to += length;
    } else if (run !== -128) {
      const length = Math.min(1 - run, most - to);
      out.fill(packed[at++], to, to + length);
      to += length;
    }
  }
  return out.subarray(0, to);
}

const CLEAR = 256;
const END = 257;
const FIRST = 258;
const CODES = 4096;

/**
 * @param {Uint8Array} packed most significant bit first, the code widened one early
 * @param {number} most bytes of the result
 * @returns {Uint8Array} as far as it could be read
 */
export function unpackLzw(packed, most) {
  const out = new Uint8Array(most);
  // A code's string lies in the result already: where, and how long it is.
  const from = new Uint32Array(CODES);
  const lengths = new Uint32Array(CODES);
  let to = 0;
  let next = FIRST;
  let width = 9;
  let last = -1;
  let [lastFrom, lastLength] = [0, 0];
  for (let bit = 0; bit + width <= packed.length * 8 && to < most; ) {
    const code = codeAt(packed, bit, width);
    bit += width;
    if (code === END) break;
    if (code === CLEAR) {
      [next, width, last] = [FIRST, 9, -1];
      continue;
    }
    const start = to;
    if (code < CLEAR) out[to++] = code;
    else if (code < next) to = repeat(out, from[code], lengths[code], to);
    else if (code === next && last >= 0) {
      to = repeat(out, lastFrom, lastLength, to);
      if (to < most) out[to++] = out[lastFrom];
    } else break;
    if (last >= 0 && next < CODES) {
      // The previous string and the first byte of this one, which follows it in the result.
      from[next] = lastFrom;
      lengths[next] = lastLength + 1;
      next++;
    }
    [last, lastFrom, lastLength] = [code, start, to - start];
    if (next >= (1 << width) - 1 && width < 12) width++;
  }
  return out.subarray(0, to);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} bit
 * @param {number} width 9..12
 */
function codeAt(bytes, bit, width) {
  const at = bit >> 3;
  const word = (bytes[at] << 16) | (bytes[at + 1] << 8) | (bytes[at + 2] ?? 0);
  return (word >> (24 - (bit & 7) - width)) & ((1 << width) - 1);
}

/**
 * @param {Uint8Array} out
 * @param {number} from
 * @param {number} length
 * @param {number} to
 * @returns {number} where the copy ends
 */
function repeat(out, from, length, to) {
  const end = Math.min(out.length, to + length);
  for (let at = from; to < end; ) out[to++] = out[at++];
  return end;
}
