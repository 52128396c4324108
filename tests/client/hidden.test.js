import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { compose, visibleIn } from '../../client/image/compose/compose.js';
import { estimateForeground } from '../../client/image/matte/foreground.js';
import { CELL } from '../../client/image/matte/hidden.js';

const noise = (i) => (Math.imul(i + 7, 2654435761) >>> 11) & 255;

/** A photo of noise, a disc of subject with a soft edge, and a haze of the given alpha all over the rest. */
function scene(width, height, haze = 0, radius = 0.2) {
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => noise(i));
  const matte = Uint16Array.from({ length: width * height }, (_, i) => {
    const out = Math.hypot((i % width) - width / 2, Math.floor(i / width) - height / 2) / Math.min(width, height);
    return Math.max(haze * 257, Math.min(65535, Math.max(0, (radius - out) * 20 * 65535)));
  });
  return { pixels: { data, width, height }, matte };
}

/** Whether each pixel is less than so far from one that can be seen, along rows, columns and diagonals. */
function within({ data, width, height }, far) {
  const seen = (x, y) => x >= 0 && x < width && y >= 0 && y < height && data[(y * width + x) * 4 + 3] >= 4;
  const steps = Array.from({ length: 2 * far - 1 }, (_, i) => i - far + 1);
  const across = Array.from({ length: width * height }, (_, i) => steps.some((step) => seen((i % width) + step, Math.floor(i / width))));
  return across.map((_, i) => steps.some((step) => across[i + step * width]));
}

const rgb = (data, i) => String(data.subarray(i * 4, i * 4 + 3));
/** In pixels. */
const RIM = { kept: 4, gone: 8 };

for (const haze of [0, 1, 3]) {
  for (const decontaminate of [false, true]) {
    test(`under alpha ${haze} nothing is left of the photo beyond the rim, edge colours ${decontaminate ? 'cleaned' : 'as they are'}`, async () => {
      const { pixels, matte } = scene(90, 70, haze);
      if (decontaminate) estimateForeground(pixels, matte);
      const before = pixels.data.slice();
      const { data } = await compose(pixels, matte, {}, { backdrop: null });
      const [kept, near] = [RIM.kept, RIM.gone].map((far) => within({ data, width: 90, height: 70 }, far));
      const beyond = new Set();
      for (let i = 0; i < matte.length; i++) {
        assert.equal(data[i * 4 + 3], Math.floor((matte[i] + 128) / 257), 'the alpha is the matte’s');
        if (kept[i]) assert.equal(rgb(data, i), rgb(before, i));
        if (!near[i]) beyond.add(rgb(data, i));
      }
      assert.equal(beyond.size, 1);
    });
  }
}

test('haze that can be seen stays as it is: it is the model’s word, and no rule of size is right about it', async () => {
  const { pixels, matte } = scene(60, 60, 4);
  const before = pixels.data.slice();
  const { data } = await compose(pixels, matte, {}, { backdrop: null });
  for (let i = 0; i < matte.length; i++) assert.equal(rgb(data, i), rgb(before, i));
});

test('what is faint in a file that brings its own transparency is its own', async () => {
  const { pixels, matte } = scene(60, 60, 2);
  const before = pixels.data.slice();
  const { data } = await compose(pixels, matte, {}, { backdrop: null, own: { clear: 0, most: 255 } });
  for (let i = 0; i < matte.length; i++) assert.equal(rgb(data, i), rgb(before, i));
});

test('who asks for what is hidden gets it, to the bit', async () => {
  const { pixels, matte } = scene(90, 70);
  const before = pixels.data.slice();
  const { data } = await compose(pixels, matte, { hidden: 'keep' }, { backdrop: null });
  for (let i = 0; i < matte.length; i++) assert.equal(rgb(data, i), rgb(before, i));
});

test('of a photo in which nothing can be seen nothing is left', async () => {
  const { pixels } = scene(50, 40);
  const { data } = await compose(pixels, new Uint16Array(50 * 40), {}, { backdrop: null });
  assert.equal(new Set(Array.from({ length: 2000 }, (_, i) => rgb(data, i))).size, 1);
});

