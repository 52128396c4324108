/**
 * Sums and means over square windows, by running sums: the cost does not depend on the window.
 */

/**
 * How many places a window around each place of a line covers, at the line's ends fewer.
 * @param {number} length
 * @param {number} radius
 */
function coverage(length, radius) {
  return Float32Array.from({ length }, (_, i) => Math.min(i + radius, length - 1) - Math.max(i - radius, 0) + 1);
}

/**
 * @param {number} width
 * @param {number} height
 * @param {number} radius the window's side is 2 * radius + 1; it ends where the plane does
 * @returns {(plane: Float32Array) => Float32Array} replaces a plane's values by the means around them, in place
 */
export function boxMean(width, height, radius) {
  const inverseX = coverage(width, radius).map((n) => 1 / n);
  const inverseY = coverage(height, radius).map((n) => 1 / n);
  const line = new Float32Array(width);
  const sums = new Float64Array(width);
  const ring = new Float32Array(width * (radius + 1));
  return (plane) => {
    for (let y = 0; y < height; y++) meanOfRow(plane, y * width, width, radius, inverseX, line);
    meanOfColumns(plane, width, height, radius, inverseY, sums, ring);
    return plane;
  };
}

/**
 * @param {Float32Array} plane
 * @param {number} start
 * @param {number} width
 * @param {number} radius
 * @param {Float32Array} inverse
 * @param {Float32Array} line as wide as the row
 */
function meanOfRow(plane, start, width, radius, inverse, line) {
  for (let x = 0, i = start; x < width; x++, i++) line[x] = plane[i];
  let sum = 0;
  for (let x = 0; x < Math.min(radius, width); x++) sum += line[x];
  for (let x = 0, i = start; x < width; x++, i++) {
    if (x + radius < width) sum += line[x + radius];
    if (x > radius) sum -= line[x - radius - 1];
    plane[i] = sum * inverse[x];
  }
}

/**
 * @param {Float32Array} plane
 * @param {number} width
 * @param {number} height
 * @param {number} radius
 * @param {Float32Array} inverse
 * @param {Float64Array} sums
 * @param {Float32Array} ring the last radius + 1 rows as they were
 */
function meanOfColumns(plane, width, height, radius, inverse, sums, ring) {
  sums.fill(0);
  for (let y = 0; y < Math.min(radius, height); y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) sums[x] += plane[i];
  }
  for (let y = 0; y < height; y++) {
    const kept = (y % (radius + 1)) * width;
    if (y + radius < height) for (let x = 0, i = (y + radius) * width; x < width; x++, i++) sums[x] += plane[i];
    if (y > radius) for (let x = 0; x < width; x++) sums[x] -= ring[kept + x];
    const scale = inverse[y];
    for (let x = 0, i = y * width; x < width; x++, i++) {
      ring[kept + x] = plane[i];
      plane[i] = sums[x] * scale;
    }
  }
}
