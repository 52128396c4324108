import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { compose, composeMatte, prepareBackdrop } from '../../client/image/compose/compose.js';
import { bytesOf, difference, golden, withAlpha } from './golden.js';

const NOTHING = { backdrop: null };
const noise = (seed) => (i) => (Math.imul(i + seed, 2654435761) >>> 11) & 255;

/** A photo of noise and a matte in which every kind of value occurs, in a disc that leaves the edges free. */
function scene(width, height) {
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => noise(3)(i));
  const matte = Uint16Array.from({ length: width * height }, (_, i) => {
    const away = Math.hypot(((i % width) + 0.5) / width - 0.5, (Math.floor(i / width) + 0.5) / height - 0.5);
    return Math.min(65535, Math.max(0, (0.4 - away) * 8 * 65535));
  });
  return { pixels: { data, width, height }, matte };
}

const copy = ({ data, width, height }) => ({ data: data.slice(), width, height });

test('without a crop, or without a subject, it is the whole photo', async () => {
  const { pixels, matte } = scene(40, 30);
  assert.equal((await composeMatte(matte, 40, 30, { crop: null })).values, matte);
  const { width, height, isScaled } = await compose(copy(pixels), matte, { crop: { width: 50 } }, { ...NOTHING, subject: null });
  assert.deepEqual({ width, height, isScaled }, { width: 40, height: 30, isScaled: false });
});

test('without a background the colours stay and the alpha is exact, in place', async () => {
  const matte = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const data = Uint8ClampedArray.from({ length: 65536 * 4 }, (_, i) => noise(1)(i));
  const before = data.slice();
  const pixels = { data, width: 256, height: 256 };
  assert.equal(await compose(pixels, matte, { background: { kind: 'none' } }, NOTHING), pixels);
  for (let i = 0; i < matte.length; i++) {
    assert.equal(data[i * 4 + 3], Math.floor((i + 128) / 257));
    for (let c = 0; c < 3; c++) assert.equal(data[i * 4 + c], before[i * 4 + c]);
  }
});

test('over any colour it is foreground * a + background * (1 - a), within half a level', async () => {
  const { pixels, matte } = scene(200, 150);
  for (const [colour, ...rgb] of [['#ffffff', 255, 255, 255], ['#000000', 0, 0, 0], ['#ff00ff', 255, 0, 255], ['#7F8081', 127, 128, 129]]) {
    const { data } = await compose(copy(pixels), matte, { background: { kind: 'colour', colour } }, NOTHING);
    for (let i = 0; i < matte.length; i++) {
      const a = matte[i] / 65535;
      for (let c = 0; c < 3; c++) assert.ok(Math.abs(data[i * 4 + c] - (pixels.data[i * 4 + c] * a + rgb[c] * (1 - a))) <= 0.5001);
      assert.equal(data[i * 4 + 3], 255);
    }
  }
});

test('what an editor makes of the transparent cutout is the same within 1 level: no halo', async () => {
  const { pixels, matte } = scene(200, 150);
  const clear = (await compose(copy(pixels), matte, {}, NOTHING)).data;
  const black = (await compose(copy(pixels), matte, { background: { kind: 'colour', colour: '#000000' } }, NOTHING)).data;
  for (let i = 0; i < clear.length; i++) if (i % 4 !== 3) assert.ok(Math.abs((clear[i] * clear[i | 3]) / 255 - black[i]) <= 1);
});

test('JPEG gets white where nothing else was chosen', async () => {
  const { pixels, matte } = scene(20, 20);
  const white = await compose(copy(pixels), matte, { background: { kind: 'colour', colour: '#ffffff' } }, NOTHING);
  assert.deepEqual(await compose(copy(pixels), matte, { type: 'image/jpeg' }, NOTHING), white);
});

