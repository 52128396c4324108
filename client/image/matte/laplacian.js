/**
 * The matting Laplacian of Levin, Lischinski and Weiss ("A Closed-Form Solution to Natural Image Matting", PAMI 2008, equation 14): within
 * each window of 3 x 3 places, alpha is a linear function of colour, and what it costs to depart from that.
 *
 * Each place is tied to those of the 5 x 5 around it. Only the rows of places that are looked for are kept, one after the other.
 */

/** Rows and columns around what counts, so that no place is tied to what lies beyond. */
export const RIM = 2;

/** Entries of a row: those of the 5 x 5 places around its own, which is the middle one. */
export const TIES = 25;

/** The entry of a place itself. */
export const MIDDLE = (TIES - 1) / 2;

/** Of the window's places i and j (0..8, row by row): the entry of i that ties it to j. */
const TIE = Uint8Array.from({ length: 81 }, (_, n) => {
  const [i, j] = [Math.floor(n / 9), n % 9];
  return (Math.floor(j / 3) - Math.floor(i / 3) + 2) * 5 + (j % 3) - (i % 3) + 2;
});

/**
 * @param {Float32Array[]} planes red, green, blue, 0..1
 * @param {{ width: number, height: number }} size
 * @param {Int32Array} unknown the places looked for, in order, none of them in the rim
 * @param {number} epsilon added to the variance of colour in a window, ninefold
 * @returns {Float32Array} `TIES` of each
 */
export function mattingLaplacian([red, green, blue], { width, height }, unknown, epsilon) {
  const entries = new Float32Array(unknown.length * TIES);
  const rows = new Int32Array(width * height).fill(-1);
  for (let k = 0; k < unknown.length; k++) rows[unknown[k]] = k;
  const places = Int32Array.from({ length: 9 }, (_, i) => (Math.floor(i / 3) - 1) * width + (i % 3) - 1);
  const r = new Float64Array(9);
  const g = new Float64Array(9);
  const b = new Float64Array(9);
  const bases = new Int32Array(9);
  const regular = epsilon / 9;
  const near = columnsNear(rows, width, height);
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
      for (let i = 0; i < 9; i++) bases[i] = rows[at + places[i]] * TIES;
      for (let i = 0; i < 9; i++) {
        const base = bases[i];
        const u = i00 * r[i] + i01 * g[i] + i02 * b[i];
        const v = i01 * r[i] + i11 * g[i] + i12 * b[i];
        const w = i02 * r[i] + i12 * g[i] + i22 * b[i];
        if (base >= 0) entries[base + MIDDLE] += u * r[i] + v * g[i] + w * b[i] + 8 / 9;
        // What ties i to j ties j to i.
        for (let j = i + 1; j < 9; j++) {
          const other = bases[j];
          if (base < 0 && other < 0) continue;
          const entry = u * r[j] + v * g[j] + w * b[j] - 1 / 9;
          if (base >= 0) entries[base + TIE[i * 9 + j]] += entry;
          if (other >= 0) entries[other + TIE[j * 9 + i]] += entry;
        }
      }
    }
  }
  return entries;
}

/**
 * @param {Int32Array} rows -1 where a place is not looked for
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array} how many of a place, the one above and the one below are
 */
function columnsNear(rows, width, height) {
  const near = new Uint8Array(rows.length);
  const one = (/** @type {number} */ row) => (row < 0 ? 0 : 1);
  for (let i = width; i < width * (height - 1); i++) near[i] = one(rows[i - width]) + one(rows[i]) + one(rows[i + width]);
  return near;
}
