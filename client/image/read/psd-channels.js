/**
 * Rows of a channel of a Photoshop file's flattened picture: as they are, in runs, or deflated.
 *
 * @typedef {import('./bytes.js').Bytes} Bytes
 * @typedef {import('./heads/psd.js').PsdLayout} PsdLayout
 * @typedef {(channel: number, y: number, rows: number) => Promise<Uint8Array>} Rows unpacked
 */
import { damaged, truncated } from './bytes.js';
import { inflate } from './inflate.js';
import { unpackBits } from './tiff-strips.js';

const TYPE = 'Photoshop';
const [RAW, RUNS, DEFLATED, PREDICTED] = [0, 1, 2, 3];
/** Deflated channels are one stream, which is unpacked as a whole. */
const MOST_DEFLATED = 1 << 30;

/**
 * @param {Bytes} bytes
 * @param {PsdLayout} layout
 * @param {number} used channels, from the first
 * @param {number} rowBytes
 * @returns {Promise<Rows>}
 * @throws {import('../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function channelRows(bytes, layout, used, rowBytes) {
  const { height, start } = layout;
  const compression = (await bytes.need(start, 2, TYPE)).getUint16(0);
  const from = start + 2;
  switch (compression) {
    case RAW:
      return async (channel, y, rows) => {
        const at = from + (channel * height + y) * rowBytes;
        return whole(await bytes.copy({ start: at, end: at + rows * rowBytes }), rows * rowBytes);
      };
    case RUNS:
      return runs(bytes, layout, from, used, rowBytes);
    case DEFLATED:
    case PREDICTED: {
      const length = used * height * rowBytes;
      if (length > MOST_DEFLATED) throw damaged(TYPE, 'too much that is deflated');
      const all = whole(await inflate(await bytes.copy({ start: from, end: bytes.size }), length), length);
      if (compression === PREDICTED) for (let at = 0; at < length; at += rowBytes) undoPrediction(all.subarray(at, at + rowBytes), layout.depth);
      return async (channel, y, rows) => all.subarray((channel * height + y) * rowBytes, (channel * height + y + rows) * rowBytes);
    }
    default:
      throw damaged(TYPE, `compression ${compression}`);
  }
}

/**
 * Each row of each channel has its length in a table before all.
 * @param {Bytes} bytes
 * @param {PsdLayout} layout
 * @param {number} table where it is
 * @param {number} used
 * @param {number} rowBytes
 * @returns {Promise<Rows>}
 */
async function runs(bytes, { height, channels, isLarge }, table, used, rowBytes) {
  const size = isLarge ? 4 : 2;
  const counts = await bytes.copy({ start: table, end: table + used * height * size });
  const view = new DataView(whole(counts, used * height * size).buffer);
  const starts = new Float64Array(used * height + 1);
  starts[0] = table + channels * height * size;
  for (let row = 0; row < used * height; row++) starts[row + 1] = starts[row] + (isLarge ? view.getUint32(row * 4) : view.getUint16(row * 2));
  return async (channel, y, rows) => {
    const first = channel * height + y;
    const packed = await bytes.copy({ start: starts[first], end: starts[first + rows] });
    const out = new Uint8Array(rows * rowBytes);
    for (let row = 0; row < rows; row++) {
      const [at, end] = [starts[first + row] - starts[first], starts[first + row + 1] - starts[first]];
      out.set(whole(unpackBits(packed.subarray(at, end), rowBytes), rowBytes), row * rowBytes);
    }
    return out;
  };
}

/**
 * @template {Uint8Array} T
 * @param {T} read
 * @param {number} wanted
 * @returns {T}
 */
function whole(read, wanted) {
  if (read.length < wanted) throw truncated(TYPE);
  return read;
}

/**
 * A sample is stored as what it adds to the one before; of floating point, all first bytes come before all second ones.
 * @param {Uint8Array} row changed
 * @param {number} depth
 */
function undoPrediction(row, depth) {
  if (depth === 16) {
    for (let at = 2; at + 1 < row.length; at += 2) {
      const sum = ((row[at - 2] << 8) | row[at - 1]) + ((row[at] << 8) | row[at + 1]);
      row[at] = sum >> 8;
      row[at + 1] = sum;
    }
    return;
  }
  for (let at = 1; at < row.length; at++) row[at] += row[at - 1];
  if (depth !== 32) return;
  const width = row.length / 4;
  const apart = row.slice();
  for (let x = 0; x < width; x++) for (let byte = 0; byte < 4; byte++) row[x * 4 + byte] = apart[byte * width + x];
}
