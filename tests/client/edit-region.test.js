import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { applyRegion } from '../../client/document/derive/edits/region.js';
import { bytesOf, difference, golden } from './golden.js';

const levelsOf = (text) => new Uint16Array(bytesOf(text).buffer);
const { photo, seen, small, opaque, cases } = golden('region');
const { width, height } = photo;
const COUNT = width * height;

function pixelsOf(alpha) {
  const [rgb, own] = [bytesOf(photo.data), bytesOf(alpha)];
  const data = new Uint8ClampedArray(COUNT * 4);
  for (let i = 0; i < COUNT; i++) data.set([rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2], own[i]], i * 4);
  return { data, width, height };
}

const isIn = (box, i) => i % width >= box.x && i % width < box.x + box.width && Math.floor(i / width) >= box.y && Math.floor(i / width) < box.y + box.height;

describe('a region in a matte is what numpy and Pillow make of it', () => {
  for (const { mode, isRefined, isOpaque, after } of cases) {
    const { before, alpha } = opaque[isOpaque];
    test(`${mode}, ${isRefined ? 'along the photo’s edges' : 'as it is'}${isOpaque ? '' : ', of a photo that is seen through'}`, () => {
      const matte = levelsOf(before);
      const ceiling = isOpaque ? null : Uint16Array.from(bytesOf(alpha), (value) => value * 257);
      const region = { kind: 'region', mode, seen, matte: { ...small, values: levelsOf(small.values) } };
      const changed = applyRegion(matte, pixelsOf(alpha), region, ceiling, isRefined);
      const { mean, max } = difference(matte, levelsOf(after));
      // Single precision against double, and where a value is snapped, half a level of 8 bits.
      assert.ok(mean <= 8 && max <= 260, `${mean} of 65535 on average, ${max} at most`);
      for (const [i, value] of levelsOf(before).entries()) if (!isIn(changed, i)) assert.equal(matte[i], value);
    });
  }
});

/** A region of one place for each pixel of a grey photo. */
const SIZE = { width: 60, height: 40 };
const grey = { data: new Uint8ClampedArray(2400 * 4).fill(255), ...SIZE };
const matteOf = (value) => Uint16Array.from({ length: 2400 }, (_, i) => Math.round(65535 * Math.min(1, Math.max(0, value(i % 60, Math.floor(i / 60))))));
const regionOf = (mode, value) => ({ kind: 'region', mode, seen: { x: 0, y: 0, ...SIZE }, matte: { values: matteOf(value), columns: 60, rows: 40 } });
/** Opaque left of a place, and right of it, with an edge some pixels wide; a region's likelihoods give the same edge. */
const left = (edge) => (x) => (edge - x) / 6 + 0.5;
const likely = (alpha) => (x) => 0.35 + 0.3 * Math.min(1, Math.max(0, alpha(x)));
const right = (edge) => (x) => 1 - left(edge)(x);
const row = (matte) => [...matte.subarray(20 * 60, 21 * 60)];

describe('a region', () => {
  test('that is beside what was there joins it without a seam', () => {
    const matte = matteOf(left(30));
    applyRegion(matte, grey, regionOf('add', likely(right(30))), null, false);
    assert.ok(row(matte).every((value) => value > 65535 - 300), `${row(matte)}`);
  });
  test('that was there already changes nothing but for rounding, and leaves nothing when it goes', () => {
    const before = matteOf(left(30));
    const matte = before.slice();
    applyRegion(matte, grey, regionOf('add', likely(left(30))), null, false);
    assert.ok(difference(matte, before).max < 300);
    applyRegion(matte, grey, regionOf('remove', likely(left(30))), null, false);
    assert.ok(row(matte).every((value) => value < 300));
  });
  test('that goes leaves the soft edge of what is beside it', () => {
    const before = matteOf(left(30));
    const matte = before.slice();
    applyRegion(matte, grey, regionOf('remove', likely(right(30))), null, false);
    assert.ok(difference(matte, before).max < 300);
  });
  test('that goes leaves no line where it ended too soon, and what is wider beside it', () => {
    const thing = (x, y, radius) => radius - Math.hypot(x - 20, y - 20) + 0.5;
    // The region ends two pixels before the matte does, which has another thing further right, and one below.
    const before = matteOf((x, y) => Math.max(thing(x, y, 12), x > 40 ? 1 : 0, y > 36 ? 1 : 0));
    const matte = before.slice();
    const places = Uint16Array.from({ length: 150 }, (_, i) => (thing((i % 15) * 4 + 1.5, Math.floor(i / 15) * 4 + 1.5, 10) > 0 ? 65535 : 0));
    applyRegion(matte, grey, { ...regionOf('remove', () => 0), matte: { values: places, columns: 15, rows: 10 } }, null, false);
    for (const [i, value] of matte.entries()) {
      const [x, y] = [i % 60, Math.floor(i / 60)];
      if (x <= 40 && y < 34) assert.ok(value < 4000, `${value} at ${x}, ${y}`);
      if (x > 40 || y > 36) assert.equal(value, before[i]);
    }
  });
  test('of which a model is unsure everywhere is none', () => {
    const before = matteOf((x, y) => (x * y) / 2400);
    for (const mode of ['add', 'remove']) {
      for (const isRefined of [true, false]) assert.equal(applyRegion(before.slice(), grey, regionOf(mode, () => 0.3), null, isRefined), null);
    }
  });
  test('that is all there is to be leaves nothing outside of what it is of', () => {
    const matte = new Uint16Array(2400).fill(50_000);
    const region = { kind: 'region', mode: 'only', seen: { x: 10, y: 10, width: 20, height: 10 }, matte: { values: new Uint16Array(200).fill(65535), columns: 20, rows: 10 } };
    assert.deepEqual(applyRegion(matte, grey, region, null, true), { x: 0, y: 0, ...SIZE });
    for (const [i, value] of matte.entries()) assert.equal(value, i % 60 >= 10 && i % 60 < 30 && i >= 600 && i < 1200 ? 65535 : 0);
  });
});
