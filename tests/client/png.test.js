import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { greyPng } from '../../client/image/png.js';
import { readPng } from './read-png.js';

/** What an independent reader finds in the written file. */
async function roundTrip(grey, width, height) {
  const blob = await greyPng(grey, width, height);
  return { type: blob.type, size: blob.size, ...readPng(new Uint8Array(await blob.arrayBuffer())) };
}

/** Noise by a linear congruential generator: the same in every run. */
function noise(length, seed = 1) {
  let state = seed;
  return Uint8ClampedArray.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24);
}

describe('a grey picture comes back as it was', () => {
  const sizes = [[1, 1], [1, 7], [7, 1], [2, 2], [255, 3], [256, 2], [257, 129], [1, 3000], [3000, 1]];
  for (const [width, height] of sizes) {
    test(`${width} x ${height}`, async () => {
      const grey = noise(width * height, width + height);
      const found = await roundTrip(grey, width, height);
      assert.deepEqual([found.type, found.width, found.height, found.channels], ['image/png', width, height, 1]);
      assert.deepEqual(found.data, Uint8Array.from(grey));
    });
  }
});

test('differences beyond a byte wrap around', async () => {
  const grey = Uint8ClampedArray.of(0, 255, 128, 255, 0, 127, 0, 255, 255);
  assert.deepEqual((await roundTrip(grey, 3, 3)).data, Uint8Array.from(grey));
});

test('a real matte takes fewer bytes than its pixels, a flat one next to none', async () => {
  const file = readFileSync(new URL('../fixtures/mattes/coffee.png', import.meta.url));
  const { width, height, data } = readPng(file);
  const found = await roundTrip(new Uint8ClampedArray(data), width, height);
  assert.deepEqual(found.data, data);
  assert.ok(found.size < file.length * 1.5, `${found.size} bytes, ${file.length} where every filter may be tried`);
  const flat = await roundTrip(new Uint8ClampedArray(600 * 400).fill(255), 600, 400);
  assert.ok(flat.size < 2400, `${flat.size} bytes for 240,000 equal pixels`);
});
