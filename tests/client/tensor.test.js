import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { normalise, toTensor } from '../../client/image/tensor.js';
import { bytesOf, difference, golden, withAlpha } from './golden.js';

const { planes, rules, photo } = golden('tensor');

describe('(value / scale - mean) / std is what numpy makes of it', () => {
  for (const { values, ...rule } of rules) {
    test(JSON.stringify(rule), () => {
      const found = normalise(new Uint8ClampedArray(bytesOf(planes)), rule);
      assert.ok(found instanceof Float32Array);
      const { max } = difference(found, values);
      assert.ok(max < 2e-6, `${max}`);
    });
  }
});

test('a photo becomes planes of the model’s height x width, red first', () => {
  const { source, values, level, ...input } = photo;
  const found = toTensor({ ...source, data: withAlpha(bytesOf(source.data)) }, input);
  // 97 x 61 is below the ratio from which blocks are averaged first: resized to the level.
  const { mean, max } = difference(found, values);
  assert.ok(mean < level * 0.05 && max < level * 1.001, `${mean} on average, ${max} at most, a level is ${level}`);
});

test('a black picture divided by its largest value stays black', () => {
  const found = normalise(new Uint8ClampedArray(12), { scale: 'max', mean: [0.5, 0.25, 0], std: [0.5, 1, 2] });
  assert.deepEqual([...found], [-1, -1, -1, -1, -0.25, -0.25, -0.25, -0.25, 0, 0, 0, 0]);
});

test('the largest value is that of all channels together', () => {
  const found = normalise(Uint8ClampedArray.of(50, 100, 200), { scale: 'max', mean: [0, 0, 0], std: [1, 1, 1] });
  assert.deepEqual([...found], [0.25, 0.5, 1]);
});