describe('a gradient is what CSS draws, dithered by less than a level', () => {
  for (const { width, height, values, ...background } of golden('compose').gradients) {
    test(`${width} x ${height}, ${background.angle} degrees`, async () => {
      const pixels = { data: new Uint8ClampedArray(width * height * 4), width, height };
      const { data } = await compose(pixels, new Uint16Array(width * height), { background: { kind: 'gradient', ...background } }, NOTHING);
      for (let i = 0; i < values.length; i++) {
        const found = data[Math.floor(i / 3) * 4 + (i % 3)];
        assert.ok(Math.abs(found - values[i]) < 1 + 1e-3, `${i}: ${found}, not ${values[i]}`);
      }
    });
  }
});

test('a gradient between two levels is dithered evenly, and one of a single colour is plain', async () => {
  const size = 64;
  const draw = async (from, to) => (await compose({ data: new Uint8ClampedArray(size * size * 4), width: size, height: size }, new Uint16Array(size * size), { background: { kind: 'gradient', from, to, angle: 90 } }, NOTHING)).data;
  const data = await draw('#101010', '#121212');
  for (let x = 0; x < size; x += 8) {
    let sum = 0;
    for (let y = 0; y < 8; y++) for (let u = x; u < x + 8; u++) sum += data[(y * size + u) * 4];
    assert.ok(Math.abs(sum / 64 - (16 + (2 * (x + 4)) / size)) < 0.05);
  }
  assert.ok((await draw('#123412', '#123412')).every((value, i) => value === [0x12, 0x34, 0x12, 255][i % 4]));
});

describe('a shadow is the alpha moved and blurred', () => {
  for (const { width, height, cases, ...stored } of golden('compose').shadow) {
    const matte = new Uint16Array(bytesOf(stored.matte).buffer);
    for (const { alpha, ...lengths } of cases) {
      test(`${JSON.stringify(lengths)}: within 4 levels of an exact Gaussian`, async () => {
        const black = () => ({ data: new Uint8ClampedArray(width * height * 4), width, height });
        const shadow = { ...lengths, opacity: 1, colour: '#ffffff' };
        const { data } = await compose(black(), matte, { shadow, background: { kind: 'colour', colour: '#000000' } }, NOTHING);
        const shown = Array.from(matte, (m, i) => data[i * 4]);
        const expected = Array.from(bytesOf(alpha), (a, i) => (a * (65535 - matte[i])) / 65535);
        const { mean, max } = difference(shown, expected);
        assert.ok(mean <= 1 && max <= 4, `${mean}, ${max}`);
      });
    }
  }
});

test('over transparency the shadow is in the alpha, and what an editor shows is the same', async () => {
  const { pixels, matte } = scene(120, 90);
  const shadow = { blur: 0.2, x: 0.1, y: 0.15, opacity: 0.6, colour: '#203040' };
  const clear = (await compose(copy(pixels), matte, { shadow }, NOTHING)).data;
  const green = [10, 200, 30];
  const onGreen = (await compose(copy(pixels), matte, { shadow, background: { kind: 'colour', colour: '#0ac81e' } }, NOTHING)).data;
  for (let i = 0; i < matte.length; i++) {
    const a = clear[i * 4 + 3] / 255;
    for (let c = 0; c < 3; c++) {
      assert.ok(Math.abs(clear[i * 4 + c] * a + green[c] * (1 - a) - onGreen[i * 4 + c]) <= 2);
      if (matte[i] === 65535) assert.equal(clear[i * 4 + c], pixels.data[i * 4 + c]);
    }
    assert.ok(clear[i * 4 + 3] >= Math.floor((matte[i] + 128) / 257) - 1);
  }
});

