import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { kernel } from '../../client/image/scale/lanczos.js';
import { averaged, resizeToPlanes } from '../../client/image/scale/resample.js';
import { TRIANGLE } from '../../client/image/scale/triangle.js';
import { bytesOf, difference, golden, withAlpha } from './golden.js';
import { readPng } from './read-png.js';

const PHOTOS = new URL('../fixtures/photos/', import.meta.url);

/** RGB row by row, as planes. */
function planar(rgb) {
  const plane = rgb.length / 3;
  return rgb.map((_, i) => rgb[(i % plane) * 3 + Math.floor(i / plane)]);
}

/** A stored picture, or a fixture photograph. */
function load({ source, photo, repeat = 1 }) {
  const { width, height, data } = photo ? readPng(readFileSync(new URL(photo, PHOTOS))) : { ...source, data: bytesOf(source.data) };
  return { width, height: height * repeat, data: withAlpha(data, repeat) };
}

/** A test for each golden result, named after its sizes. */
function compare(cases, mostMean, mostMax, filter) {
  for (const { results, ...from } of cases) {
    const { data, width, height } = load(from);
    for (const result of results) {
      test(`${width} x ${height} to ${result.width} x ${result.height}`, () => {
        const planes = resizeToPlanes({ data, width, height }, result.width, result.height, filter);
        const { mean, max } = difference(planes, planar(bytesOf(result.data)));
        assert.ok(mean <= mostMean && max <= mostMax, `${mean} levels on average, ${max} at most`);
      });
    }
  }
}

const pillow = golden('resample');
describe('photos are resized as Pillow does it, to the level, whatever their alpha', () => compare(pillow.exact, 0.25, 1));
describe('photos much larger than the result come close to it', () => compare(pillow.averaged, 0.5, 4));
describe('and are averaged in the same blocks as with its reducing_gap', () => compare(pillow.gap, 0.3, 1));
describe('with the other filter as its bilinear one', () => {
  compare(pillow.bilinear, 0.25, 1, TRIANGLE);
  compare(pillow['bilinear averaged'], 0.5, 4, TRIANGLE);
});

test('averaged once for a larger result, a photo gives the smaller one as well', () => {
  const photo = load({ photo: 'chelsea.png' });
  const shared = averaged(photo, 40, 30);
  assert.ok(shared.width < photo.width / 2);
  for (const [width, height] of [[40, 30], [20, 16], [7, 5]]) {
    const { mean, max } = difference(resizeToPlanes(shared, width, height), resizeToPlanes(photo, width, height));
    assert.ok(mean <= 0.5 && max <= 3, `${mean} levels on average, ${max} at most`);
  }
});

test('a photo of one colour stays it, at every size', () => {
  const data = new Uint8ClampedArray(50 * 30 * 4).fill(201);
  for (const [width, height] of [[1, 1], [7, 90], [50, 30], [3, 29], [64, 2]]) {
    const planes = resizeToPlanes({ data, width: 50, height: 30 }, width, height);
    assert.equal(planes.length, width * height * 3);
    assert.ok(planes.every((value) => value === 201), `${width} x ${height}`);
  }
});

test('red, green and blue do not mix', () => {
  const data = new Uint8ClampedArray(200 * 9 * 4).map((_, i) => [250, 128, 3, 77][i % 4]);
  for (const [width, height] of [[5, 5], [300, 12]]) {
    const planes = resizeToPlanes({ data, width: 200, height: 9 }, width, height);
    assert.deepEqual([...new Set(planes)], [250, 128, 3], `${width} x ${height}`);
    assert.equal(planes[width * height], 128);
  }
});

test('weights sum to 1 and read inside the input', () => {
  for (const [from, to, extent] of [[1, 1], [1, 40], [2, 7], [7, 2], [320, 4000], [1000, 3], [10, 3, 9.25]]) {
    const { taps, first, weights } = kernel(from, to, extent);
    for (let i = 0; i < to; i++) {
      const sum = weights.subarray(i * taps, (i + 1) * taps).reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum - 1) < 1e-5, `${from} to ${to}: output ${i} sums to ${sum}`);
      assert.ok(first[i] >= 0 && first[i] + taps <= from, `${from} to ${to}: output ${i} starts at ${first[i]}`);
    }
  }
});
