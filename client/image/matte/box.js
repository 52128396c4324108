/**
 * Means over square windows, by running sums: the cost does not depend on the window.
 */

/**
 * @param {number} width
 * @param {number} height
 * @param {number} radius the window's side is 2 * radius + 1; it ends where the plane does
 * @returns {(plane: Float32Array) => Float32Array} replaces a plane's values by the means around them, in place
 */
export function boxMean(width, height, radius) {
  const across = inverseCounts(width, radius);
  const down = inverseCounts(height, radius);
  const line = new Float32Array(width);
  const sums = new Float64Array(width);
  const ring = new Float32Array(width * (radius + 1));
  return (plane) => {
    for (let y = 0; y < height; y++) meanOfRow(plane, y * width, width, radius, across, line);
    meanOfColumns(plane, width, height, radius, down, sums, ring);
    return plane;
  };
}

/**
 * One over the places that a window around each place of a line covers; fewer at its ends.
 * @param {number} length
 * @param {number} radius
 */
function inverseCounts(length, radius) {
  return Float64Array.from({ length }, (_, i) => 1 / (Math.min(i + radius, length - 1) - Math.max(i - radius, 0) + 1));
}

/**
 * @param {Float32Array} plane
 * @param {number} start
 * @param {number} width
 * @param {number} radius
 * @param {Float64Array} inverse
 * @param {Float32Array} line as wide as the row
 */
function meanOfRow(plane, start, width, radius, inverse, line) {
  for (let x = 0, i = start; x < width; x++, i++) line[x] = plane[i];
  const growing = Math.min(radius + 1, width);
  const shrinking = Math.max(width - radius, 0);
  let sum = 0;
  for (let x = 0; x < Math.min(radius, width); x++) sum += line[x];
  let x = 0;
  for (; x < growing; x++) {
    if (x < shrinking) sum += line[x + radius];
    plane[start + x] = sum * inverse[x];
  }
  const scale = inverse[Math.min(radius, width - 1)];
  for (; x < shrinking; x++) {
    sum += line[x + radius] - line[x - radius - 1];
    plane[start + x] = sum * scale;
  }
  for (; x < width; x++) {
    sum -= line[x - radius - 1];
    plane[start + x] = sum * inverse[x];
  }
}

/**
 * @param {Float32Array} plane
 * @param {number} width
 * @param {number} height
 * @param {number} radius
 * @param {Float64Array} inverse
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
