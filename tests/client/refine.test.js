import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { enlargeMatte } from '../../client/image/matte/enlarge.js';
import { refineMatte } from '../../client/image/matte/refine.js';
import { bytesOf, difference, golden, withAlpha } from './golden.js';

const SNAPPED = (value) => value === 0 || value === 65535 || (value > 128 && value < 65535 - 128);

/** A picture of vertical halves, and a matte at the model's size whose edge is soft and somewhat beside theirs. */
function halves(width, height, side) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set(i % width < width / 2 ? [200, 180, 40, 255] : [20, 60, 120, 255], i * 4);
  const small = Float32Array.from({ length: side * side }, (_, i) => Math.min(1, Math.max(0, 0.5 + (0.508 - ((i % side) + 0.5) / side) * side / 4)));
  return { pixels: { data, width, height }, small };
}

describe('the matte is what numpy makes of it: guided by colour at full size, windows summed outright', () => {
  for (const { photo, columns, rows, small, matte } of golden('refine')) {
    test(`${columns} x ${rows} on ${photo.width} x ${photo.height}`, () => {
      const pixels = { ...photo, data: withAlpha(bytesOf(photo.data)) };
      const found = refineMatte(new Float32Array(bytesOf(small).buffer), columns, rows, pixels);
      const { mean, max } = difference(found, new Uint16Array(bytesOf(matte).buffer));
      // Single precision against double: a tenth of an 8-bit level, and where a value is snapped, half a level.
      assert.ok(mean <= 8 && max <= 130, `${mean} of 65535 on average, ${max} at most`);
    });
  }
});

test('where the photo has an edge, the matte is steeper than the model gave it', () => {
  const { pixels, small } = halves(800, 60, 64);
  const step = (matte) => matte[30 * 800 + 399] - matte[30 * 800 + 400];
  assert.ok(step(refineMatte(small, 64, 64, pixels)) > 5 * step(enlargeMatte(small, 64, 64, 800, 60)));
});

test('on the coarser grid of a large photo it is the same but for the grid', () => {
  // The photo of 1.6 megapixels is the small one, each pixel four times: what it should give is known from that.
  const { pixels, small } = halves(700, 580, 80);
  const doubled = { width: 1400, height: 1160, data: new Uint8ClampedArray(1400 * 1160 * 4) };
  const [from, to] = [pixels, doubled].map(({ data }) => new Uint32Array(data.buffer));
  for (let i = 0; i < to.length; i++) to[i] = from[(Math.floor(i / 2800) * 700) + ((i % 1400) >> 1)];
  const fine = refineMatte(small, 80, 80, pixels);
  const coarse = refineMatte(small, 80, 80, doubled);
  const sampled = fine.map((_, i) => coarse[Math.floor(i / 700) * 2800 + (i % 700) * 2]);
  assert.ok(difference(sampled, fine).mean < 0.002 * 65535);
});

test('a flat matte stays flat, whatever the photo', () => {
  const data = Uint8ClampedArray.from({ length: 90 * 70 * 4 }, (_, i) => (i * 7919) >> 3);
  for (const [value, level] of [[0, 0], [1, 65535], [0.001, 0], [0.999, 65535]]) {
    const found = refineMatte(new Float32Array(20 * 20).fill(value), 20, 20, { data, width: 90, height: 70 });
    assert.ok(found.every((x) => x === level), `${value}`);
  }
  const grey = refineMatte(new Float32Array(20 * 20).fill(0.5), 20, 20, { data, width: 90, height: 70 });
  assert.ok(grey.every((x) => Math.abs(x - 32768) < 66));
});

test('far from every edge nothing changes', () => {
  const { pixels, small } = halves(900, 700, 64);
  const found = refineMatte(small, 64, 64, pixels);
  for (let y = 0; y < 700; y += 13) {
    assert.ok(found.subarray(y * 900, y * 900 + 300).every((x) => x === 65535));
    assert.ok(found.subarray(y * 900 + 600, (y + 1) * 900).every((x) => x === 0));
  }
});

test('a wide soft edge in a photo without edges stays as soft as it is', () => {
  const data = new Uint8ClampedArray(640 * 480 * 4).fill(128);
  const small = Float32Array.from({ length: 64 * 64 }, (_, i) => (i % 64) / 63);
  const found = refineMatte(small, 64, 64, { data, width: 640, height: 480 });
  const { max } = difference(found, enlargeMatte(small, 64, 64, 640, 480));
  assert.ok(max < 0.03 * 65535, `${max}`);
});

describe('every size has a matte of its size, all of it numbers with snapped ends', () => {
  const small = Float32Array.from({ length: 48 * 48 }, (_, i) => ((i * 37) % 101) / 100);
  for (const [width, height] of [[1, 1], [1, 50], [50, 1], [37, 23], [2000, 2], [3, 1500], [1201, 1003]]) {
    test(`${width} x ${height}`, () => {
      const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i * 2654435761) >>> 24);
      for (const found of [refineMatte(small, 48, 48, { data, width, height }), enlargeMatte(small, 48, 48, width, height)]) {
        assert.equal(found.length, width * height);
        assert.ok(found.every(SNAPPED));
      }
    });
  }
});
