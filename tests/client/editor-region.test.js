import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { borderOf, trimmed } from '../../client/editor/region.js';

const PHOTO = { x: 0, y: 0, width: 1000, height: 600 };
const answer = (value, { seen = PHOTO, columns = 50, rows = 30 } = {}) => ({ seen, matte: { columns, rows, values: Uint16Array.from({ length: columns * rows }, (_, i) => Math.round(65535 * value(i % columns, Math.floor(i / columns)))) } });
const inBox = (left, top, right, bottom) => (x, y) => (x >= left && x < right && y >= top && y < bottom ? 0.9 : 0.02);

describe('of an answer', () => {
  test('as much is kept as the thing takes up, and a margin', () => {
    const { seen, matte } = trimmed(answer(inBox(20, 10, 30, 15)));
    assert.deepEqual(seen, { x: 280, y: 80, width: 440, height: 340 });
    assert.deepEqual([matte.columns, matte.rows], [22, 17]);
    assert.ok(matte.values.subarray(0, 22).every((value) => value < 2000));
    assert.equal(matte.values[6 * 22 + 6], Math.round(0.9 * 65535));
  });
  test('nothing is left out that may play a part', () => {
    const { seen } = trimmed(answer((x, y) => (x === 40 && y === 3 ? 0.9 : x === 2 && y === 25 ? 0.4 : 0)));
    assert.deepEqual(seen, { x: 0, y: 0, width: 940, height: 600 });
  });
  test('nothing is kept where nothing is taken', () => {
    assert.equal(trimmed(answer(() => 0.45)), null);
    assert.equal(trimmed(answer(() => 0)), null);
  });
  test('pixels are whole, inside of what was seen, and within half a one of the places', () => {
    const seen = { x: 13, y: 7, width: 997, height: 601 };
    const { seen: part, matte } = trimmed(answer(inBox(20, 10, 30, 15), { seen }));
    assert.ok(Object.values(part).every(Number.isInteger));
    assert.ok(Math.abs(part.x - 13 - (14 * 997) / 50) <= 0.5 && Math.abs(part.width - (matte.columns * 997) / 50) <= 1);
    const all = trimmed(answer(() => 1, { seen }));
    assert.deepEqual(all.seen, seen);
  });
});

/** Closed ways along the border's lines, each as its corners. */
function waysOf(border) {
  const key = (i) => `${border[i].toFixed(3)} ${border[i + 1].toFixed(3)}`;
  const ends = new Map();
  for (let i = 0; i < border.length; i += 4) for (const [from, to] of [[i, i + 2], [i + 2, i]]) ends.set(key(from), [...(ends.get(key(from)) ?? []), [key(to), i]]);
  const [used, ways] = [new Set(), []];
  for (let i = 0; i < border.length; i += 4) {
    if (used.has(i)) continue;
    const way = [key(i)];
    for (let next = [key(i + 2), i]; next; next = ends.get(way.at(-1))?.find(([, line]) => !used.has(line))) {
      used.add(next[1]);
      way.push(next[0]);
    }
    ways.push(way.map((place) => place.split(' ').map(Number)));
  }
  return ways;
}
const areaOf = (way) => Math.abs(way.slice(1).reduce((sum, [x, y], i) => sum + way[i][0] * y - x * way[i][1], 0)) / 2;

describe('the border of a thing', () => {
  test('goes around it in the photo’s pixels, and closes', () => {
    const ways = waysOf(borderOf(trimmed(answer(inBox(20, 10, 30, 15)))));
    assert.equal(ways.length, 1);
    const [way] = ways;
    assert.deepEqual(way[0], way.at(-1));
    assert.ok(Math.abs(areaOf(way) / (200 * 100) - 1) < 0.06, `${areaOf(way)}`);
  });
  test('lies where the likelihood is one half, between two places', () => {
    const [way] = waysOf(borderOf(answer((x) => (x < 20 ? 1 : x === 20 ? 0.2 : 0))));
    const most = Math.max(...way.map(([x]) => x));
    // From 1 in the middle of the twentieth place to 0.2 in that of the next: five eighths of the way.
    assert.ok(Math.abs(most - (19.5 + 0.625) * 20) < 0.1, `${most}`);
  });
  test('of what fills the photo is that of the photo', () => {
    const [way] = waysOf(borderOf(answer(() => 1)));
    assert.ok(Math.abs(areaOf(way) / (1000 * 600) - 1) < 0.001);
  });
  test('has holes, and all pieces, and those that touch at a corner only', () => {
    const ring = (x, y) => (Math.hypot(x - 12, y - 15) < 10 && Math.hypot(x - 12, y - 15) > 5 ? 1 : Math.hypot(x - 40, y - 15) < 6 ? 1 : 0);
    assert.equal(waysOf(borderOf(answer(ring))).length, 3);
    const corners = waysOf(borderOf(answer((x, y) => ((x === 5 && y === 5) || (x === 6 && y === 6) ? 1 : 0))));
    assert.equal(corners.length, 2);
    const others = waysOf(borderOf(answer((x, y) => ((x === 6 && y === 5) || (x === 5 && y === 6) ? 1 : 0))));
    assert.equal(others.length, 2);
  });
  test('is not there where nothing is taken', () => assert.equal(borderOf(answer(() => 0.4)).length, 0));
});
