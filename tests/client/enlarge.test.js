import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { enlargeMatte } from '../../client/image/matte/enlarge.js';
import { bytesOf, difference, golden } from './golden.js';

/** 16 bit as 8 bit. */
const levels = (matte) => Uint8Array.from(matte, (value) => (value + 128) / 257);

describe('a matte is enlarged as Pillow does it in float, then clipped and rounded once', () => {
  for (const [name, { width, height, data, results }] of Object.entries(golden('matte'))) {
    const matte = new Float32Array(bytesOf(data).buffer);
    for (const result of results) {
      test(`${name}, ${width} x ${height} to ${result.width} x ${result.height}`, () => {
        const found = levels(enlargeMatte(matte, width, height, result.width, result.height));
        const { mean, max } = difference(found, bytesOf(result.data));
        // A value half way between two levels may go either way; a systematic shift may not.
        assert.ok(mean <= 0.01 && max <= 1, `${mean} levels on average, ${max} at most`);
      });
    }
  }
});

test('a matte at its own size is only rounded', () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const found = enlargeMatte(Float32Array.from(all, (level) => level / 255), 16, 16, 16, 16);
  assert.deepEqual(found, Uint16Array.from(all, (level) => level * 257));
});

test('a flat matte stays flat, at 0 and 1 too', () => {
  for (const [value, level] of [[0, 0], [1, 65535], [0.5, 32768], [100 / 255, 25700]]) {
    const matte = new Float32Array(11 * 5).fill(value);
    for (const [width, height] of [[1, 1], [11, 5], [200, 3], [4, 170]]) {
      const found = enlargeMatte(matte, 11, 5, width, height);
      assert.equal(found.length, width * height);
      assert.ok(found.every((x) => Math.abs(x - level) <= (value % 1 === 0 ? 0 : 1)), `${value} at ${width} x ${height}`);
    }
  }
});
