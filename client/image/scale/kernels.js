/**
 * The loops that make a photo as small as a model takes it, in WebAssembly with 128-bit SIMD, which each build of the runtime needs too. They are quick
 * from their first call on, where a script's are only once they have been compiled twice (docs/decisions/0069-pixels-in-simd.md).
 *
 * @typedef {object} Kernels see tests/client/shrink.wat
 * @property {WebAssembly.Memory} memory
 * @property {(pixels: number, width: number, rows: number, side: number, line: number, sums: number) => void} sum
 * @property {(sums: number, count: number, scale: number, out: number) => void} mean
 * @property {(pixels: number, width: number, wide: number, size: number, taps: number, first: number, weights: number, out: number, plane: number) => void} across
 * @property {(rows: number, width: number, taps: number, weights: number, out: number) => void} down
 */

/** tests/client/shrink.wat, assembled (`make kernels`); a test compares. This realm may fetch nothing, so the bytes are here. */
export const BYTES =
  'AGFzbQEAAAABKwVgBn9/f39/fwBgBH9/fH8AYAl/f39/f39/f38AYAV/f39/fwBgAnt7AXsDBgUAAQIDBAUDAQABBycFBm1lbW9yeQIAA3N1bQAABG1lYW4A' +
  'AQZhY3Jvc3MAAgRkb3duAAMK7QgF+wECBn8DeyABQQJ0IQYgBCEJIAQgAUEDdGohCgNAIAAhByACIQj9DAAAAAAAAAAAAAAAAAAAAAAhDf0MAAAAAAAAAAAA' +
  'AAAAAAAAACEOA0AgB/0ABAAhDCANIAz9iQH9jgEhDSAOIAz9igH9jgEhDiAHIAZqIQcgCEEBayIIDQALIAkgDf0LBAAgCSAO/QsEECAAQRBqIQAgCUEgaiIJ' +
  'IApJDQALIANBA3QhBgNAIAQgBmohCyALIApLBEAgCiELCyAF/QAEACENA0AgDSAE/QQDAP2uASENIARBCGoiBCALSQ0ACyAFIA39CwQAIAVBEGohBSAEIApJ' +
  'DQALC8EBAgF/A3sgAv0UIQX9DAAAAAAAAOA/AAAAAAAA4D8hByAAIAFBBHRqIQQDQCAA/QAEACEGIAb9/wEgBf3yASAH/fAB/f0BIAYgBv0NCAkKCwABAgMA' +
  'AQIDAAECA/3/ASAF/fIBIAf98AH9/QH9DQABAgMEBQYHEBESExQVFhf9DAAAAAAAAAAAAAAAAAAAAAD9DQAECBAAAAAAAAAAAAAAAAAhBiADIAb9WgIAACAD' +
  'QQRqIQMgAEEQaiIAIARJDQALC6kCAgN/A3sgAiEKIAAgAUECdGohCQNAIAD9XAIA/YkB/akBIQwgCiAM/f8B/QsEACAKIAwgDP0NCAkKCwwNDg8AAAAAAAAA' +
  'AP3/Af0LBBAgCkEgaiEKIABBBGoiACAJSQ0ACyAHIANqIQkDQCACIAUoAgBBBXRqIQogBCEL/QwAAAAAAAAAAAAAAAAAAAAAIQ39DAAAAAAAAAAAAAAAAAAA' +
  'AAAhDgNAIAb9CgMAIQwgDSAMIAr9AAQA/fIB/fABIQ0gDiAMIAr9AAQQ/fIB/fABIQ4gCkEgaiEKIAZBCGohBiALQQFrIgsNAAsgDSAOEAQhDCAHIAz9WAAA' +
  'ACAHIAhqIgogDP1YAAABIAogCGogDP1YAAACIAVBBGohBSAHQQFqIgcgCUkNAAsLzQICBH8IeyAEIAFqIQUDQCAAIQYgAyEHIAIhCP0MAAAAAAAAAAAAAAAA' +
  'AAAAACEN/QwAAAAAAAAAAAAAAAAAAAAAIQ79DAAAAAAAAAAAAAAAAAAAAAAhD/0MAAAAAAAAAAAAAAAAAAAAACEQA0AgB/0KAwAhCSAG/QIDACEKIAr9qQEh' +
  'CyAK/aoBIQwgDSAJIAv9/wH98gH98AH9Xv1fIQ0gDiAJIAsgC/0NCAkKCwwNDg8AAAAAAAAAAP3/Af3yAf3wAf1e/V8hDiAPIAkgDP3/Af3yAf3wAf1e/V8h' +
  'DyAQIAkgDCAM/Q0ICQoLDA0ODwAAAAAAAAAA/f8B/fIB/fAB/V79XyEQIAYgAWohBiAHQQhqIQcgCEEBayIIDQALIAQgDSAOEAT9WgIAACAEIA8gEBAE/VoC' +
  'BAAgAEEIaiEAIARBCGoiBCAFSQ0ACwsxACAA/ZQB/fwBIAH9lAH9/AH9DQABAgMEBQYHEBESExQVFhcgAP2FASEAIAAgAP1mCw==';

/** Bytes that the kernels may read or write beyond what they are given. */
const SPARE = 32;
const PAGE = 1 << 16;

/** @type {Kernels | null} */
let kernels = null;

/**
 * @param {Record<T, number>} sizes in bytes
 * @returns {{ kernels: Kernels, buffer: ArrayBuffer, at: Record<T, number> }} where in the kernels' memory each part is, until this is called again
 * @template {string} T
 */
export function kernelsFor(sizes) {
  kernels ??= /** @type {Kernels} */ (/** @type {unknown} */ (new WebAssembly.Instance(
    new WebAssembly.Module(Uint8Array.from(atob(BYTES), (character) => character.charCodeAt(0))),
  ).exports));
  const at = /** @type {Record<T, number>} */ ({});
  let end = 0;
  for (const name in sizes) {
    at[name] = end;
    end += (sizes[name] + SPARE + 15) & ~15;
  }
  const missing = Math.ceil((end - kernels.memory.buffer.byteLength) / PAGE);
  if (missing > 0) kernels.memory.grow(missing);
  return { kernels, buffer: kernels.memory.buffer, at };
}
