import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fromHalves, toHalves } from '../../client/runtime/float16.js';
import { bytesOf, golden } from './golden.js';

const { numbers, halves, every, step } = golden('halves');

test('numbers become the halves that numpy makes of them: ties, overflow, the least ones, infinity and NaN', () => {
  const found = toHalves(new Float32Array(bytesOf(numbers).buffer));
  assert.deepEqual(found, new Uint16Array(bytesOf(halves).buffer));
});

test('halves are the numbers that numpy says', () => {
  const expected = new Float32Array(bytesOf(every).buffer);
  const found = fromHalves(Uint16Array.from(expected, (_, i) => i * step));
  const wrong = expected.findIndex((number, i) => Number.isFinite(found[i]) && !Object.is(number, found[i]));
  assert.equal(wrong, -1);
  assert.equal(found.filter(Number.isFinite).length, Array.from(found.keys()).filter((i) => ((i * step) >> 10) % 32 !== 31).length);
});

test('every half comes back as it was', () => {
  const all = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);
  const back = toHalves(fromHalves(all));
  const isNaNBits = (bits) => (bits & 0x7fff) > 0x7c00;
  assert.ok(all.every((bits, i) => (isNaNBits(bits) ? isNaNBits(back[i]) : back[i] === bits)));
});
