import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { adjusted, reachOf } from '../../client/document/derive/edits/adjust.js';
import { random } from './numbers.js';

const SIZE = { width: 230, height: 170 };
const WHOLE = { x: 0, y: 0, ...SIZE };

/** Blobs with soft edges, some at the border, and what is flat between them. */
function matteOf(seed, { width, height } = SIZE) {
  const next = random(seed);
  const blobs = Array.from({ length: 5 }, () => ({ x: next() * width, y: next() * height, radius: 5 + next() * 30, soft: 1 + next() * 12 }));
  return Uint16Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const most = Math.max(...blobs.map((blob) => (blob.radius - Math.hypot(x - blob.x, y - blob.y)) / blob.soft));
    return Math.round(65535 * Math.min(1, Math.max(0, most)));
  });
}

const of = (matte, adjustment, box = WHOLE, ceiling = null) => adjusted(matte, SIZE, { feather: 0, shift: 0, ...adjustment }, box, ceiling);

/** All that a single pixel becomes: the element that edges are moved by. */
function element(radius) {
  const side = 2 * radius + 11;
  const matte = new Uint16Array(side * side);
  matte[Math.floor(side / 2) * (side + 1)] = 65535;
  return { side, values: adjusted(matte, { width: side, height: side }, { feather: 0, shift: radius }, { x: 0, y: 0, width: side, height: side }, null) };
}

test('nothing is exactly nothing', () => {
  const matte = matteOf(1).map((value, i) => (i % 97 === 0 ? 100 : value));
  assert.deepEqual(of(matte, {}), matte);
});

describe('moving edges', () => {
  test('is as round as whole pixels allow, and the farther holds the nearer', () => {
    let before = null;
    for (let radius = 1; radius <= 50; radius++) {
      const { side, values } = element(radius);
      const middle = Math.floor(side / 2);
      for (let i = 0; i < values.length; i++) {
        const away = Math.hypot((i % side) - middle, Math.floor(i / side) - middle);
        // A regular octagon's corners are 8 % farther away than its sides.
        if (away <= radius - 0.51) assert.equal(values[i], 65535, `a hole ${away} away of ${radius}`);
        if (away > radius * 1.083 + 0.75) assert.equal(values[i], 0, `${away} away of ${radius}`);
      }
      if (before) {
        const at = (i) => values[(Math.floor(i / before.side) + 1) * side + (i % before.side) + 1];
        assert.ok(before.values.every((value, i) => value <= at(i)), `${radius} holds what is less`);
      }
      before = { side, values };
    }
  });

  test('takes the largest value, or the smallest, of all that the element reaches', () => {
    for (const [seed, shift] of [[2, 1], [3, 2], [4, -3], [5, 7], [6, -12], [7, 20]]) {
      const matte = matteOf(seed);
      const found = of(matte, { shift });
      const { side, values } = element(Math.abs(shift));
      const middle = Math.floor(side / 2);
      const offsets = [...values.keys()].filter((i) => values[i] > 0).map((i) => [(i % side) - middle, Math.floor(i / side) - middle]);
      const next = random(seed);
      for (let n = 0; n < 500; n++) {
        const [x, y] = [Math.floor(next() * SIZE.width), Math.floor(next() * SIZE.height)];
        const around = offsets.map(([u, v]) => [x + u, y + v]).filter(([u, v]) => u >= 0 && v >= 0 && u < SIZE.width && v < SIZE.height).map(([u, v]) => matte[v * SIZE.width + u]);
        const expected = shift > 0 ? Math.max(...around) : Math.min(...around);
        const ends = expected <= 128 ? 0 : expected >= 65407 ? 65535 : expected;
        assert.equal(found[y * SIZE.width + x], ends, `by ${shift} at ${x}, ${y}`);
      }
    }
  });

  test('by a part of a pixel lies between what whole ones do', () => {
    const matte = matteOf(8);
    const [less, half, more] = [4, 4.5, 5].map((shift) => of(matte, { shift }));
    assert.ok(half.every((value, i) => value >= less[i] && value <= more[i]));
    // Snapped at the ends.
    assert.ok(half.every((value, i) => Math.abs(value - (less[i] + more[i]) / 2) <= 129));
  });

  test('what touches the border of the photo does not come away from it', () => {
    const matte = Uint16Array.from({ length: SIZE.width * SIZE.height }, (_, i) => (i % SIZE.width < 100 ? 65535 : 0));
    const found = of(matte, { shift: -10, feather: 20 });
    for (let y = 0; y < SIZE.height; y++) assert.deepEqual([...found.subarray(y * SIZE.width, y * SIZE.width + 70)], Array.from({ length: 70 }, () => 65535));
    assert.ok(found[80 * SIZE.width + 90] < 65535);
  });
});

