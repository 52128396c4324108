/**
 * A matte's pieces: pixels above a value that hang together, at corners too. Rows are cut into runs, and runs that touch those of the
 * row above are united, so the cost is one look at each pixel, and whatever comes after works on runs.
 *
 * @typedef {{ width: number, height: number }} Size
 *
 * @typedef {object} Runs from left to right, row by row
 * @property {Int32Array} rows the first run of each row; one more, the number of runs
 * @property {Int32Array} from x of each run's first pixel
 * @property {Int32Array} to x after its last pixel
 * @property {Int32Array} piece of each run, 0..`count` - 1, in the order of the pieces' first pixels
 * @property {number} count of pieces
 */

/**
 * @param {Uint16Array} values one per pixel
 * @param {Size} size
 * @param {number} above what a pixel is larger than to be in a piece
 * @returns {Runs}
 */
export function runsOf(values, size, above) {
  const cut = cutRows(values, size, above);
  return { ...cut, ...united(cut, size.height) };
}

/**
 * @param {Uint16Array} values
 * @param {Size} size
 * @param {number} above
 * @returns {Pick<Runs, 'rows' | 'from' | 'to'>}
 */
function cutRows(values, { width, height }, above) {
  const rows = new Int32Array(height + 1);
  const mostInRow = (width + 1) >> 1;
  let from = new Int32Array(Math.max(mostInRow, 1 << 14));
  let to = new Int32Array(from.length);
  let count = 0;
  for (let y = 0; y < height; y++) {
    rows[y] = count;
    if (count + mostInRow > from.length) [from, to] = [from, to].map(doubled);
    const start = y * width;
    const end = start + width;
    for (let i = start; i < end; i++) {
      if (values[i] <= above) continue;
      from[count] = i - start;
      do i++; while (i < end && values[i] > above);
      to[count++] = i - start;
    }
  }
  rows[height] = count;
  return { rows, from: from.subarray(0, count), to: to.subarray(0, count) };
}

/** @param {Int32Array} list @returns {Int32Array<ArrayBuffer>} the same at its beginning */
function doubled(list) {
  const longer = new Int32Array(list.length * 2);
  longer.set(list);
  return longer;
}

/**
 * @param {Pick<Runs, 'rows' | 'from' | 'to'>} runs
 * @param {number} height
 * @returns {Pick<Runs, 'piece' | 'count'>}
 */
function united({ rows, from, to }, height) {
  // Each run names an earlier one of its piece, or itself.
  const parent = new Int32Array(from.length);
  for (let y = 0; y < height; y++) {
    const end = rows[y];
    let above = y > 0 ? rows[y - 1] : 0;
    for (let run = end; run < rows[y + 1]; run++) {
      parent[run] = run;
      while (above < end && to[above] < from[run]) above++;
      for (let other = above; other < end && from[other] <= to[run]; other++) unite(parent, other, run);
    }
  }
  let count = 0;
  for (let run = 0; run < parent.length; run++) parent[run] = parent[run] === run ? count++ : parent[parent[run]];
  return { piece: parent, count };
}

/**
 * @param {Int32Array} parent
 * @param {number} one
 * @param {number} other
 */
function unite(parent, one, other) {
  const [a, b] = [rootOf(parent, one), rootOf(parent, other)];
  if (a < b) parent[b] = a;
  else parent[a] = b;
}

/**
 * @param {Int32Array} parent shortened on the way
 * @param {number} run
 */
function rootOf(parent, run) {
  while (parent[run] !== run) run = parent[run] = parent[parent[run]];
  return run;
}

/**
 * @param {Runs} runs
 * @param {number} x
 * @param {number} y
 * @returns {number} the run that this pixel is in; -1 for none
 */
export function runAt({ rows, from, to }, x, y) {
  if (!(y >= 0 && y < rows.length - 1)) return -1;
  let first = rows[y];
  let end = rows[y + 1];
  while (first < end) {
    const middle = (first + end) >> 1;
    if (to[middle] <= x) first = middle + 1;
    else end = middle;
  }
  return first < rows[y + 1] && from[first] <= x ? first : -1;
}
