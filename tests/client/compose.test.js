import assert from 'node:assert/strict';
import { test } from 'node:test';

import { applyMatte } from '../../client/image/compose.js';

/** Every alpha with every matte value: 256 x 256 pixels. */
function allPairs() {
  const data = Uint8ClampedArray.from({ length: 256 * 256 * 4 }, (_, i) => (i % 4 === 3 ? (i >> 2) >> 8 : (i * 31) >> 3));
  const matte = Uint8ClampedArray.from({ length: 256 * 256 }, (_, i) => i);
  return { data, matte };
}

test('the matte multiplies the alpha that the photo came with', () => {
  const { data, matte } = allPairs();
  applyMatte({ data, width: 256, height: 256 }, matte);
  for (let i = 0; i < matte.length; i++) {
    const exact = ((i >> 8) * matte[i]) / 255;
    assert.ok(Math.abs(data[i * 4 + 3] - exact) <= 0.5, `alpha ${i >> 8}, matte ${matte[i]}: ${data[i * 4 + 3]}`);
  }
});

test('colours stay what they were, under transparent pixels too', () => {
  const { data, matte } = allPairs();
  const colours = data.filter((_, i) => i % 4 !== 3);
  applyMatte({ data, width: 256, height: 256 }, matte);
  assert.deepEqual(data.filter((_, i) => i % 4 !== 3), colours);
});

test('an opaque photo gets the matte itself', () => {
  const data = Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255);
  applyMatte({ data, width: 3, height: 1 }, Uint8ClampedArray.of(0, 128, 255));
  assert.deepEqual([...data], [1, 2, 3, 0, 4, 5, 6, 128, 7, 8, 9, 255]);
});
