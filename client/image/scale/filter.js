/**
 * Two axes over rows that stream through: each is filtered across, and kept while an output row needs it. In float from end to end, and
 * never a whole picture of floats. Where all is transparent nothing is computed.
 *
 * @typedef {import('./axis.js').Axis} Axis
 *
 * @typedef {object} Row of the filtered input or of the output
 * @property {Float32Array} values
 * @property {number} left only from here to `right`, in outputs, are there others than 0
 * @property {number} right
 *
 * @typedef {object} Source
 * @property {number} channels alpha is the last one: where it is 0, so are the others
 * @property {(y: number, sums: Float32Array) => void} add the blocks of one row to the sums of the rows before
 */

/**
 * @param {Source} source
 * @param {Axis} across
 * @param {Axis} down
 * @param {(y: number, row: Row) => void} emit each output row in turn; `row` is used again for the next
 */
export function filter(source, across, down, emit) {
  const { channels } = source;
  const blocks = new Float32Array(across.count * channels);
  /** @type {Row[]} */
  const ring = Array.from({ length: down.taps }, () => ({ values: new Float32Array(across.size * channels), left: 0, right: 0 }));
  const out = { values: new Float32Array(across.size * channels), left: 0, right: 0 };
  let done = 0;
  for (let y = 0; y < down.size; y++) {
    for (done = Math.max(done, down.begin[y]); done < down.end[y]; done++) {
      gather(source, blocks, across, down, done);
      filterAcross(blocks, channels, across, ring[done % ring.length]);
    }
    filterDown(ring, channels, down, y, out);
    emit(y, out);
  }
}

/**
 * Fill a row of block means.
 * @param {Source} source
 * @param {Float32Array} blocks
 * @param {Axis} across
 * @param {Axis} down
 * @param {number} row of blocks
 */
function gather({ add, channels }, blocks, across, down, row) {
  blocks.fill(0);
  const top = down.from + row * down.block;
  const bottom = Math.min(down.to, top + down.block);
  for (let y = top; y < bottom; y++) add(y, blocks);
  const rows = down.fades ? down.block : bottom - top;
  const columns = across.fades ? across.block : across.to - across.from - (across.count - 1) * across.block;
  const last = (across.count - 1) * channels;
  if (rows * across.block > 1) for (let i = 0; i < last; i++) blocks[i] /= rows * across.block;
  for (let i = last; i < blocks.length; i++) blocks[i] /= rows * columns;
}

/**
 * @param {Float32Array} blocks
 * @param {number} channels
 * @param {Axis} across
 * @param {Row} row
 */
function filterAcross(blocks, channels, across, row) {
  const { begin, end } = across;
  let first = channels - 1;
  let last = blocks.length - 1;
  while (first < blocks.length && blocks[first] === 0) first += channels;
  while (last > first && blocks[last] === 0) last -= channels;
  row.left = 0;
  row.right = 0;
  if (first >= blocks.length) {
    row.values.fill(0);
    return;
  }
  first = (first - channels + 1) / channels;
  last = (last - channels + 1) / channels;
  row.right = across.size;
  while (row.left < row.right && end[row.left] <= first) row.left++;
  while (row.right > row.left && begin[row.right - 1] > last) row.right--;
  row.values.fill(0, 0, row.left * channels);
  row.values.fill(0, row.right * channels);
  if (channels === 4) four(blocks, across, row);
  else one(blocks, across, row);
}

/**
 * @param {Float32Array} blocks
 * @param {Axis} across
 * @param {Row} row
 */
function four(blocks, { begin, end, offset, weights }, { values, left, right }) {
  for (let x = left; x < right; x++) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let alpha = 0;
    const stop = end[x];
    for (let k = begin[x], w = offset[x] + k, i = k * 4; k < stop; k++, w++, i += 4) {
      const weight = weights[w];
      red += weight * blocks[i];
      green += weight * blocks[i + 1];
      blue += weight * blocks[i + 2];
      alpha += weight * blocks[i + 3];
    }
    values[x * 4] = red;
    values[x * 4 + 1] = green;
    values[x * 4 + 2] = blue;
    values[x * 4 + 3] = alpha;
  }
}

/**
 * @param {Float32Array} blocks
 * @param {Axis} across
 * @param {Row} row
 */
function one(blocks, { begin, end, offset, weights }, { values, left, right }) {
  for (let x = left; x < right; x++) {
    let sum = 0;
    for (let k = begin[x], w = offset[x] + k; k < end[x]; k++, w++) sum += weights[w] * blocks[k];
    values[x] = sum;
  }
}

/**
 * Four rows at a time: the sums are read and written once for all four.
 * @param {Row[]} ring
 * @param {number} channels
 * @param {Axis} down
 * @param {number} y
 * @param {Row} out
 */
function filterDown(ring, channels, { begin, end, offset, weights }, y, out) {
  out.left = Infinity;
  out.right = 0;
  for (let k = begin[y]; k < end[y]; k++) {
    const { left, right } = ring[k % ring.length];
    if (left >= right) continue;
    out.left = Math.min(out.left, left);
    out.right = Math.max(out.right, right);
  }
  out.left = Math.min(out.left, out.right);
  const from = out.left * channels;
  const to = out.right * channels;
  out.values.fill(0, from, to);
  for (let k = begin[y]; k < end[y]; k += 4) {
    const row = (/** @type {number} */ i) => ring[Math.min(k + i, end[y] - 1) % ring.length].values;
    const weight = (/** @type {number} */ i) => (k + i < end[y] ? weights[offset[y] + k + i] : 0);
    addFour(out.values, from, to, row(0), weight(0), row(1), weight(1), row(2), weight(2), row(3), weight(3));
  }
}

/**
 * @param {Float32Array} sums
 * @param {number} from
 * @param {number} to
 * @param {Float32Array} a
 * @param {number} wa
 * @param {Float32Array} b
 * @param {number} wb
 * @param {Float32Array} c
 * @param {number} wc
 * @param {Float32Array} d
 * @param {number} wd
 */
function addFour(sums, from, to, a, wa, b, wb, c, wc, d, wd) {
  for (let i = from; i < to; i++) sums[i] += wa * a[i] + wb * b[i] + wc * c[i] + wd * d[i];
}