describe('in frames', () => {
  for (const [name, crop] of Object.entries({ wide: { margin: 0.9 }, enlarged: { margin: 0.5, width: 200, height: 200 }, smaller: { margin: 0.8, width: 48, height: 48 } })) {
    for (const shadow of [null, { opacity: 0.5, blur: 0.02, x: 0, y: 0.02 }]) {
      test(`${name}${shadow ? ', with a shadow' : ''}`, async () => {
        // The subject touches the left edge of the photo, so that the frame reaches beyond it.
        const { pixels, matte } = scene(80, 60, 1);
        matte.copyWithin(0, 20);
        const made = await compose(pixels, matte, { crop, shadow }, { backdrop: null });
        const near = within(made, RIM.gone);
        const beyond = new Set();
        for (let i = 0; i < made.width * made.height; i++) if (!near[i] && made.data[i * 4 + 3] === 0) beyond.add(rgb(made.data, i));
        assert.equal(beyond.size, 1);
      });
    }
  }
});

test('a haze on a background tells nothing of the photo', async () => {
  const { pixels, matte } = scene(90, 70, 3);
  const { data } = await compose(pixels, matte, { background: { kind: 'colour', colour: '#ffffff' } }, { backdrop: null });
  const corner = new Set();
  for (let y = 0; y < 10; y++) for (let x = 0; x < 10; x++) corner.add(rgb(data, y * 90 + x));
  assert.equal(corner.size, 1);
});

test('at any size and with any matte, what can be seen is as it was', async () => {
  const sizes = fc.record({ width: fc.integer({ min: 1, max: 23 }), height: fc.integer({ min: 1, max: 23 }), seed: fc.integer() });
  await fc.assert(fc.asyncProperty(sizes, async ({ width, height, seed }) => {
    const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => noise(i + seed));
    const matte = Uint16Array.from({ length: width * height }, (_, i) => (noise(i * 3 + seed) > 250 ? noise(i) * 257 : 0));
    const before = data.slice();
    await compose({ data, width, height }, matte, {}, { backdrop: null });
    const kept = within({ data, width, height }, RIM.kept);
    for (let i = 0; i < matte.length; i++) if (kept[i]) assert.equal(rgb(data, i), rgb(before, i));
  }));
});

for (const [width, height, haze] of [[90, 70, 0], [91, 70, 1], [90, 71, 3]]) {
  test(`of ${width} x ${height} under a haze of ${haze}, what is not estimated since it is hidden anyway makes no other file`, async () => {
    const [plain, spared] = [scene(width, height, haze, 0.1), scene(width, height, haze, 0.1)];
    estimateForeground(plain.pixels, plain.matte);
    const whole = await compose(plain.pixels, plain.matte, {}, { backdrop: null });
    const visible = visibleIn(spared.pixels, spared.matte, {}, null);
    const before = spared.pixels.data.slice();
    estimateForeground(spared.pixels, spared.matte, visible);
    const isSpared = visible.near.some((near, cell) => !near && rgb(before, cellAt(cell, width)) === rgb(spared.pixels.data, cellAt(cell, width)));
    assert.ok(isSpared, 'something was spared');
    assert.deepEqual((await compose(spared.pixels, spared.matte, {}, { backdrop: null, visible })).data, whole.data);
  });
}

/** The first pixel of a cell. */
function cellAt(cell, width) {
  const columns = Math.ceil(width / CELL);
  return Math.floor(cell / columns) * CELL * width + (cell % columns) * CELL;
}

test('where a frame is cut, made smaller, or keeps what is hidden, nothing is spared', () => {
  const { pixels, matte } = scene(60, 60);
  assert.equal(visibleIn(pixels, matte, { crop: { kind: 'subject' } }, null), undefined);
  assert.equal(visibleIn(pixels, matte, { hidden: 'keep' }, null), undefined);
  assert.equal(visibleIn({ ...pixels, width: 20_000 }, matte, { type: 'image/webp' }, null), undefined);
});
