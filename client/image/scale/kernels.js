/**
 * The loops that make a photo as small as a model takes it, and those that average over windows, in WebAssembly with 128-bit SIMD, which each build of the runtime needs too. They are quick
 * from their first call on, where a script's are only once they have been compiled twice (docs/decisions/0069-pixels-in-simd.md).
 *
 * @typedef {object} Kernels see tests/client/kernels.wat
 * @property {WebAssembly.Memory} memory
 * @property {(pixels: number, width: number, rows: number, side: number, line: number, sums: number) => void} sum
 * @property {(sums: number, count: number, scale: number, out: number) => void} mean
 * @property {(pixels: number, width: number, wide: number, size: number, taps: number, first: number, weights: number, out: number, plane: number) => void} across
 * @property {(rows: number, width: number, taps: number, weights: number, out: number) => void} down
 * @property {(levels: number, count: number, table: number, out: number) => void} look
 * @property {(rows: number, stride: number, width: number, radius: number, inverse: number, line: number) => void} boxRows
 * @property {(row: number, width: number, scale: number, sums: number, ahead: number, kept: number) => void} boxRow
 */

/** tests/client/kernels.wat, assembled (`make kernels`); a test compares. This realm may fetch nothing, so the bytes are here. */
export const BYTES =
  'AGFzbQEAAAABOwdgBn9/f39/fwBgBH9/fH8AYAl/f39/f39/f38AYAV/f39/fwBgBH9/f38AYAZ/f3x/f38AYAJ7ewF7AwkIAAECAwQABQYFAwEAAQdBCAZt' +
  'ZW1vcnkCAANzdW0AAARtZWFuAAEGYWNyb3NzAAIEZG93bgADBGxvb2sABAdib3hSb3dzAAUGYm94Um93AAYK+A0I+wECBn8DeyABQQJ0IQYgBCEJIAQgAUED' +
  'dGohCgNAIAAhByACIQj9DAAAAAAAAAAAAAAAAAAAAAAhDf0MAAAAAAAAAAAAAAAAAAAAACEOA0AgB/0ABAAhDCANIAz9iQH9jgEhDSAOIAz9igH9jgEhDiAH' +
  'IAZqIQcgCEEBayIIDQALIAkgDf0LBAAgCSAO/QsEECAAQRBqIQAgCUEgaiIJIApJDQALIANBA3QhBgNAIAQgBmohCyALIApLBEAgCiELCyAF/QAEACENA0Ag' +
  'DSAE/QQDAP2uASENIARBCGoiBCALSQ0ACyAFIA39CwQAIAVBEGohBSAEIApJDQALC8EBAgF/A3sgAv0UIQX9DAAAAAAAAOA/AAAAAAAA4D8hByAAIAFBBHRq' +
  'IQQDQCAA/QAEACEGIAb9/wEgBf3yASAH/fAB/f0BIAYgBv0NCAkKCwABAgMAAQIDAAECA/3/ASAF/fIBIAf98AH9/QH9DQABAgMEBQYHEBESExQVFhf9DAAA' +
  'AAAAAAAAAAAAAAAAAAD9DQAECBAAAAAAAAAAAAAAAAAhBiADIAb9WgIAACADQQRqIQMgAEEQaiIAIARJDQALC6kCAgN/A3sgAiEKIAAgAUECdGohCQNAIAD9' +
  'XAIA/YkB/akBIQwgCiAM/f8B/QsEACAKIAwgDP0NCAkKCwwNDg8AAAAAAAAAAP3/Af0LBBAgCkEgaiEKIABBBGoiACAJSQ0ACyAHIANqIQkDQCACIAUoAgBB' +
  'BXRqIQogBCEL/QwAAAAAAAAAAAAAAAAAAAAAIQ39DAAAAAAAAAAAAAAAAAAAAAAhDgNAIAb9CgMAIQwgDSAMIAr9AAQA/fIB/fABIQ0gDiAMIAr9AAQQ/fIB' +
  '/fABIQ4gCkEgaiEKIAZBCGohBiALQQFrIgsNAAsgDSAOEAchDCAHIAz9WAAAACAHIAhqIgogDP1YAAABIAogCGogDP1YAAACIAVBBGohBSAHQQFqIgcgCUkN' +
  'AAsLzQICBH8IeyAEIAFqIQUDQCAAIQYgAyEHIAIhCP0MAAAAAAAAAAAAAAAAAAAAACEN/QwAAAAAAAAAAAAAAAAAAAAAIQ79DAAAAAAAAAAAAAAAAAAAAAAh' +
  'D/0MAAAAAAAAAAAAAAAAAAAAACEQA0AgB/0KAwAhCSAG/QIDACEKIAr9qQEhCyAK/aoBIQwgDSAJIAv9/wH98gH98AH9Xv1fIQ0gDiAJIAsgC/0NCAkKCwwN' +
  'Dg8AAAAAAAAAAP3/Af3yAf3wAf1e/V8hDiAPIAkgDP3/Af3yAf3wAf1e/V8hDyAQIAkgDCAM/Q0ICQoLDA0ODwAAAAAAAAAA/f8B/fIB/fAB/V79XyEQIAYg' +
  'AWohBiAHQQhqIQcgCEEBayIIDQALIAQgDSAOEAf9WgIAACAEIA8gEBAH/VoCBAAgAEEIaiEAIARBCGoiBCAFSQ0ACws0AQF/IAAgAWohBANAIAMgAiAALQAA' +
  'QQJ0aioCADgCACADQQRqIQMgAEEBaiIAIARJDQALC+oCAgZ/A3sgA0EBdEEBakEFdCEJIAUgA0EBakEFdGohByAAIAJBAnRqIQggACEGA0AgBiABaiEKIAcg' +
  'CiAG/VwCAP1WAgAB/V/9CwQAIAogAWohCiAHIAogAWogCv1cAgD9VgIAAf1f/QsEECAHQSBqIQcgBkEEaiIGIAhJDQALIAUgA0EBakEFdGohByADIQsDQCAN' +
  'IAf9AAQA/fABIQ0gDiAH/QAEEP3wASEOIAdBIGohByALQQFrIgsNAAsgACEGA0AgBSAJaiEHIA0gB/0ABAAgBf0ABAD98QH98AEhDSAOIAf9AAQQIAX9AAQQ' +
  '/fEB/fABIQ4gBP0KAwAhDCAGIAFqIQogBiANIAz98gH9Xv1aAgAAIAogDSAM/fIB/V79WgIAASAKIAFqIQogCiAOIAz98gH9Xv1aAgAAIAogAWogDiAM/fIB' +
  '/V79WgIAASAFQSBqIQUgBEEIaiEEIAZBBGoiBiAISQ0ACwvoAQIBfwZ7IAL9FCEHIAAgAUECdGohBgNAIAT9AAQAIQggBf0ABAAhCiAA/QAEACEJIAP9AAQA' +
  'IAj9X/3wASAK/V/98QEhCyAD/QAEECAIIAj9DQgJCgsMDQ4PAAAAAAAAAAD9X/3wASAKIAr9DQgJCgsMDQ4PAAAAAAAAAAD9X/3xASEMIAMgC/0LBAAgAyAM' +
  '/QsEECAFIAn9CwQAIAAgCyAH/fIB/V4gDCAH/fIB/V79DQABAgMEBQYHEBESExQVFhf9CwQAIANBIGohAyAEQRBqIQQgBUEQaiEFIABBEGoiACAGSQ0ACwsx' +
  'ACAA/ZQB/fwBIAH9lAH9/AH9DQABAgMEBQYHEBESExQVFhcgAP2FASEAIAAgAP1mCw==';

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
