import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { toMatte } from '../../client/image/matte/matte.js';
import { difference } from './golden.js';

const matte = (values, range = 'probability', normalise = 'none') => [...toMatte(Float32Array.from(values), { range, normalise })];

test('a probability is taken as it is, and cut to 0..1', () => {
  assert.deepEqual(matte([0, 0.25, 1, -0.125, 1.5]), [0, 0.25, 1, 0, 1]);
});

test('logits go through the sigmoid', () => {
  const values = [0, Math.log(3), -Math.log(3), 80, -80, 500, -500];
  assert.ok(difference(matte(values, 'logits'), [0.5, 0.75, 0.25, 1, 0, 1, 0]).max < 1e-7);
});

test('minmax stretches the least to 0 and the greatest to 1', () => {
  assert.deepEqual(matte([0.25, 0.5, 0.375], 'probability', 'minmax'), [0, 1, 0.5]);
  assert.deepEqual(matte([-3, 5, 1], 'probability', 'minmax'), [0, 1, 0.5]);
});

test('minmax comes after the sigmoid', () => {
  const [low, middle, high] = matte([-Math.log(3), 0.4, Math.log(3)], 'logits', 'minmax');
  assert.deepEqual([low, high], [0, 1]);
  const sigmoid = 1 / (1 + Math.exp(-0.4));
  assert.ok(Math.abs(middle - (sigmoid - 0.25) / 0.5) < 1e-6);
});

test('where nothing reaches a half there is nothing to stretch: noise stays as faint as it is', () => {
  const faint = [0, 0.125, 0.375, 0.4375];
  assert.deepEqual(matte(faint, 'probability', 'minmax'), faint);
  assert.deepEqual(matte([...faint, 0.5], 'probability', 'minmax'), [0, 0.25, 0.75, 0.875, 1]);
  assert.ok(Math.max(...matte([-3, -2, -0.1], 'logits', 'minmax')) < 0.5);
});

describe('a flat output has nothing to stretch', () => {
  for (const normalise of ['none', 'minmax']) {
    test(normalise, () => {
      assert.deepEqual(matte([0.25, 0.25, 0.25], 'probability', normalise), [0.25, 0.25, 0.25]);
      assert.deepEqual(matte([7, 7], 'probability', normalise), [1, 1]);
      assert.deepEqual(matte([0, 0], 'logits', normalise), [0.5, 0.5]);
    });
  }
});

describe('a value that is not finite makes the matte unusable', () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    for (const range of ['probability', 'logits']) {
      for (const at of [0, 3]) {
        test(`${value} as ${range}, at ${at}`, () => {
          const values = [0.1, 0.2, 0.3, 0.4];
          values[at] = value;
          assert.throws(() => matte(values, range, 'minmax'), { code: 'bad-matte', details: { reason: 'not-finite' } });
        });
      }
    }
  }
});

test('the model’s own output is left alone', () => {
  const raw = Float32Array.of(-1, 2);
  for (const range of ['probability', 'logits']) toMatte(raw, { range, normalise: 'minmax' });
  assert.deepEqual([...raw], [-1, 2]);
});
