/**
 * Nothing is left outside of a box.
 * @param {Uint16Array} matte changed in place
 * @param {{ width: number, height: number }} size
 * @param {import('../../edits.js').Box} box
 * @param {import('./bounds.js').Bounds} changed told of each pixel that is another now
 */
export function clearOutside(matte, { width, height }, { x, y, width: columns, height: rows }, changed) {
  for (let v = 0, i = 0; v < height; v++) {
    const isBeside = v >= y && v < y + rows;
    for (let u = 0; u < width; u++, i++) {
      if (matte[i] === 0 || (isBeside && u >= x && u < x + columns)) continue;
      matte[i] = 0;
      changed.include(u, v);
    }
  }
}