describe('light that is matched to the picture', () => {
  const { width, height, rgb, cases, ...stored } = golden('compose').light;
  const matte = new Uint16Array(bytesOf(stored.matte).buffer);
  const background = { kind: 'image' };
  const opaque = (bytes) => ({ data: withAlpha(bytes).map((value, i) => (i % 4 === 3 ? 255 : value)), width, height });
  const on = (ground, output = { background, matchLight: true }) => compose(opaque(bytesOf(rgb)), matte, output, { backdrop: opaque(bytesOf(ground)) });

  for (const { name, ground, result } of cases) {
    test(`${name}: within a level of float arithmetic`, async () => {
      const { data } = await on(ground);
      const expected = bytesOf(result);
      const { max } = difference(Array.from(expected, (_, i) => data[Math.floor(i / 3) * 4 + (i % 3)]), expected);
      assert.ok(max <= 1, `${max}`);
    });
  }

  test('is asked for, and is that of a picture', async () => {
    const [{ ground }] = cases;
    assert.notDeepEqual(await on(ground), await on(ground, { background }));
    const colour = { kind: 'colour', colour: '#202020' };
    assert.deepEqual(await on(ground, { background: colour, matchLight: true }), await on(ground, { background: colour }));
  });

  test('is the same in a preview', async () => {
    const wide = { width: 480, height: 360 };
    const { pixels, matte: soft } = scene(wide.width, wide.height);
    // Smooth, so that what was made smaller can be compared.
    for (let i = 0; i < pixels.data.length; i++) pixels.data[i] = i % 4 === 3 ? 255 : 90 + 60 * Math.sin((i >> 2) / 9000 + (i % 4));
    const backdrop = { width: 64, height: 48, data: Uint8ClampedArray.from({ length: 64 * 48 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i >> 2) % 64)) };
    const output = { background, matchLight: true };
    const whole = await compose(copy(pixels), soft, output, { backdrop });
    const small = await compose(copy(pixels), soft, { ...output, longest: 120 }, { backdrop });
    const block = ({ data }) => Array.from({ length: 16 }, (_, i) => data[((180 + (i >> 2)) * 480 + 240 + (i & 3)) * 4] / 16).reduce((sum, value) => sum + value);
    assert.deepEqual([small.width, small.height], [120, 90]);
    assert.ok(Math.abs(small.data[(45 * 120 + 60) * 4] - block(whole)) <= 1, `${small.data[(45 * 120 + 60) * 4]}, ${block(whole)}`);
    assert.ok(block(pixels) - block(whole) > 10);
  });
});

test('an image covers, centred', async () => {
  const picture = { width: 60, height: 20, data: Uint8ClampedArray.from({ length: 60 * 20 * 4 }, (_, i) => [(i >> 2) % 60, 50, 9, 255][i & 3]) };
  const { data } = await compose({ data: new Uint8ClampedArray(40 * 40 * 4), width: 40, height: 40 }, new Uint16Array(1600), { background: { kind: 'image' } }, { backdrop: picture });
  // 20 x 20 of it are shown, at twice the size: columns 20 to 40.
  for (let x = 2; x < 38; x++) assert.ok(Math.abs(data[(20 * 40 + x) * 4] - (20 + (x + 0.5) / 2 - 0.5)) <= 1, `${x}: ${data[(20 * 40 + x) * 4]}`);
  assert.equal(data[1], 50);
});

test('a blurred background is sampled where it was, in a crop too, and goes on beyond the photo', async () => {
  const [width, height] = [300, 200];
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => [((i >> 2) % width) / 2, Math.floor((i >> 2) / width), 7, 255][i & 3]);
  const matte = new Uint16Array(width * height);
  for (let y = 0; y < 40; y++) matte.fill(65535, y * width, y * width + 40);
  const pixels = { data, width, height };
  const background = { kind: 'blur', strength: 0.1 };
  const backdrop = await prepareBackdrop(pixels, matte, background);
  const { data: cropped, width: found } = await compose(pixels, matte, { background, crop: { margin: 0.5, width: 160, height: 160 } }, { backdrop });
  assert.equal(found, 160);
  // The frame is 80 x 80 pixels from -20, -20, at twice the size.
  const at = (x, y) => [...cropped.subarray((y * 160 + x) * 4, (y * 160 + x) * 4 + 3)];
  assert.ok(Math.abs(at(150, 150)[0] - 27.5) <= 2 && Math.abs(at(150, 150)[1] - 55) <= 2, `${at(150, 150)}`);
  assert.ok(cropped.every((value, i) => i % 4 !== 2 || value === 7));
});

