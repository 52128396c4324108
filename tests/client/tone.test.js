import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { toneMapped } from '../../client/image/tone.js';
import { bytesOf, difference, golden } from './golden.js';

/** @param {Uint16Array} rgb @param {number} most the alpha of each pixel */
function deepOf(rgb, width, height, bits, most = 2 ** bits - 1) {
  const row = (y) => Uint16Array.from({ length: width * 4 }, (_, i) => (i % 4 === 3 ? most : rgb[(y * width + (i >> 2)) * 3 + (i % 4)]));
  return { row, width, height, bits };
}

describe('HDR in the range of a screen, as BT.2100, BT.2408 and BT.2390 have it', () => {
  for (const { what, transfer, bits, width, height, samples, seen } of golden('tone')) {
    test(what, () => {
      const rgb = new Uint16Array(bytesOf(samples).buffer);
      const data = toneMapped(deepOf(rgb, width, height, bits), { transfer, primaries: 'rec2020' });
      assert.ok(data.every((value, i) => i % 4 !== 3 || value === 255));
      const { mean, max } = difference(data.filter((_, i) => i % 4 !== 3), bytesOf(seen));
      assert.ok(mean <= 0.5 && max <= 2, `mean ${mean}, max ${max}`);
    });
  }
});

test('what a normal picture could show, stays; white is 203 cd/m²; alpha is straight', () => {
  // 58.06 % of PQ (BT.2408, table 1).
  const white = Math.round(0.5806 * 1023);
  const data = toneMapped(deepOf(Uint16Array.of(white, white, white, 0, 0, 0), 2, 1, 10, 512), { transfer: 'pq', primaries: null });
  assert.deepEqual([...data], [255, 255, 255, 128, 0, 0, 0, 128]);
});
