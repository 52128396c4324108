import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isCutOut, multiplyByAlpha, ownAlpha, shown, withoutAlpha } from '../../client/image/matte/transparency.js';

test('the matte is multiplied by every alpha that the photo came with', () => {
  const data = Uint8ClampedArray.from({ length: 256 * 256 * 4 }, (_, i) => (i % 4 === 3 ? (i >> 2) >> 8 : (i * 31) >> 3));
  const colours = data.slice();
  const matte = Uint16Array.from({ length: 256 * 256 }, (_, i) => (i % 256) * 257);
  multiplyByAlpha(matte, { data, width: 256, height: 256 });
  for (let i = 0; i < matte.length; i++) {
    const exact = ((i % 256) * 257 * (i >> 8)) / 255;
    assert.ok(Math.abs(matte[i] - exact) <= 0.5, `alpha ${i >> 8}, matte ${(i % 256) * 257}: ${matte[i]}`);
  }
  assert.deepEqual(data, colours);
});

test('an opaque photo leaves the matte as it is', () => {
  const data = Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255);
  const matte = Uint16Array.of(0, 12_345, 65_535);
  multiplyByAlpha(matte, { data, width: 3, height: 1 });
  assert.deepEqual([...matte], [0, 12_345, 65_535]);
});

const WIDTH = 40;
/** @param {(x: number, y: number) => number[]} draw RGBA of a pixel */
function picture(draw, height = 30) {
  const data = new Uint8ClampedArray(WIDTH * height * 4);
  for (let i = 0; i < WIDTH * height; i++) data.set(draw(i % WIDTH, Math.floor(i / WIDTH)), i * 4);
  return { data, width: WIDTH, height };
}
const inside = (x, y) => Math.hypot(x - 20, y - 15) < 10;

for (const [what, draw, expected] of [
  ['a photo', () => [9, 9, 9, 255], false],
  ['a subject on nothing', (x, y) => [9, 9, 9, inside(x, y) ? 255 : 0], true],
  ['a glass on nothing', (x, y) => [9, 9, 9, inside(x, y) ? 90 : 0], true],
  ['a subject on what a tool left at alpha 2', (x, y) => [9, 9, 9, inside(x, y) ? 255 : 2], true],
  ['a photo with rounded corners', (x, y) => [9, 9, 9, Math.min(x, WIDTH - 1 - x) + Math.min(y, 29 - y) < 3 ? 0 : 255], false],
  ['a photo at half transparency', () => [9, 9, 9, 128], false],
  ['a photo that fades', (x) => [9, 9, 9, 40 + x * 5], false],
  ['nothing at all', () => [9, 9, 9, 0], false],
]) {
  test(`${what} is ${expected ? '' : 'not '}cut out already`, () => assert.equal(isCutOut(ownAlpha(picture(draw))), expected));
}

test('of an opaque picture there is no alpha to tell of', () => {
  assert.equal(ownAlpha(picture(() => [1, 2, 3, 255])), null);
  assert.deepEqual(ownAlpha(picture((x) => [1, 2, 3, x < 10 ? 0 : 100])), { clear: 0.25, most: 100 });
});

test('what the model says comes back from what the two say together', () => {
  const pixels = picture((x, y) => [0, 0, 0, (x * 30 + y) % 256]);
  const said = Uint16Array.from({ length: WIDTH * 30 }, (_, i) => [65535, 40_000, 0, 1300][i % 4]);
  const both = said.slice();
  multiplyByAlpha(both, pixels);
  withoutAlpha(both, pixels).forEach((value, i) => {
    const alpha = pixels.data[i * 4 + 3];
    if (alpha === 0) assert.equal(value, 0);
    else if (said[i] === 65535) assert.equal(value, 65535);
    else assert.ok(Math.abs(value - said[i]) <= 255 / alpha / 2 + 0.5);
  });
});

test('a dark subject is shown on light grey and a light one on dark, and nothing of what is hidden', () => {
  for (const [level, behind] of [[0, 208], [60, 208], [200, 64], [255, 64]]) {
    for (const hidden of [0, 255, level]) {
      const { data } = shown(picture((x, y) => (inside(x, y) ? [level, level, level, x < 20 ? 255 : 51] : [hidden, hidden, hidden, 0])));
      const at = (x, y) => [...data.subarray((y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 4)];
      assert.deepEqual(at(0, 0), [behind, behind, behind, 255]);
      assert.deepEqual(at(15, 15), [level, level, level, 255]);
      const mixed = Math.round(level * 0.2 + behind * 0.8);
      assert.deepEqual(at(25, 15), [mixed, mixed, mixed, 255]);
    }
  }
});
