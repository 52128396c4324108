/**
 * A Gaussian, approximated by three extended box blurs (Gwosdek et al. 2011, "Theoretical Foundations of Gaussian Convolution by
 * Extended Box Filtering"), as Pillow's `GaussianBlur` is: the cost does not depend on the radius, and the boxes' fractional ends
 * make the variance exact. Beyond the edges the outermost values go on.
 */

const PASSES = 3;

/**
 * @param {Float32Array} values `height` x `width` x `channels`, blurred in place
 * @param {number} width
 * @param {number} height
 * @param {number} channels
 * @param {number} sigma standard deviation in pixels
 */
export function blur(values, width, height, channels, sigma) {
  if (!(sigma > 0)) return;
  const box = boxOf(sigma);
  const line = new Float32Array(width * channels);
  for (let y = 0; y < height; y++) {
    const row = values.subarray(y * width * channels, (y + 1) * width * channels);
    for (let c = 0; c < channels; c++) alongRow(row, line, width, channels, c, box);
  }
  down(values, width * channels, height, box);
}

/**
 * @typedef {{ radius: number, edge: number, weight: number }} Box of 2 `radius` + 1 values of `weight` each, and one beyond at either
 *   end of `edge`
 *
 * @param {number} sigma
 * @returns {Box}
 */
function boxOf(sigma) {
  const variance = (sigma * sigma) / PASSES;
  const length = Math.sqrt(12 * variance + 1);
  const radius = Math.floor((length - 1) / 2);
  const whole = 2 * radius + 1;
  const rim = (whole * (radius * (radius + 1) - 3 * variance)) / (6 * (variance - (radius + 1) ** 2));
  const weight = 1 / (whole + 2 * rim);
  return { radius, edge: rim * weight, weight };
}

/**
 * Three passes over one channel of a row, there and back between two lines.
 * @param {Float32Array} row
 * @param {Float32Array} line as long
 * @param {number} length in pixels
 * @param {number} step
 * @param {number} channel
 * @param {Box} box
 */
function alongRow(row, line, length, step, channel, box) {
  const { radius, edge, weight } = box;
  const last = length - 1;
  let from = row;
  let to = line;
  for (let pass = 0; pass < PASSES; pass++) {
    const first = from[channel];
    const final = from[last * step + channel];
    let sum = 0;
    for (let i = -radius; i <= radius; i++) sum += from[Math.min(Math.max(i, 0), last) * step + channel];
    for (let i = 0; i < length; i++) {
      const before = i > radius ? from[(i - radius - 1) * step + channel] : first;
      const after = i + radius + 1 <= last ? from[(i + radius + 1) * step + channel] : final;
      to[i * step + channel] = sum * weight + (before + after) * edge;
      sum += after - (i >= radius ? from[(i - radius) * step + channel] : first);
    }
    [from, to] = [to, from];
  }
  for (let i = channel; i < length * step; i += step) row[i] = from[i];
}

/**
 * Three passes down all columns at once, row by row, which memory likes better. Each pass holds back the rows that its box still needs.
 * @param {Float32Array} values
 * @param {number} length of a row
 * @param {number} height
 * @param {Box} box
 */
function down(values, length, height, { radius, edge, weight }) {
  const last = height - 1;
  const sums = new Float64Array(length);
  const held = new Float32Array((Math.min(radius, last) + 2) * length);
  const slots = held.length / length;
  for (let pass = 0; pass < PASSES; pass++) {
    sums.fill(0);
    for (let i = -radius; i <= radius; i++) addRow(sums, values, Math.min(Math.max(i, 0), last) * length);
    const first = values.slice(0, length);
    for (let y = 0; y < height; y++) {
      held.set(values.subarray(y * length, (y + 1) * length), (y % slots) * length);
      const [before, b] = y > radius ? [held, ((y - radius - 1) % slots) * length] : [first, 0];
      const [leaving, l] = y >= radius ? [held, ((y - radius) % slots) * length] : [first, 0];
      const after = Math.min(y + radius + 1, last) * length;
      // The last row is the one that goes on below: by the time it is overwritten, nothing after it is left to do.
      for (let x = 0, to = y * length; x < length; x++, to++) {
        const next = values[after + x];
        const sum = sums[x];
        values[to] = sum * weight + (before[b + x] + next) * edge;
        sums[x] = sum + next - leaving[l + x];
      }
    }
  }
}

/**
 * @param {Float64Array} sums
 * @param {Float32Array} values
 * @param {number} at
 */
function addRow(sums, values, at) {
  for (let x = 0; x < sums.length; x++) sums[x] += values[at + x];
}
