/** Small mattes, and their pieces by flooding from every pixel. */

export const SEEN = 4096;
export const UNSEEN = 4095;

/** A matte as a drawing: `#` opaque, `+` just visible, `.` just not, blank nothing. */
export function drawn(...lines) {
  const size = { width: lines[0].length, height: lines.length };
  const values = { '#': 65535, '+': SEEN, '.': UNSEEN, ' ': 0 };
  return { size, matte: Uint16Array.from(lines.join(''), (mark) => values[mark]) };
}

export function shownAs(matte, { width }) {
  const marks = { 65535: '#', [SEEN]: '+', [UNSEEN]: '.', 0: ' ' };
  const text = [...matte].map((value) => marks[value]).join('');
  return Array.from({ length: text.length / width }, (_, y) => text.slice(y * width, (y + 1) * width));
}

/** The same numbers each time. */
export function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A matte of blots and specks, with faint pixels around and between. */
export function blotted(seed, width, height, count) {
  const next = numbers(seed);
  const blots = Array.from({ length: count }, () => [next() * width, next() * height, 0.5 + next() ** 3 * 9]);
  const matte = Uint16Array.from({ length: width * height }, (_, i) => {
    const near = Math.max(...blots.map(([x, y, radius]) => radius - Math.hypot((i % width) - x, Math.floor(i / width) - y)));
    return near > 0 ? 65535 : near > -1 ? 20000 : near > -3 ? 3000 + Math.floor(next() * 1500) : next() < 0.1 ? 900 : 0;
  });
  return { matte, size: { width, height } };
}

/** The 8 places around, inside. */
export function around(i, { width, height }) {
  const [x, y] = [i % width, Math.floor(i / width)];
  const places = [];
  for (let v = y - 1; v <= y + 1; v++) {
    for (let u = x - 1; u <= x + 1; u++) if (u >= 0 && u < width && v >= 0 && v < height && (u !== x || v !== y)) places.push(v * width + u);
  }
  return places;
}

/** Pieces by flooding from each pixel: an index for each pixel, 0 for none. */
export function flooded(matte, size) {
  const names = new Int32Array(matte.length);
  let count = 0;
  for (let from = 0; from < matte.length; from++) {
    if (matte[from] < SEEN || names[from]) continue;
    count++;
    const open = [from];
    names[from] = count;
    while (open.length) for (const near of around(open.pop(), size)) if (matte[near] >= SEEN && !names[near]) { names[near] = count; open.push(near); }
  }
  return { names, count };
}
