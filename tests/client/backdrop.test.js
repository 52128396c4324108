import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { prepareBackdrop } from '../../client/image/compose/backdrop.js';
import { blur } from '../../client/image/compose/blur.js';
import { bytesOf, difference, golden } from './golden.js';

const { blur: blurs, backdrop } = golden('compose');

describe('three boxes are the Gaussian', () => {
  const blurred = (sigma, channels = 1) => {
    const grey = bytesOf(blurs.grey);
    const values = Float32Array.from({ length: grey.length * channels }, (_, i) => grey[Math.floor(i / channels)] * ((i % channels) + 1));
    blur(values, blurs.width, blurs.height, channels, sigma);
    return values;
  };
  for (const { sigma, grey } of blurs.pillow) {
    test(`sigma ${sigma}: as Pillow's, which rounds to 8 bit between`, () => {
      const { mean, max } = difference(blurred(sigma), bytesOf(grey));
      assert.ok(mean <= 0.75 && max <= 3, `${mean}, ${max}`);
    });
  }
  for (const { sigma, grey, known } of blurs.exact) {
    test(`sigma ${sigma}: away from the edges the exact one within 3 levels`, () => {
      const isKnown = bytesOf(known);
      const inside = (values) => values.filter((_, i) => isKnown[i]);
      const { mean, max } = difference(inside(blurred(sigma)), inside(bytesOf(grey)));
      assert.ok(mean <= 0.6 && max <= 3, `${mean}, ${max}`);
    });
  }
  test('channels do not mix', () => {
    const alone = blurred(3);
    const four = blurred(3, 4);
    for (let i = 0; i < four.length; i++) assert.ok(Math.abs(four[i] - alone[Math.floor(i / 4)] * ((i % 4) + 1)) < 0.01);
  });
  test('any radius on any size is finite and keeps what is flat', () => {
    for (const [width, height] of [[1, 1], [1, 9], [300, 1], [4, 7]]) {
      for (const sigma of [0, 0.01, 0.9, 5, 400]) {
        const values = new Float32Array(width * height).fill(77);
        blur(values, width, height, 1, sigma);
        assert.ok(values.every((value) => Math.abs(value - 77) < 0.01), `${width} x ${height}, ${sigma}`);
      }
    }
  });
});

test('the background out of focus is a normalised convolution within 4 levels', () => {
  const { width, height, strength } = backdrop;
  const rgb = bytesOf(backdrop.rgb);
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i % 4 === 3 ? 255 : rgb[(i >> 2) * 3 + (i & 3)]));
  const { values, block } = prepareBackdrop({ data, width, height }, new Uint16Array(bytesOf(backdrop.matte).buffer), { strength });
  assert.equal(block, 1);
  const expected = bytesOf(backdrop.result);
  const known = bytesOf(backdrop.known);
  let max = 0;
  for (let i = 0; i < expected.length; i++) if (known[Math.floor(i / 3)]) max = Math.max(max, Math.abs(values[i] - expected[i]));
  assert.ok(max <= 4, `${max}`);
});

test('the subject leaves no halo in what was behind it', () => {
  const [width, height] = [1500, 400];
  const matte = Uint16Array.from({ length: width * height }, (_, i) => 65535 * Math.min(1, Math.max(0, (300 - Math.abs((i % width) - 750)) / 12)));
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < matte.length; i++) {
    data[i * 4] = (matte[i] / 65535) * 255;
    data[i * 4 + 1] = 180 * (1 - matte[i] / 65535);
    data[i * 4 + 2] = 0;
  }
  for (const strength of [0.1, 0.5, 1]) {
    const { values, block, width: columns } = prepareBackdrop({ data, width, height }, matte, { strength });
    for (let i = 0; i < columns; i++) {
      const shown = 1 - matte[i * block] / 65535;
      for (const [c, level] of [0, 180, 0].entries()) {
        const off = Math.abs(values[i * 3 + c] - level) * shown;
        assert.ok(off <= 3, `${strength}, column ${i}: ${off}`);
      }
    }
  }
});

test('a subject that fills the photo, and a photo that is all transparent, leave a finite background', () => {
  for (const [m, alpha] of [[65535, 255], [0, 0]]) {
    const data = new Uint8ClampedArray(9 * 5 * 4).fill(alpha);
    const { values } = prepareBackdrop({ data, width: 9, height: 5 }, new Uint16Array(45).fill(m), { strength: 0.5 });
    assert.ok(values.every((value) => Number.isFinite(value) && value >= 0 && value <= 255));
  }
});
