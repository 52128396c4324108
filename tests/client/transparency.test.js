import assert from 'node:assert/strict';
import { test } from 'node:test';

import { multiplyByAlpha } from '../../client/image/transparency.js';

test('the matte is multiplied by every alpha that the photo came with', () => {
  const data = Uint8ClampedArray.from({ length: 256 * 256 * 4 }, (_, i) => (i % 4 === 3 ? (i >> 2) >> 8 : (i * 31) >> 3));
  const colours = data.slice();
  const matte = Uint16Array.from({ length: 256 * 256 }, (_, i) => (i % 256) * 257);
  multiplyByAlpha(matte, { data, width: 256, height: 256 });
  for (let i = 0; i < matte.length; i++) {
    const exact = ((i % 256) * 257 * (i >> 8)) / 255;
    assert.ok(Math.abs(matte[i] - exact) <= 0.5, `alpha ${i >> 8}, matte ${(i % 256) * 257}: ${matte[i]}`);
  }
  assert.deepEqual(data, colours);
});

test('an opaque photo leaves the matte as it is', () => {
  const data = Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255);
  const matte = Uint16Array.of(0, 12_345, 65_535);
  multiplyByAlpha(matte, { data, width: 3, height: 1 });
  assert.deepEqual([...matte], [0, 12_345, 65_535]);
});
