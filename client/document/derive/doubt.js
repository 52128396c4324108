/**
 * Reasons to look at a cutout once more, measured on the model's own matte: cheap, and told before anybody has looked. Each is a code with the
 * number behind it. Thresholds: docs/decisions/0045-doubt.md.
 *
 * @typedef {import('../../shared/protocol.js').SmallMatte} SmallMatte
 * @typedef {import('../../shared/protocol.js').Doubt} Doubt
 */

/** Values of a matte from which on a pixel is held for the subject's, and between which it is neither. */
const LIKELY = 32_768;
const CLEAR = 6_554;
const SURE = 58_982;

/** Part of the photo below which a subject is hardly one. */
export const LEAST_AREA = 0.01;
/** Soft pixels, as a part of the subject's. */
export const MOST_SOFT = 0.4;
/** Part of the frame's rim that the subject covers. */
export const MOST_RIM = 0.3;
/** The second largest piece, as a part of the largest. */
export const LEAST_SECOND = 0.2;

/** Where the parts of a model differ, as a part of the subject. */
export const MOST_APART = 0.9;

/**
 * @param {SmallMatte} matte
 * @returns {{ area: number, soft: number, rim: number, second: number }} parts, 0..1 each but for `soft`, which may be more: of the photo that is
 *   the subject's, of the subject that is soft, of the frame's rim that it covers, of the largest piece that the next one has
 */
export function measured({ values, columns, rows }) {
  let [likely, soft, rim] = [0, 0, 0];
  for (const value of values) {
    if (value >= LIKELY) likely += 1;
    if (value > CLEAR && value < SURE) soft += 1;
  }
  const isLikely = (/** @type {number} */ x, /** @type {number} */ y) => values[y * columns + x] >= LIKELY;
  for (let x = 0; x < columns; x++) rim += Number(isLikely(x, 0)) + Number(isLikely(x, rows - 1));
  for (let y = 0; y < rows; y++) rim += Number(isLikely(0, y)) + Number(isLikely(columns - 1, y));
  const [first = 0, second = 0] = piecesOf(values, columns, rows);
  return { area: likely / values.length, soft: soft / Math.max(1, likely), rim: rim / (2 * (columns + rows)), second: first > 0 ? second / first : 0 };
}

/**
 * @param {SmallMatte | null} matte null where the picture was cut out already: nothing was judged
 * @param {number} [apart] how much the parts of the model differ (tasks/fuse.js)
 * @returns {Doubt[]} the gravest first
 */
export function doubtsOf(matte, apart = 0) {
  if (!matte) return [];
  const { area, soft, rim, second } = measured(matte);
  if (area < LEAST_AREA) return [{ code: 'nothing', value: area }];
  /** @type {Doubt[]} */
  const doubts = [];
  if (apart > MOST_APART) doubts.push({ code: 'apart', value: apart });
  if (soft > MOST_SOFT) doubts.push({ code: 'soft', value: soft });
  if (second > LEAST_SECOND) doubts.push({ code: 'several', value: second });
  if (rim > MOST_RIM) doubts.push({ code: 'cut', value: rim });
  return doubts;
}

/**
 * Pieces that hang together by their sides.
 * @param {Uint16Array} values
 * @param {number} columns
 * @param {number} rows
 * @returns {number[]} pixels of each, the largest first
 */
function piecesOf(values, columns, rows) {
  const seen = new Uint8Array(values.length);
  const open = new Int32Array(values.length);
  const sizes = [];
  for (let from = 0; from < values.length; from++) {
    if (seen[from] || values[from] < LIKELY) continue;
    let [size, count] = [0, 1];
    open[0] = from;
    seen[from] = 1;
    while (count > 0) {
      const at = open[--count];
      size += 1;
      const x = at % columns;
      const near = [x > 0 ? at - 1 : at, x < columns - 1 ? at + 1 : at, at >= columns ? at - columns : at, at < (rows - 1) * columns ? at + columns : at];
      for (const one of near) {
        if (seen[one] || values[one] < LIKELY) continue;
        seen[one] = 1;
        open[count++] = one;
      }
    }
    sizes.push(size);
  }
  return sizes.toSorted((a, b) => b - a);
}
