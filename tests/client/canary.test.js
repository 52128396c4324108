import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';

import { assertCanary } from '../../client/runtime/canary.js';
import { canaryPlanes, samplesOf } from '../../client/tasks/matting-canary.js';
import { golden } from './golden.js';

describe('the picture is the one that the model store draws', () => {
  for (const { width, height, seed, sha256 } of golden('canary')) {
    test(`${width} x ${height}, seed ${seed}`, () => {
      assert.equal(createHash('sha256').update(canaryPlanes(width, height, seed)).digest('hex'), sha256);
    });
  }
});

/** A part of 24 x 40 with a matte, and that matte's own samples as what is expected. */
function bench() {
  const [width, height, grid] = [40, 24, 4];
  const matte = Float32Array.from({ length: width * height }, (_, i) => ((i * 17) % 101) / 100);
  // The centres of the cells of a grid of 4 x 4, written out.
  const at = [3, 9, 15, 21].flatMap((y) => [5, 15, 25, 35].map((x) => y * width + x));
  const canary = { grid, samples: at.map((i) => matte[i]), tolerance: { mean: 0.01, max: 0.08 } };
  return { matte, at, part: { model: 'u2netp', canary } };
}

/** @param {Float32Array} matte of that part */
const checkCanary = (matte, part) => assertCanary(samplesOf({ matte, columns: 40, rows: 24 }, part.canary.grid), part);

test('a matte passes by its own samples, whatever lies between them', () => {
  const { matte, at, part } = bench();
  checkCanary(matte, part);
  checkCanary(matte.map((value, i) => (at.includes(i) ? value : NaN)), part);
});

describe('how far a matte may be off', () => {
  const shift = (by, count) => {
    const { matte, at, part } = bench();
    for (const i of at.slice(0, count)) matte[i] += by;
    return () => checkCanary(matte, part);
  };
  test('a little, everywhere', () => shift(0.009, 16)());
  test('more, at one place', () => shift(-0.07, 1)());
  test('not so much on average', () => {
    assert.throws(shift(0.012, 16), ({ code, details }) => {
      assert.deepEqual([code, details.model, details.tolerance], ['canary-mismatch', 'u2netp', { mean: 0.01, max: 0.08 }]);
      return Math.abs(details.mean - 0.012) < 1e-6 && Math.abs(details.max - 0.012) < 1e-6;
    });
  });
  for (const by of [0.1, -0.1]) {
    test(`not by ${by} at one place`, () => assert.throws(shift(by, 1), { code: 'canary-mismatch' }));
  }
  test('NaN at one place is no match', () => assert.throws(shift(NaN, 1), { code: 'canary-mismatch' }));
});

test('a canary without samples passes nothing', () => {
  const canary = { samples: [], tolerance: { mean: 1, max: 1 } };
  assert.throws(() => assertCanary([], { model: 'u2netp', canary }), { code: 'canary-mismatch' });
});

test('a mirrored or turned matte does not pass', () => {
  const { matte, part } = bench();
  const mirrored = matte.map((_, i) => matte[Math.floor(i / 40) * 40 + 39 - (i % 40)]);
  for (const wrong of [mirrored, matte.toReversed()]) assert.throws(() => checkCanary(wrong, part), { code: 'canary-mismatch' });
});