test('options that cannot be used are typed errors', async () => {
  const { pixels, matte } = scene(9, 9);
  for (const output of [{ background: { kind: 'colour', colour: 'red' } }, { background: { kind: 'blur', strength: 1 } }, { background: { kind: 'x' } }, { crop: { width: 1e6, height: 1e6 } }]) {
    await assert.rejects(compose(copy(pixels), matte, output, NOTHING), { code: 'bad-option' });
  }
});

const option = (arbitrary) => fc.option(arbitrary, { nil: undefined });
const crops = fc.record({
  margin: option(fc.double({ min: 0, max: 1, noNaN: true })),
  aspect: option(fc.double({ min: 0.1, max: 10, noNaN: true })),
  width: option(fc.integer({ min: 1, max: 90 })),
  height: option(fc.integer({ min: 1, max: 90 })),
  fill: option(fc.double({ min: 0.05, max: 1, noNaN: true })),
  anchor: option(fc.constantFrom('centre', 'head')),
});
const shadows = fc.record({ blur: option(fc.double({ min: 0, max: 1, noNaN: true })), x: option(fc.double({ min: -1, max: 1, noNaN: true })), y: option(fc.double({ min: -1, max: 1, noNaN: true })) });
const backgrounds = fc.constantFrom({ kind: 'none' }, { kind: 'colour', colour: '#336699' }, { kind: 'gradient', from: '#000000', to: '#ffffff', angle: 30 }, { kind: 'blur', strength: 0.7 });
const sizes = fc.constantFrom([1, 1], [1, 40], [40, 1], [37, 23], [2, 3], [601, 2], [3, 500], [64, 64]);

test('any crop of any size gives exactly the size that was asked for, and matte and picture agree', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, option(crops), option(shadows), backgrounds, fc.integer(), async ([width, height], crop, shadow, background, seed) => {
      const matte = Uint16Array.from({ length: width * height }, (_, i) => [0, 65535, 30000, 65535][noise(seed)(i >> 3) & 3]);
      const pixels = { data: Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => noise(seed)(i)), width, height };
      const backdrop = background.kind === 'blur' ? await prepareBackdrop(pixels, matte, background) : null;
      const alone = await composeMatte(matte, width, height, { crop });
      const found = await compose(pixels, matte, { crop, shadow, background }, { backdrop });
      assert.deepEqual([alone.width, alone.height], [found.width, found.height]);
      assert.equal(found.data.length, found.width * found.height * 4);
      assert.equal(alone.values.length, found.width * found.height);
      const isEmpty = matte.every((value) => value < 32768);
      if (!crop || isEmpty) assert.deepEqual([found.width, found.height], [width, height]);
      if (crop?.width && !isEmpty) assert.equal(found.width, crop.width);
      if (crop?.height && !isEmpty) assert.equal(found.height, crop.height);
      for (let i = 3; i < found.data.length; i += 4) {
        const alpha = Math.floor((alone.values[i >> 2] + 128) / 257);
        if (background.kind !== 'none') assert.equal(found.data[i], 255);
        else if (shadow) assert.ok(found.data[i] >= alpha - 1);
        else assert.equal(found.data[i], alpha);
      }
    }),
    { numRuns: 300 },
  );
});

test('a photo of 6000 x 12 goes through all of it', async () => {
  const { pixels, matte } = scene(6000, 12);
  const background = { kind: 'blur', strength: 1 };
  const backdrop = await prepareBackdrop(pixels, matte, background);
  const { width, height } = await compose(pixels, matte, { background, crop: { aspect: 16 / 9, width: 320 }, shadow: { blur: 1 } }, { backdrop });
  assert.deepEqual([width, height], [320, 180]);
});
