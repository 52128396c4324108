/**
 * A person who paints with the edge brush over all that is truly soft, half as wide again as it is: the union of the discs around each
 * soft pixel that reach one and a half times as far as the softness does.
 *
 * @typedef {{ width: number, height: number }} Size
 * @typedef {import('../../client/document/edits.js').Stroke} Stroke
 */

const WIDER = 1.5;
/** Alpha of 8 bits from which on it is soft, and up to which. */
const SOFT = [0.02 * 255, 0.98 * 255];

/**
 * @param {Uint8Array} truth
 * @param {Size} size
 * @param {number} [wider]
 * @returns {Stroke[]} one for each part of the band that hangs together, the largest first
 */
export function strokesOver(truth, size, wider = WIDER) {
  const isSoft = Uint8Array.from(truth, (alpha) => Number(alpha > SOFT[0] && alpha < SOFT[1]));
  const radius = distances(isSoft, size).map((d) => d * wider);
  const band = unionOfDiscs(radius, size);
  return componentsOf(band, size).map((places) => strokeThrough(places, band, radius, size));
}

/** Euclidean distance of each place that is 1 from the nearest that is 0 (Felzenszwalb and Huttenlocher). */
function distances(mask, { width, height }) {
  const out = Float64Array.from(mask, (one) => (one ? 1e9 : 0));
  for (let x = 0; x < width; x++) transformLine(out, x, width, height);
  for (let y = 0; y < height; y++) transformLine(out, y * width, 1, width);
  return Float32Array.from(out, Math.sqrt);
}

function transformLine(values, start, stride, count) {
  const from = Float64Array.from({ length: count }, (_, i) => values[start + i * stride]);
  const at = new Int32Array(count);
  const ends = new Float64Array(count + 1).fill(Infinity);
  ends[0] = -Infinity;
  let last = 0;
  const meet = (i, j) => (from[i] + i * i - from[j] - j * j) / (2 * (i - j));
  for (let i = 1; i < count; i++) {
    while (last >= 0 && meet(i, at[last]) <= ends[last]) last--;
    last++;
    at[last] = i;
    ends[last] = last ? meet(i, at[last - 1]) : -Infinity;
    ends[last + 1] = Infinity;
  }
  for (let i = 0, k = 0; i < count; i++) {
    while (ends[k + 1] < i) k++;
    values[start + i * stride] = (i - at[k]) ** 2 + from[at[k]];
  }
}

function unionOfDiscs(radius, { width, height }) {
  const out = new Uint8Array(radius.length);
  for (let i = 0; i < radius.length; i++) {
    if (!radius[i] || isWithinNeighbour(radius, i, width)) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    for (let v = Math.max(0, Math.ceil(y - radius[i])); v <= Math.min(height - 1, y + radius[i]); v++) {
      const half = Math.floor(Math.sqrt(radius[i] ** 2 - (v - y) ** 2));
      out.fill(1, v * width + Math.max(0, x - half), v * width + Math.min(width - 1, x + half) + 1);
    }
  }
  return out;
}

/** Whether the disc of a place lies within that of one beside it. */
function isWithinNeighbour(radius, i, width) {
  return [1, -1, width, -width].some((step) => radius[i + step] >= radius[i] + 1) ||
    [width + 1, width - 1, -width + 1, -width - 1].some((step) => radius[i + step] >= radius[i] + Math.SQRT2);
}

function neighbours(i, { width, height }) {
  const [x, y] = [i % width, Math.floor(i / width)];
  const out = [];
  for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
    for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) if (u !== x || v !== y) out.push(v * width + u);
  }
  return out;
}

function componentsOf(mask, size) {
  const seen = new Uint8Array(mask.length);
  const all = [];
  for (let i = 0; i < mask.length; i++) {
    if (!mask[i] || seen[i]) continue;
    const places = [i];
    seen[i] = 1;
    for (let k = 0; k < places.length; k++) {
      for (const next of neighbours(places[k], size)) {
        if (!mask[next] || seen[next]) continue;
        seen[next] = 1;
        places.push(next);
      }
    }
    all.push(places);
  }
  return all.sort((one, other) => other.length - one.length);
}

/** There and back along the branches of a tree that holds all places whose discs make up the band. */
function strokeThrough(places, band, radius, size) {
  const root = places.reduce((best, i) => (radius[i] > radius[best] ? i : best), places[0]);
  const parents = new Map([[root, -1]]);
  for (const [i] of parents) for (const next of neighbours(i, size)) if (band[next] && !parents.has(next)) parents.set(next, i);
  const children = new Map();
  const reached = new Set([root]);
  for (const i of places) {
    if (!radius[i] || isWithinNeighbour(radius, i, size.width)) continue;
    for (let at = i; !reached.has(at); at = parents.get(at)) {
      reached.add(at);
      const parent = parents.get(at);
      if (!children.has(parent)) children.set(parent, []);
      children.get(parent).push(at);
    }
  }
  const largest = 2 * Math.max(radius[root], 1);
  const points = [];
  const visit = (i) => points.push((i % size.width) + 0.5, Math.floor(i / size.width) + 0.5, Math.min(1, (2 * radius[i]) / largest));
  const stack = [[root, 0]];
  visit(root);
  while (stack.length > 0) {
    const top = stack.at(-1);
    const next = children.get(top[0])?.[top[1]++];
    if (next === undefined) {
      stack.pop();
      // Back, but not beyond the last branch.
      if (stack.length > 0 && stack.some(([i, done]) => done < (children.get(i)?.length ?? 0))) visit(stack.at(-1)[0]);
    } else {
      visit(next);
      stack.push([next, 0]);
    }
  }
  return { kind: 'stroke', brush: 'edge', size: largest, hardness: 1, points: Float32Array.from(points) };
}
