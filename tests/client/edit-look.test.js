import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { standIn } from './stand-in.js';

const { lookAt, withContext } = await import('../../client/document/derive/look.js');
const { applyLook } = await import('../../client/document/derive/edits/look.js');

const SIZE = { width: 100, height: 80 };
const COUNT = SIZE.width * SIZE.height;
const BOX = { x: 30, y: 20, width: 40, height: 30 };
const SEEN = { x: 24, y: 14, width: 52, height: 42 };

const grey = () => ({ data: new Uint8ClampedArray(COUNT * 4).fill(128).map((value, i) => (i % 4 === 3 ? 255 : value)), ...SIZE });
const flat = (value) => new Uint16Array(COUNT).fill(value);
/** A look whose matte has a value for each pixel that was seen. */
const look = (value, { box = BOX, seen = SEEN, isOnly = false } = {}) => {
  const values = Uint16Array.from({ length: seen.width * seen.height }, (_, i) => value(seen.x + (i % seen.width), seen.y + Math.floor(i / seen.width)));
  return { kind: 'look', box, seen, isOnly, matte: { values, columns: seen.width, rows: seen.height } };
};
const isIn = ({ x, y, width, height }, u, v) => u >= x && u < x + width && v >= y && v < y + height;
const each = function* () {
  for (let i = 0; i < COUNT; i++) yield [i, i % SIZE.width, Math.floor(i / SIZE.width)];
};
const boxOfChange = (before, after) => {
  const places = [...each()].filter(([i]) => before[i] !== after[i]);
  if (places.length === 0) return null;
  const [xs, ys] = [places.map(([, x]) => x), places.map(([, , y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
};

describe('what was seen of a part', () => {
  test('takes the place of what was there in the box, and nothing else changes outside of what was seen', () => {
    const matte = Uint16Array.from({ length: COUNT }, (_, i) => (i * 7919) % 65536);
    const before = matte.slice();
    const changed = applyLook(matte, grey(), look((x, y) => x * 600 + y), null, false);
    for (const [i, x, y] of each()) {
      if (isIn(BOX, x, y)) assert.equal(matte[i], x * 600 + y);
      else if (!isIn(SEEN, x, y)) assert.equal(matte[i], before[i]);
    }
    assert.deepEqual(changed, boxOfChange(before, matte));
  });

  test('goes over into what was there, on each side evenly, and nowhere by a leap', () => {
    const matte = flat(60_000);
    applyLook(matte, grey(), look(() => 0), null, false);
    const row = [...matte.subarray(35 * SIZE.width, 36 * SIZE.width)];
    const column = Array.from({ length: SIZE.height }, (_, y) => matte[y * SIZE.width + 50]);
    for (const [line, start, end] of [[row, 30, 70], [column, 20, 50]]) {
      const [before, after] = [line.slice(0, start), line.slice(end).reverse()];
      assert.ok(before.every((value, i) => i === 0 || value <= before[i - 1]), 'never up again');
      assert.deepEqual(before.slice(-6), after.slice(-6));
      assert.ok(before.some((value) => value > 0 && value < 60_000), 'soft');
      assert.ok(Math.max(...before.map((value, i) => (i ? before[i - 1] - value : 0))) < 45_000);
    }
  });

  test('has no seam along the border of the photo', () => {
    const whole = { x: 0, y: 0, ...SIZE };
    const matte = flat(65535);
    assert.deepEqual(applyLook(matte, grey(), look(() => 0, { box: whole, seen: whole }), null, false), whole);
    assert.deepEqual(matte, flat(0));
    // A box that all but touches the border is meant to.
    const most = { x: 1, y: 0, width: 98, height: 79 };
    const almost = flat(65535);
    applyLook(almost, grey(), look(() => 0, { box: most, seen: whole }), null, false);
    assert.deepEqual(almost, flat(0));
  });

  test('alone leaves nothing outside', () => {
    const matte = flat(50_000);
    const changed = applyLook(matte, grey(), look(() => 65535, { isOnly: true }), null, false);
    for (const [i, x, y] of each()) {
      if (isIn(BOX, x, y)) assert.equal(matte[i], 65535);
      else if (!isIn(SEEN, x, y)) assert.equal(matte[i], 0);
    }
    assert.deepEqual(changed, { x: 0, y: 0, ...SIZE });
    // Towards the seam's end less and less, whatever was there.
    const edge = [...matte.subarray(35 * SIZE.width + 24, 35 * SIZE.width + 31)];
    assert.deepEqual(edge, edge.toSorted((a, b) => a - b));
  });

  test('that is what was there already changes nothing', () => {
    for (const value of [0, 12_345, 65535]) {
      const matte = flat(value);
      assert.equal(applyLook(matte, grey(), look(() => value), null, false), null);
      assert.deepEqual(matte, flat(value));
    }
    for (const isRefined of [true, false]) {
      for (const value of [0, 65535]) {
        const matte = flat(value);
        assert.equal(applyLook(matte, grey(), look(() => value), null, isRefined), null);
        assert.equal(applyLook(flat(0), grey(), look(() => 0, { isOnly: true }), null, isRefined), null);
      }
    }
  });

  test('is never more opaque than the photo is by itself', () => {
    const pixels = grey();
    for (const [i, x] of each()) pixels.data[i * 4 + 3] = x < 50 ? 51 : 255;
    const ceiling = Uint16Array.from({ length: COUNT }, (_, i) => pixels.data[i * 4 + 3] * 257);
    for (const isRefined of [true, false]) {
      const matte = flat(0);
      applyLook(matte, pixels, look(() => 65535), ceiling, isRefined);
      for (const [i, x, y] of each()) if (isIn(BOX, x, y)) assert.equal(matte[i], x < 50 ? 51 * 257 : 65535);
    }
  });

  test('follows the edges of the photo where that is chosen, inside of the part alone', () => {
    const pixels = grey();
    const isFront = (x, y) => Math.hypot(x - 50, y - 35) < 12;
    for (const [i, x, y] of each()) pixels.data.fill(isFront(x, y) ? 230 : 30, i * 4, i * 4 + 3);
    // Seen at a thirteenth of the photo's pixels, of blocks of which each is wholly one or the other.
    const coarse = { ...look(() => 0), matte: { columns: 13, rows: 10, values: Uint16Array.from({ length: 130 }, (_, i) => (isFront(26 + (i % 13) * 4, 16 + Math.floor(i / 13) * 4.2) ? 65535 : 0)) } };
    const errorOf = (isRefined) => {
      const matte = flat(0);
      applyLook(matte, pixels, coarse, null, isRefined);
      let sum = 0;
      for (const [i, x, y] of each()) sum += Math.abs(matte[i] / 65535 - (isFront(x, y) ? 1 : 0));
      return sum;
    };
    assert.ok(errorOf(true) < 0.7 * errorOf(false), `${errorOf(true)} against ${errorOf(false)}`);
  });
});

describe('a look', () => {
  test('sees what is around the box, as far as the photo goes', () => {
    const size = { width: 1000, height: 800 };
    const { x, y, width, height } = withContext({ x: 400, y: 300, width: 200, height: 100 }, size);
    assert.ok(x < 400 && x > 300 && y < 300 && y > 200);
    assert.deepEqual([x + width - 600, y + height - 400], [400 - x, 300 - y]);
    assert.equal(400 - x, 300 - y, 'as much on each side');
    assert.deepEqual(withContext({ x: 0, y: 0, ...size }, size), { x: 0, y: 0, ...size });
    const corner = withContext({ x: 900, y: 700, width: 100, height: 100 }, size);
    assert.deepEqual([corner.x + corner.width, corner.y + corner.height], [1000, 800]);
  });

  /** A picture as the page hands over what only it can draw. */
  function drawn(t, rgba) {
    const data = new Uint8ClampedArray(COUNT * 4);
    for (const [i, x, y] of each()) data.set(rgba(x, y), i * 4);
    const context = { drawImage() {}, getImageData: () => ({ data }) };
    standIn(t, { navigator: {}, OffscreenCanvas: class { getContext = () => context; } });
    return { ...SIZE, close() {} };
  }
  const modelOf = (alpha) => {
    const shown = [];
    return { shown, run: async (pixels) => (shown.push(pixels), { matte: new Float32Array(6).fill(alpha), columns: 3, rows: 2, ms: { pre: 1, run: 2 } }) };
  };

  test('shows the model the part at its full resolution', async (t) => {
    const bitmap = drawn(t, (x, y) => [x, y, 0, 255]);
    const model = modelOf(0.75);
    const stages = [];
    const { seen, matte, notes, ms } = await lookAt({ source: bitmap, size: SIZE, box: BOX }, model, ({ stage }) => stages.push(stage));
    const [{ data, width, height }] = model.shown;
    assert.deepEqual([width, height], [seen.width, seen.height]);
    for (const [x, y] of [[0, 0], [width - 1, 0], [5, 7], [width - 1, height - 1]]) {
      assert.deepEqual([...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)], [seen.x + x, seen.y + y, 0, 255]);
    }
    assert.deepEqual(matte, { values: new Uint16Array(6).fill(49151), columns: 3, rows: 2 });
    assert.deepEqual([notes, stages, ms.pre, ms.run], [[], ['decoding', 'running'], 1, 2]);
  });

  test('tells where it found nothing', async (t) => {
    const bitmap = drawn(t, () => [9, 9, 9, 255]);
    const { notes } = await lookAt({ source: bitmap, size: SIZE, box: BOX }, modelOf(0.25), () => {});
    assert.deepEqual(notes, [{ code: 'nothing-found', detail: {} }]);
  });

  test('never shows the model what a file hides below transparency', async (t) => {
    const bitmap = drawn(t, (x) => (x < 50 ? [255, 0, 200, 0] : [20, 20, 20, 255]));
    const model = modelOf(1);
    await lookAt({ source: bitmap, size: SIZE, box: BOX }, model, () => {});
    const [{ data }] = model.shown;
    for (let i = 0; i < data.length; i += 4) assert.ok(data[i] === data[i + 1] && data[i + 3] === 255);
  });
});
