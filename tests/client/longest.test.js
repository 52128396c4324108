import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { assertFits, assertWholeFits, fitted } from '../../client/image/longest.js';

const frame = (width, height) => ({ x: 0, y: 0, width, height, toWidth: width, toHeight: height });

test('each type of file ends where its format, or what opens it, ends', () => {
  const ends = { 'image/webp': 16_383, 'image/avif': 32_768, 'image/jpeg': 65_535 };
  for (const [type, limit] of Object.entries(ends)) {
    assertFits({ width: limit, height: 1 }, type);
    for (const size of [{ width: limit + 1, height: 2 }, { width: 2, height: limit + 1 }]) {
      assert.throws(() => assertFits(size, type), ({ code, details }) => code === 'encode-failed' && details.reason === 'too-long' && details.limit === limit);
    }
  }
  assertFits({ width: 200_000, height: 1 }, 'image/png');
});

test('the size that fits has the picture’s shape', () => {
  assert.throws(() => assertFits({ width: 20_000, height: 3000 }, 'image/webp'), ({ details }) => {
    assert.deepEqual(details.reduced, { width: 16_383, height: 2457 });
    return true;
  });
  fc.assert(fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 100_000 }), (width, height) => {
    const { toWidth, toHeight, ...rest } = fitted(frame(width, height), 'image/webp', true);
    assert.deepEqual(rest, { x: 0, y: 0, width, height });
    assert.ok(toWidth >= 1 && toHeight >= 1 && Math.max(toWidth, toHeight) <= 16_383);
    assertFits({ width: toWidth, height: toHeight }, 'image/webp');
    const scale = Math.min(1, 16_383 / Math.max(width, height));
    assert.ok(Math.abs(toWidth - width * scale) <= 1 && Math.abs(toHeight - height * scale) <= 1);
  }));
});

test('what fits stays as it is; what does not is refused unless it may be smaller', () => {
  assert.deepEqual(fitted(frame(300, 200), 'image/webp'), frame(300, 200));
  assert.deepEqual(fitted(frame(90_000, 2)), frame(90_000, 2));
  assert.throws(() => fitted(frame(20_000, 2), 'image/webp'), { code: 'encode-failed' });
});

test('a matte is a PNG, and a crop is known later', () => {
  const size = { width: 20_000, height: 2 };
  assert.throws(() => assertWholeFits(size, { type: 'image/webp' }), { code: 'encode-failed' });
  assertWholeFits(size, { type: 'image/webp', content: 'matte' });
  assertWholeFits(size, { type: 'image/webp', crop: {} });
});
