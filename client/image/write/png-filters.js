/**
 * The filters of PNG rows (PNG specification, third edition, 9.2 and 9.4).
 */

export const FILTER_UP = 2;

/**
 * Undo a row's filter, in place.
 * @param {Uint8Array} row the filter's number, then the row's bytes
 * @param {Uint8Array} above the finished row before it, without a filter's number; zeros before the first
 * @param {number} size bytes per pixel
 * @returns {boolean} whether the filter is one of the five
 */
export function unfilter(row, above, size) {
  const end = row.length;
  // `row` is ahead of `above` by the filter's number; `left` bytes have nothing to their left, which counts as zero.
  const left = Math.min(size + 1, end);
  switch (row[0]) {
    case 0:
      return true;
    case 1:
      for (let i = left; i < end; i++) row[i] += row[i - size];
      return true;
    case 2:
      for (let i = 1; i < end; i++) row[i] += above[i - 1];
      return true;
    case 3:
      for (let i = 1; i < left; i++) row[i] += above[i - 1] >> 1;
      for (let i = left; i < end; i++) row[i] += (row[i - size] + above[i - 1]) >> 1;
      return true;
    case 4:
      // With nothing to the left, Paeth's predictor is what is above.
      for (let i = 1; i < left; i++) row[i] += above[i - 1];
      for (let i = left; i < end; i++) row[i] += paeth(row[i - size], above[i - 1], above[i - 1 - size]);
      return true;
    default:
      return false;
  }
}

/**
 * @param {number} a to the left
 * @param {number} b above
 * @param {number} c above, to the left
 */
function paeth(a, b, c) {
  const toA = Math.abs(b - c);
  const toB = Math.abs(a - c);
  const toC = Math.abs(a + b - 2 * c);
  if (toA <= toB && toA <= toC) return a;
  return toB <= toC ? b : c;
}
