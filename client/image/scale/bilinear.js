/**
 * Rows of a small picture at a larger size, between its values in straight lines, one at a time.
 *
 * @typedef {object} Samples of a picture
 * @property {Float32Array} values `height` x `width` x `channels`
 * @property {number} width
 * @property {number} height
 * @property {number} channels 1 or 3
 *
 * @typedef {object} Scale from pixels of the result to samples: pixel i has its middle at `(i + 0.5) * step + start`, sample j at
 *   `j + 0.5`
 * @property {number} step
 * @property {number} start
 */

/**
 * @param {Samples} samples
 * @param {Scale} across
 * @param {Scale} down
 * @param {number} size pixels in a row
 * @returns {(y: number, row: Float32Array) => void} fills `row` with row `y`; beyond the samples the outermost go on
 */
export function bilinearRows({ values, width, height, channels }, across, down, size) {
  const left = new Int32Array(size);
  const share = new Float32Array(size);
  for (let x = 0; x < size; x++) {
    const at = Math.min(Math.max((x + 0.5) * across.step + across.start - 0.5, 0), width - 1);
    left[x] = Math.min(Math.floor(at), Math.max(0, width - 2)) * channels;
    share[x] = at - left[x] / channels;
  }
  const length = width * channels;
  // One more than there are columns, so that one column has a neighbour.
  const line = new Float32Array(length + channels);
  return (y, row) => {
    const at = Math.min(Math.max((y + 0.5) * down.step + down.start - 0.5, 0), height - 1);
    const top = Math.min(Math.floor(at), Math.max(0, height - 2));
    const below = Math.min(top + 1, height - 1) * length;
    const t = at - top;
    for (let i = 0; i < length; i++) line[i] = values[top * length + i] + t * (values[below + i] - values[top * length + i]);
    if (channels === 1) one(row, line, left, share);
    else three(row, line, left, share);
  };
}

/**
 * @param {Float32Array} row
 * @param {Float32Array} line
 * @param {Int32Array} left
 * @param {Float32Array} share
 */
function one(row, line, left, share) {
  for (let x = 0; x < left.length; x++) {
    const i = left[x];
    row[x] = line[i] + share[x] * (line[i + 1] - line[i]);
  }
}

/**
 * @param {Float32Array} row
 * @param {Float32Array} line
 * @param {Int32Array} left
 * @param {Float32Array} share
 */
function three(row, line, left, share) {
  for (let x = 0, to = 0; x < left.length; x++, to += 3) {
    const i = left[x];
    const t = share[x];
    row[to] = line[i] + t * (line[i + 3] - line[i]);
    row[to + 1] = line[i + 1] + t * (line[i + 4] - line[i + 1]);
    row[to + 2] = line[i + 2] + t * (line[i + 5] - line[i + 2]);
  }
}