describe('softening edges', () => {
  test('makes a hard edge a ramp of so many pixels, as a Gaussian would', () => {
    for (const feather of [0.5, 3, 6, 20, 33.3, 50]) {
      const matte = Uint16Array.from({ length: SIZE.width * SIZE.height }, (_, i) => (i % SIZE.width < 100 ? 0 : 65535));
      const row = of(matte, { feather }).subarray(80 * SIZE.width, 81 * SIZE.width);
      const soft = row.filter((value) => value > 0 && value < 65535).length;
      // The last pixels at each end differ by less than can be told apart in 8 bits, and are snapped.
      assert.ok(soft <= 6 * Math.ceil(feather / 6) && soft >= feather * 0.75 - 1, `${soft} of ${feather}`);
      // Three lines of 1 + feather / 3 pixels each, of which one pixel is the edge's own.
      const sigma = Math.sqrt((3 * ((1 + feather / 3) ** 2 - 1)) / 12);
      if (feather < 6) continue;
      let most = 0;
      for (let x = 50; x < 150; x++) {
        // The mean of the Gaussian's integral over the pixel.
        let expected = 0;
        for (let k = 0; k < 100; k++) expected += integral((x - 100 + (k + 0.5) / 100) / Math.hypot(sigma, Math.sqrt(1 / 12))) / 100;
        most = Math.max(most, Math.abs(row[x] / 65535 - expected));
      }
      assert.ok(most < 0.025, `${most} from a Gaussian at ${feather}`);
    }
  });

  test('keeps as much as there was, and is the same across and down', () => {
    const side = 121;
    const matte = new Uint16Array(side * side);
    for (let y = 50; y < 71; y++) matte.fill(65535, y * side + 50, y * side + 71);
    const found = adjusted(matte, { width: side, height: side }, { feather: 25.5, shift: 0 }, { x: 0, y: 0, width: side, height: side }, null);
    const sum = (values) => values.reduce((all, value) => all + value, 0);
    assert.ok(Math.abs(sum(found) / sum(matte) - 1) < 0.005);
    assert.ok(found.every((value, i) => Math.abs(value - found[(i % side) * side + Math.floor(i / side)]) <= 1));
  });
});

test('a part has the values of the whole', () => {
  const next = random(9);
  for (let round = 0; round < 10; round++) {
    const matte = matteOf(round + 20);
    const adjustment = { feather: next() < 0.3 ? 0 : next() * 50, shift: next() < 0.3 ? 0 : next() * 60 - 30 };
    const whole = of(matte, adjustment);
    const [x, y] = [Math.floor(next() * 200), Math.floor(next() * 150)];
    const box = { x, y, width: 1 + Math.floor(next() * (SIZE.width - x)), height: 1 + Math.floor(next() * (SIZE.height - y)) };
    const part = of(matte, adjustment, box);
    assert.ok(part.every((value, i) => value === whole[(y + Math.floor(i / box.width)) * SIZE.width + x + (i % box.width)]), JSON.stringify({ adjustment, box }));
  }
});

test('nothing is decided by what lies farther away than is told', () => {
  const adjustment = { feather: 17, shift: 6.5 };
  const reach = reachOf(adjustment);
  const matte = matteOf(50);
  const other = matte.slice();
  const box = { x: 90, y: 70, width: 20, height: 10 };
  for (let i = 0; i < other.length; i++) {
    const [x, y] = [i % SIZE.width, Math.floor(i / SIZE.width)];
    if (x < box.x - reach || y < box.y - reach || x >= box.x + box.width + reach || y >= box.y + box.height + reach) other[i] = 65535 - other[i];
  }
  assert.deepEqual(of(other, adjustment, box), of(matte, adjustment, box));
});

test('nothing becomes more opaque than the photo is', () => {
  const ceiling = matteOf(60);
  const matte = ceiling.map((value) => value >> 1);
  for (const adjustment of [{ shift: 9 }, { feather: 30 }, { shift: -4, feather: 8 }]) {
    assert.ok(of(matte, adjustment, WHOLE, ceiling).every((value, i) => value <= ceiling[i]));
  }
});

/** The standard normal distribution's integral (Abramowitz and Stegun 26.2.17, to 1e-7). */
function integral(x) {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x >= 0 ? 1 - tail : tail;
}
