import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import { density, known, metres, perMetre, readDensity } from '../../client/image/read/density.js';
import { jfif } from '../../client/image/write/embed-jpeg.js';
import { look } from '../../client/image/read/inspect.js';
import { bytesOf, golden } from './golden.js';

describe('what Pillow reads', () => {
  for (const { title, file, dpi } of golden('densities')) {
    test(title, async () => {
      const found = await readDensity(await look(new Blob([bytesOf(file)])));
      if (!dpi) return assert.equal(found, null);
      assert.ok(found);
      [found.x, found.y].forEach((value, i) => assert.ok(Math.abs(value / dpi[i] - 1) < 1e-5, `${value} instead of ${dpi[i]}`));
    });
  }
});

test('what no print has is no density', () => {
  for (const [x, y] of [[0, 0], [0, 300], [300, 0.5], [70_000, 70_000], [NaN, NaN]]) assert.equal(density(x, y), null);
  assert.equal(perMetre(-1, -1), null);
  assert.equal(perMetre(1, 1), null);
});

test('a PNG’s whole numbers', () => {
  assert.deepEqual(metres({ x: 300, y: 600 }), [11_811, 23_622]);
});

test('EXIF’s word for unknown is not repeated', () => {
  assert.equal(known({ x: 72, y: 72 }), null);
  assert.equal(known(null), null);
  assert.deepEqual(known({ x: 72, y: 144 }), { x: 72, y: 144 });
});

describe('the whole numbers of JFIF', () => {
  test('per inch, per centimetre, or none', () => {
    assert.deepEqual(jfif({ x: 300, y: 300 }), { unit: 1, x: 300, y: 300 });
    assert.deepEqual(jfif({ x: 299.9994, y: 299.9994 }), { unit: 1, x: 300, y: 300 });
    assert.deepEqual(jfif({ x: 299.72, y: 299.72 }), { unit: 2, x: 118, y: 118 });
    assert.deepEqual(jfif(null), { unit: 0, x: 1, y: 1 });
  });

  test('an ID photo is right to a tenth of a millimetre', () => {
    for (const [width, height, dpi] of [[413, 531, 300], [827, 1063, 600]]) {
      const { unit, x, y } = jfif({ x: dpi, y: dpi });
      assert.equal(unit, 1);
      assert.ok(Math.abs((width / x) * 25.4 - 35) < 0.1);
      assert.ok(Math.abs((height / y) * 25.4 - 45) < 0.1);
    }
  });

  test('within half a dot, and within 16 bits', () => {
    fc.assert(fc.property(fc.double({ min: 1, max: 65_535, noNaN: true }), (dpi) => {
      const { unit, x } = jfif({ x: dpi, y: dpi });
      assert.ok(x >= 1 && x <= 65_535);
      assert.ok(Math.abs(x * (unit === 2 ? 2.54 : 1) - dpi) <= 0.5 + 1e-9);
    }));
  });
});
