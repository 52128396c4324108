/**
 * @param {import('../../image/read/decode.js').Pixels} pixels
 * @param {import('../edits.js').Box} box
 * @returns {import('../../image/read/decode.js').Pixels} what is in the box, a copy
 */
export function partOf({ data, width }, { x, y, width: columns, height: rows }) {
  const part = new Uint8ClampedArray(columns * rows * 4);
  for (let row = 0; row < rows; row++) {
    const from = ((y + row) * width + x) * 4;
    part.set(data.subarray(from, from + columns * 4), row * columns * 4);
  }
  return { data: part, width: columns, height: rows };
}
