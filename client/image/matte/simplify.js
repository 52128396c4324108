/**
 * How much each point of a closed line matters (Douglas and Peucker 1973): the distance by which the line would leave it, were it and all
 * that matters less left out. A tolerance then keeps the points above it, and a number of points those that matter most.
 *
 * @param {number[]} points x and y of each, at least two that differ; the line goes back to the first
 * @returns {Float32Array} of each point; Infinity for the two that all others are judged by
 */
export function importance(points) {
  const count = points.length / 2;
  const weights = new Float32Array(count);
  const far = farthest(points, 0, 0, 1, count);
  weights[0] = weights[far.index] = Infinity;
  const open = [{ first: 0, last: far.index, most: Infinity }, { first: far.index, last: count, most: Infinity }];
  for (let part = open.pop(); part; part = open.pop()) {
    const { first, last, most } = part;
    if (last - first < 2) continue;
    const { index, distance } = farthest(points, first, last % count, first + 1, last);
    // What is judged by a point cannot stay without it.
    weights[index] = Math.min(most, distance);
    open.push({ first, last: index, most: weights[index] }, { first: index, last, most: weights[index] });
  }
  return weights;
}

/**
 * @param {number[]} points
 * @param {number} a
 * @param {number} b
 * @param {number} from
 * @param {number} to
 * @returns {{ index: number, distance: number }} which of the points `from` up to `to` is furthest from the line from a to b
 */
function farthest(points, a, b, from, to) {
  const [ax, ay] = [points[a * 2], points[a * 2 + 1]];
  const [dx, dy] = [points[b * 2] - ax, points[b * 2 + 1] - ay];
  const square = dx * dx + dy * dy || 1;
  let [index, most] = [from, -1];
  for (let i = from; i < to; i++) {
    const [px, py] = [points[i * 2] - ax, points[i * 2 + 1] - ay];
    const share = Math.min(1, Math.max(0, (px * dx + py * dy) / square));
    const [ex, ey] = [px - share * dx, py - share * dy];
    const distance = ex * ex + ey * ey;
    if (distance > most) [index, most] = [i, distance];
  }
  return { index, distance: Math.sqrt(most) };
}
