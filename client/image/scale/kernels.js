/**
 * The loops that make a photo as small as a model takes it, that average over windows, and that write a PNG file's rows, in WebAssembly with 128-bit SIMD, which each build of the
 * runtime needs too. They are quick from their first call on, where a script's are only once they have been compiled twice (docs/decisions/0069-pixels-in-simd.md).
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
 * @property {(row: number, size: number, out: number) => void} differences
 * @property {(at: number, size: number, sum: number) => number} adler
 * @property {(at: number, size: number, crc: number, tables: number) => number} crc
 * @property {(at: number, size: number, table: number, to: number, state: number) => number} deflate
 */

/** tests/client/kernels.wat, assembled (`make kernels`); a test compares. This realm may fetch nothing, so the bytes are here. */
export const BYTES =
  'AGFzbQEAAAABZg1gBn9/f39/fwBgBH9/fH8AYAl/f39/f39/f38AYAV/f39/fwBgBH9/f38AYAZ/f3x/f38AYAN/f38AYAN/f38Bf2ABewF/YAR/f39/AX9g' +
  'BH9+fn8Bf2AFf39/f38Bf2ACe3sBewMPDgABAgMEAAUGBwgJCgsMBQMBAAEHZwwGbWVtb3J5AgADc3VtAAAEbWVhbgABBmFjcm9zcwACBGRvd24AAwRsb29r' +
  'AAQHYm94Um93cwAFBmJveFJvdwAGC2RpZmZlcmVuY2VzAAcFYWRsZXIACANjcmMACgdkZWZsYXRlAAwKixgO+wECBn8DeyABQQJ0IQYgBCEJIAQgAUEDdGoh' +
  'CgNAIAAhByACIQj9DAAAAAAAAAAAAAAAAAAAAAAhDf0MAAAAAAAAAAAAAAAAAAAAACEOA0AgB/0ABAAhDCANIAz9iQH9jgEhDSAOIAz9igH9jgEhDiAHIAZq' +
  'IQcgCEEBayIIDQALIAkgDf0LBAAgCSAO/QsEECAAQRBqIQAgCUEgaiIJIApJDQALIANBA3QhBgNAIAQgBmohCyALIApLBEAgCiELCyAF/QAEACENA0AgDSAE' +
  '/QQDAP2uASENIARBCGoiBCALSQ0ACyAFIA39CwQAIAVBEGohBSAEIApJDQALC8EBAgF/A3sgAv0UIQX9DAAAAAAAAOA/AAAAAAAA4D8hByAAIAFBBHRqIQQD' +
  'QCAA/QAEACEGIAb9/wEgBf3yASAH/fAB/f0BIAYgBv0NCAkKCwABAgMAAQIDAAECA/3/ASAF/fIBIAf98AH9/QH9DQABAgMEBQYHEBESExQVFhf9DAAAAAAA' +
  'AAAAAAAAAAAAAAD9DQAECBAAAAAAAAAAAAAAAAAhBiADIAb9WgIAACADQQRqIQMgAEEQaiIAIARJDQALC6kCAgN/A3sgAiEKIAAgAUECdGohCQNAIAD9XAIA' +
  '/YkB/akBIQwgCiAM/f8B/QsEACAKIAwgDP0NCAkKCwwNDg8AAAAAAAAAAP3/Af0LBBAgCkEgaiEKIABBBGoiACAJSQ0ACyAHIANqIQkDQCACIAUoAgBBBXRq' +
  'IQogBCEL/QwAAAAAAAAAAAAAAAAAAAAAIQ39DAAAAAAAAAAAAAAAAAAAAAAhDgNAIAb9CgMAIQwgDSAMIAr9AAQA/fIB/fABIQ0gDiAMIAr9AAQQ/fIB/fAB' +
  'IQ4gCkEgaiEKIAZBCGohBiALQQFrIgsNAAsgDSAOEA0hDCAHIAz9WAAAACAHIAhqIgogDP1YAAABIAogCGogDP1YAAACIAVBBGohBSAHQQFqIgcgCUkNAAsL' +
  'zQICBH8IeyAEIAFqIQUDQCAAIQYgAyEHIAIhCP0MAAAAAAAAAAAAAAAAAAAAACEN/QwAAAAAAAAAAAAAAAAAAAAAIQ79DAAAAAAAAAAAAAAAAAAAAAAhD/0M' +
  'AAAAAAAAAAAAAAAAAAAAACEQA0AgB/0KAwAhCSAG/QIDACEKIAr9qQEhCyAK/aoBIQwgDSAJIAv9/wH98gH98AH9Xv1fIQ0gDiAJIAsgC/0NCAkKCwwNDg8A' +
  'AAAAAAAAAP3/Af3yAf3wAf1e/V8hDiAPIAkgDP3/Af3yAf3wAf1e/V8hDyAQIAkgDCAM/Q0ICQoLDA0ODwAAAAAAAAAA/f8B/fIB/fAB/V79XyEQIAYgAWoh' +
  'BiAHQQhqIQcgCEEBayIIDQALIAQgDSAOEA39WgIAACAEIA8gEBAN/VoCBAAgAEEIaiEAIARBCGoiBCAFSQ0ACws0AQF/IAAgAWohBANAIAMgAiAALQAAQQJ0' +
  'aioCADgCACADQQRqIQMgAEEBaiIAIARJDQALC+oCAgZ/A3sgA0EBdEEBakEFdCEJIAUgA0EBakEFdGohByAAIAJBAnRqIQggACEGA0AgBiABaiEKIAcgCiAG' +
  '/VwCAP1WAgAB/V/9CwQAIAogAWohCiAHIAogAWogCv1cAgD9VgIAAf1f/QsEECAHQSBqIQcgBkEEaiIGIAhJDQALIAUgA0EBakEFdGohByADIQsDQCANIAf9' +
  'AAQA/fABIQ0gDiAH/QAEEP3wASEOIAdBIGohByALQQFrIgsNAAsgACEGA0AgBSAJaiEHIA0gB/0ABAAgBf0ABAD98QH98AEhDSAOIAf9AAQQIAX9AAQQ/fEB' +
  '/fABIQ4gBP0KAwAhDCAGIAFqIQogBiANIAz98gH9Xv1aAgAAIAogDSAM/fIB/V79WgIAASAKIAFqIQogCiAOIAz98gH9Xv1aAgAAIAogAWogDiAM/fIB/V79' +
  'WgIAASAFQSBqIQUgBEEIaiEEIAZBBGoiBiAISQ0ACwvoAQIBfwZ7IAL9FCEHIAAgAUECdGohBgNAIAT9AAQAIQggBf0ABAAhCiAA/QAEACEJIAP9AAQAIAj9' +
  'X/3wASAK/V/98QEhCyAD/QAEECAIIAj9DQgJCgsMDQ4PAAAAAAAAAAD9X/3wASAKIAr9DQgJCgsMDQ4PAAAAAAAAAAD9X/3xASEMIAMgC/0LBAAgAyAM/QsE' +
  'ECAFIAn9CwQAIAAgCyAH/fIB/V4gDCAH/fIB/V79DQABAgMEBQYHEBESExQVFhf9CwQAIANBIGohAyAEQRBqIQQgBUEQaiEFIABBEGoiACAGSQ0ACwtQAQN/' +
  'IAIgACgCADYCACAAQQRqIQMgAkEEaiEEIAIgAWohBQNAIAQgA/0ABAAgA0EEa/0ABAD9cf0LBAAgA0EQaiEDIARBEGoiBCAFSQ0ACwvaAgIEfwR7IAJB//8D' +
  'cSEFIAJBEHYhBiAAIAFqIQMDQCADIABrQXBxIQQgBEGAIEsEQEGAICEECyAEBEAgBiAFIARsaiEGIAQgAGohBP0MAAAAAAAAAAAAAAAAAAAAACEI/QwAAAAA' +
  'AAAAAAAAAAAAAAAAIQn9DAAAAAAAAAAAAAAAAAAAAAAhCgNAIAD9AAQAIQcgCSAI/a4BIQkgCCAH/X39f/2uASEIIAogB/2JAf0MEAAPAA4ADQAMAAsACgAJ' +
  'AP26ASAH/YoB/QwIAAcABgAFAAQAAwACAAEA/boB/a4B/a4BIQogAEEQaiIAIARJDQALIAogCUEE/asB/a4BIQogBSAIEAlqQfH/A3AhBSAGIAoQCWpB8f8D' +
  'cCEGDAELCwJAA0AgACADTw0BIAUgAC0AAGohBSAGIAVqIQYgAEEBaiEADAALCyAFQfH/A3AgBkHx/wNwQRB0cgsZACAA/RsAIAD9GwFqIAD9GwIgAP0bA2pq' +
  'C9ABAgF/AX4gACABQXhxaiEEAkADQCAAIARPDQEgACkDACACrYUhBSADIAVCAEGAOBALIAMgBUIIQYAwEAtzIAMgBUIQQYAoEAsgAyAFQhhBgCAQC3NzIAMg' +
  'BUIgQYAYEAsgAyAFQihBgBAQC3MgAyAFQjBBgAgQCyADIAVCOEEAEAtzc3MhAiAAQQhqIQAMAAsLIAQgAUEHcWohBAJAA0AgACAETw0BIAJBCHYgAyACIAAt' +
  'AABzQf8BcUECdGooAgBzIQIgAEEBaiEADAALCyACCxgAIAAgA2ogASACiKdB/wFxQQJ0aigCAAvfBAIEfgV/IAQpAwAhBSAEKQMIIQYgACABQXhxaiEMAkAD' +
  'QCAAIQpCfyEHIAAgDEkEQCAAKQMAIQcgB1AEQCAJQQhqIQkgAEEIaiEAAkADQCAAQRBqIAxLDQEgAP0ABAD9Uw0BIAlBEGohCSAAQRBqIQAMAAsLDAILCyAJ' +
  'BEAgB3pCA4inIQogCSAKaiEJIAogAGohCkIAIQggCUGCAksEQEICIQggBkICfCEGIAIoAoAIIQ0DQCAFIA1B////B3GtIAaGhCEFIAYgDUEYdq18IQYgAyAF' +
  'NwMAIAMgBkIDiKdqIQMgBSAGQniDiCEFIAZCB4MhBiAJQYICayIJQYICSw0ACwsgAiAJQQJ0aigCgAghDSAFIA1B////B3GtIAiIIAaGhCEFIAYgDUEYdq0g' +
  'CH18IQYLIAAgDE8NASAHeUIDiKchCSAAQQhqIQAgACAJayELA0AgAiAKLQAAQQJ0aigCACENIAUgDUH///8Hca0gBoaEIQUgBiANQRh2rXwhBiAGQitWBEAg' +
  'AyAFNwMAIAMgBkIDiKdqIQMgBSAGQniDiCEFIAZCB4MhBgsgCkEBaiIKIAtJDQALIAMgBTcDACADIAZCA4inaiEDIAUgBkJ4g4ghBSAGQgeDIQYMAAsLIAwg' +
  'AUEHcWohDAJAA0AgAyAFNwMAIAMgBkIDiKdqIQMgBSAGQniDiCEFIAZCB4MhBiAAIAxPDQEgAiAALQAAQQJ0aigCACENIAUgDUH///8Hca0gBoaEIQUgBiAN' +
  'QRh2rXwhBiAAQQFqIQAMAAsLIAQgBTcDACAEIAY3AwggAwsxACAA/ZQB/fwBIAH9lAH9/AH9DQABAgMEBQYHEBESExQVFhcgAP2FASEAIAAgAP1mCw==';

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
