import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { firstSize, nextHardness, nextSize, SIZES, sizeOfSlider, sliderOfSize } from '../../client/editor/brush.js';
import { Stroke } from '../../client/editor/stroke.js';
import { Turns } from '../../client/editor/turns.js';

const BRUSH = { brush: 'restore', size: 20, hardness: 0.5 };
const SEEN = { level: 1, look: 'cutout', visible: { x: 0, y: 0, width: 9, height: 9 } };
const point = (x, y = 0, pressure = 1) => ({ x, y, pressure });
const settled = () => new Promise((resolve) => { setImmediate(resolve); });

/** A worker that answers when it is told to, and what it was asked. */
function worker() {
  const calls = [];
  const open = [];
  const paint = (args) => {
    calls.push(args);
    return new Promise((resolve, reject) => { open.push({ resolve, reject }); });
  };
  return { calls, paint, answer: () => open.shift().resolve(), fail: (error) => open.shift().reject(error) };
}

const xs = ({ points }) => [...points].filter((_, i) => i % 3 === 0);

describe('a stroke', () => {
  test('has one call on its way, and sends all that has come meanwhile with the next one', async () => {
    const { calls, paint, answer } = worker();
    const stroke = new Stroke(BRUSH, paint, () => SEEN);
    stroke.add([point(0)]);
    stroke.add([point(10), point(20)]);
    stroke.add([point(30)]);
    await settled();
    assert.deepEqual(calls.map(xs), [[0]]);
    answer();
    await settled();
    assert.deepEqual(calls.map(xs), [[0], [10, 20, 30]]);
    assert.deepEqual(calls.map(({ isLast }) => isLast), [false, false]);
    assert.deepEqual({ ...calls[1], points: null }, { ...BRUSH, ...SEEN, isLast: false, points: null });
  });

  test('ends with a call that says so, and has a point', async () => {
    const { calls, paint, answer } = worker();
    const stroke = new Stroke(BRUSH, paint, () => SEEN);
    stroke.add([point(5, 6, 0.5)]);
    await settled();
    answer();
    await settled();
    const finished = stroke.finish();
    await settled();
    answer();
    await finished;
    assert.deepEqual(calls.map(({ isLast, points }) => [isLast, [...points]]), [[false, [5, 6, 0.5]], [true, [5, 6, 0.5]]]);
  });

  test('ends at once where its last points are still to be sent', async () => {
    const { calls, paint, answer } = worker();
    const stroke = new Stroke(BRUSH, paint, () => SEEN);
    stroke.add([point(0)]);
    stroke.add([point(9)]);
    const finished = stroke.finish();
    await settled();
    answer();
    await settled();
    answer();
    await finished;
    assert.deepEqual(calls.map(({ isLast, points }) => [isLast, points[0]]), [[false, 0], [true, 9]]);
  });

  test('leaves out what lies too close to be seen, but for another pressure', async () => {
    const { calls, paint, answer } = worker();
    const stroke = new Stroke(BRUSH, paint, () => SEEN);
    stroke.add([point(0), point(0.1), point(0.3), point(0.2, 0, 0.5), point(3)]);
    await settled();
    assert.deepEqual(xs(calls[0]).map((x) => Math.round(x * 10) / 10), [0, 0.2, 3]);
    assert.deepEqual(stroke.end, point(3));
    answer();
  });

  test('that is given up sends nothing more, and says whether anything of it was sent', async () => {
    const { calls, paint, answer } = worker();
    assert.equal(await new Stroke(BRUSH, paint, () => SEEN).giveUp(), false);
    const stroke = new Stroke(BRUSH, paint, () => SEEN);
    stroke.add([point(0)]);
    stroke.add([point(9)]);
    const givenUp = stroke.giveUp();
    answer();
    assert.equal(await givenUp, true);
    assert.equal(calls.length, 1);
  });

  test('tells at its end what failed', async () => {
    const { paint, fail } = worker();
    const stroke = new Stroke(BRUSH, paint, () => SEEN);
    stroke.add([point(0)]);
    const finished = stroke.finish();
    fail(new Error('gone'));
    await assert.rejects(finished, /gone/u);
  });
});

describe('turns', () => {
  test('are taken one at a time, what is urgent before what is not', async () => {
    const turns = new Turns();
    const order = [];
    let release;
    const first = turns.enter(() => new Promise((resolve) => { release = resolve; }));
    const done = ['a', 'b'].map((name) => turns.enter(async () => order.push(name)));
    done.push(turns.enter(async () => order.push('now'), { isUrgent: true }));
    assert.deepEqual(order, []);
    release('one');
    assert.equal(await first, 'one');
    await Promise.all(done);
    assert.deepEqual(order, ['now', 'a', 'b']);
  });

  test('go on after one that failed', async () => {
    const turns = new Turns();
    const failed = turns.enter(() => Promise.reject(new Error('no')));
    const next = turns.enter(async () => 'yes');
    await assert.rejects(failed, /no/u);
    assert.equal(await next, 'yes');
  });
});

describe('a brush', () => {
  test('becomes smaller and larger in steps that can be felt, within its bounds', () => {
    for (let size = SIZES.least; size < SIZES.most; size = nextSize(size, 1)) {
      const next = nextSize(size, 1);
      assert.ok(next > size && next <= Math.max(size + 1, size * 1.25), `${size} to ${next}`);
      assert.ok(nextSize(next, -1) < next);
    }
    assert.equal(nextSize(SIZES.least, -1), SIZES.least);
    assert.equal(nextSize(SIZES.most, 1), SIZES.most);
  });
  test('becomes softer and harder by tenths', () => {
    assert.deepEqual([nextHardness(0.8, 1), nextHardness(0.85, -1), nextHardness(1, 1), nextHardness(0, -1)], [0.9, 0.8, 1, 0]);
  });
  test('has a place on the slider', () => {
    for (const size of [1, 2, 17, 150, 2000]) assert.equal(sizeOfSlider(sliderOfSize(size)), size);
    assert.deepEqual([sizeOfSlider(0), sizeOfSlider(100)], [SIZES.least, SIZES.most]);
  });
  test('is at first as large as the photo asks for', () => {
    assert.deepEqual([firstSize({ width: 4000, height: 3000 }), firstSize({ width: 10, height: 3 })], [200, 1]);
  });
});
