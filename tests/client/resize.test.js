import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { resize, resizeMatte } from '../../client/image/scale/resize.js';
import { bytesOf, difference, golden, withAlpha } from './golden.js';

const { width, height, results, ...stored } = golden('compose').resize;
const photo = { data: withAlpha(bytesOf(stored.rgb)), width, height };
const matte = new Uint16Array(bytesOf(stored.matte).buffer);

const frameOf = ([x, y, w, h, toWidth, toHeight]) => ({ x, y, width: w, height: h, toWidth, toHeight });

/** Over black, by the 16-bit alpha. */
const seen = ({ pixels, matte: alpha }) => Float64Array.from({ length: alpha.length * 3 }, (_, i) => (pixels.data[Math.floor(i / 3) * 4 + (i % 3)] * alpha[Math.floor(i / 3)]) / 65535);

describe('a window at another size is what Pillow makes of premultiplied colour in float', () => {
  for (const { window, ...expected } of results) {
    // From a sixth of the size on, blocks are averaged first.
    const [mostMean, mostMax] = window[2] / window[4] >= 6 ? [0.8, 8] : [0.3, 1.1];
    test(window.join(' '), () => {
      const found = resize(photo, matte, frameOf(window));
      const colour = difference(seen(found), bytesOf(expected.seen));
      const alpha = difference(found.matte, new Uint16Array(bytesOf(expected.alpha).buffer));
      assert.ok(colour.mean <= mostMean && colour.max <= mostMax, `colours: ${JSON.stringify(colour)}`);
      // What 8 bit rounds to an end is at that end: half a level, 129 of 65535.
      assert.ok(alpha.mean <= 257 * mostMean && alpha.max <= (mostMax > 2 ? 9 * 257 : 130), `alpha: ${JSON.stringify(alpha)}`);
    });
  }
});

test('the matte alone is resized to the same', () => {
  for (const { window } of results) assert.deepEqual(resizeMatte(matte, width, height, frameOf(window)), resize(photo, matte, frameOf(window)).matte);
});

test('what is transparent has no say in the colours of the edge', () => {
  const data = Uint8ClampedArray.from({ length: 40 * 40 * 4 }, (_, i) => ((i >> 2) % 40 < 20 ? [200, 100, 50, 255] : [0, 0, 0, 255])[i & 3]);
  const half = Uint16Array.from({ length: 1600 }, (_, i) => (i % 40 < 20 ? 65535 : 0));
  for (const size of [7, 13, 55]) {
    const { pixels, matte: alpha } = resize({ data, width: 40, height: 40 }, half, frameOf([0.3, 0, 39, 40, size, size]));
    for (let i = 0; i < alpha.length; i++) if (alpha[i] > 0) assert.deepEqual([...pixels.data.subarray(i * 4, i * 4 + 3)], [200, 100, 50], `${size}: pixel ${i}`);
  }
});

test('under alpha 0 stays the colour of the photo, beyond it that of its edge', () => {
  const data = new Uint8ClampedArray(20 * 20 * 4).fill(90);
  const { pixels, matte: alpha } = resize({ data, width: 20, height: 20 }, new Uint16Array(400), frameOf([-10, -10, 40, 40, 31, 17]));
  assert.ok(alpha.every((value) => value === 0));
  assert.ok(pixels.data.every((value, i) => i % 4 === 3 || value === 90));
});

test('what is flat stays flat, and opaque', () => {
  const data = new Uint8ClampedArray(64 * 48 * 4).fill(201);
  const full = new Uint16Array(64 * 48).fill(65535);
  for (const [w, h] of [[1, 1], [64, 48], [3, 90], [200, 5]]) {
    const { pixels, matte: alpha } = resize({ data, width: 64, height: 48 }, full, frameOf([0, 0, 64, 48, w, h]));
    assert.ok(alpha.every((value) => value === 65535) && pixels.data.every((value, i) => i % 4 === 3 || value === 201), `${w} x ${h}`);
  }
});
