/**
 * The matting Laplacian of Levin, Lischinski and Weiss ("A Closed-Form Solution to Natural Image Matting", PAMI 2008, equation 14): within
 * each window of 3 x 3 places, alpha is a linear function of colour, and what it costs to depart from that.
 *
 * Each place is tied to the 24 around it. The matrix is symmetric, so of each place there are its own entry and those of the twelve places
 * that come after it, row by row (`OFFSETS`).
 *
 * @typedef {object} Laplacian
 * @property {Float32Array} entries `TIES` of each place: its own, then those of the places at `OFFSETS`
 * @property {Int32Array} offsets from a place to those, in places
 */

/** Rows and columns around what counts, so that no place is tied to what lies beyond. */
export const RIM = 2;

/** Entries of a place. */
export const TIES = 13;

/** What comes after a place, of what shares a window with it: columns and rows. */
const AFTER = [[0, 0], [1, 0], [2, 0], [-2, 1], [-1, 1], [0, 1], [1, 1], [2, 1], [-2, 2], [-1, 2], [0, 2], [1, 2], [2, 2]];

/**
 * @param {number} width
 * @returns {Int32Array}
 */
export const offsetsOf = (width) => Int32Array.from(AFTER, ([dx, dy]) => dy * width + dx);

/** Of the window's places i and j (0..8, row by row): which entry of i it is that ties it to j. */
const TIE = Array.from({ length: 9 }, (_, i) => Array.from({ length: 9 }, (__, j) => AFTER.findIndex(([dx, dy]) => dx === (j % 3) - (i % 3) && dy === Math.floor(j / 3) - Math.floor(i / 3))));

/**
 * @param {Float32Array[]} planes red, green, blue, 0..1
 * @param {{ width: number, height: number }} size
 * @param {Uint8Array} wanted 1 where alpha is looked for: what has none in its window is left out
 * @param {number} epsilon added to the variance of colour in a window
 * @returns {Laplacian}
 */
export function mattingLaplacian([red, green, blue], { width, height }, wanted, epsilon) {
  const offsets = offsetsOf(width);
  const entries = new Float32Array(width * height * TIES);
  const places = Int32Array.from({ length: 9 }, (_, i) => (Math.floor(i / 3) - 1) * width + (i % 3) - 1);
  // Of each pair of the window's places: where its entry lies, seen from the window's middle.
  const into = new Int32Array(45);
  for (let i = 0, n = 0; i < 9; i++) for (let j = i; j < 9; j++) into[n++] = places[i] * TIES + TIE[i][j];
  const r = new Float64Array(9);
  const g = new Float64Array(9);
  const b = new Float64Array(9);
  const regular = epsilon / 9;
  const near = columnsNear(wanted, width, height);
  for (let y = RIM + 1; y < height - RIM - 1; y++) {
    for (let x = RIM + 1, at = y * width + RIM + 1; x < width - RIM - 1; x++, at++) {
      if (near[at - 1] + near[at] + near[at + 1] === 0) continue;
      let [mr, mg, mb] = [0, 0, 0];
      for (let i = 0; i < 9; i++) {
        const place = at + places[i];
        mr += r[i] = red[place];
        mg += g[i] = green[place];
        mb += b[i] = blue[place];
      }
      mr /= 9;
      mg /= 9;
      mb /= 9;
      let [c00, c01, c02, c11, c12, c22] = [0, 0, 0, 0, 0, 0];
      for (let i = 0; i < 9; i++) {
        const u = (r[i] -= mr);
        const v = (g[i] -= mg);
        const w = (b[i] -= mb);
        c00 += u * u;
        c01 += u * v;
        c02 += u * w;
        c11 += v * v;
        c12 += v * w;
        c22 += w * w;
      }
      c00 = c00 / 9 + regular;
      c01 /= 9;
      c02 /= 9;
      c11 = c11 / 9 + regular;
      c12 /= 9;
      c22 = c22 / 9 + regular;
      // The symmetric inverse by its cofactors, and the window's ninth.
      const k00 = c11 * c22 - c12 * c12;
      const k01 = c12 * c02 - c01 * c22;
      const k02 = c01 * c12 - c11 * c02;
      const scale = -1 / (9 * (c00 * k00 + c01 * k01 + c02 * k02));
      const i00 = k00 * scale;
      const i01 = k01 * scale;
      const i02 = k02 * scale;
      const i11 = (c00 * c22 - c02 * c02) * scale;
      const i12 = (c02 * c01 - c00 * c12) * scale;
      const i22 = (c00 * c11 - c01 * c01) * scale;
      const base = at * TIES;
      for (let i = 0, n = 0; i < 9; i++) {
        const u = i00 * r[i] + i01 * g[i] + i02 * b[i];
        const v = i01 * r[i] + i11 * g[i] + i12 * b[i];
        const w = i02 * r[i] + i12 * g[i] + i22 * b[i];
        entries[base + into[n]] += 1;
        for (let j = i; j < 9; j++, n++) entries[base + into[n]] += u * r[j] + v * g[j] + w * b[j] - 1 / 9;
      }
    }
  }
  return { entries, offsets };
}

/**
 * @param {Uint8Array} wanted
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array} how many of a place, the one above and the one below are wanted
 */
function columnsNear(wanted, width, height) {
  const near = new Uint8Array(wanted.length);
  for (let i = width; i < width * (height - 1); i++) near[i] = wanted[i - width] + wanted[i] + wanted[i + width];
  return near;
}
