import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';

import { pixelLimits, reducedTo } from '../../client/image/read/limits.js';

test('a computer takes 54 megapixels, a phone of 2 GiB those of its camera', () => {
  for (const deviceMemory of [8, 16, 32, undefined]) assert.equal(pixelLimits({ deviceMemory }).limit, 64_000_000);
  assert.ok(pixelLimits({ deviceMemory: 4 }).limit > 33_000_000);
  assert.ok(pixelLimits({ deviceMemory: 2 }).limit > 16_000_000);
  assert.ok(pixelLimits({ deviceMemory: 0.25 }).limit > 2_000_000);
});

test('what is made smaller may be larger, but not without end', () => {
  for (const deviceMemory of [0.25, 1, 2, 4, 8, 64]) {
    const { limit, hard } = pixelLimits({ deviceMemory });
    assert.ok(hard > limit * 3 && hard < 400_000_000);
  }
});

test('a reduced size is within the limit, near it, and has the photo’s shape', () => {
  const side = fc.integer({ min: 1, max: 60_000 });
  fc.assert(
    fc.property(side, side, fc.integer({ min: 100_000, max: 64_000_000 }), (width, height, limit) => {
      const size = reducedTo({ width, height }, limit);
      assert.ok(size.width >= 1 && size.height >= 1 && size.width * size.height <= limit);
      if (width * height <= limit) return assert.deepEqual(size, { width, height });
      const [long, short] = [Math.max(size.width, size.height), Math.min(size.width, size.height)];
      assert.ok((long + 1) * (short + 1) > limit);
      return assert.ok(Math.abs(long / Math.max(width, height) - Math.sqrt(limit / (width * height))) <= 1 / Math.max(width, height) + 1e-9);
    }),
  );
});
