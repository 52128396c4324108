import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { applyEdge } from '../../client/document/derive/edits/edge.js';
import { maskOf } from '../../client/document/derive/edits/mask.js';
import { applyStroke } from '../../client/document/derive/edits/stroke.js';

/** The same numbers each time, 0..1. */
function numbers(seed) {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

/**
 * Hair in front of something blue: on the left all is hair, on the right nothing is, and between strands become finer. `matte` is what a
 * model makes of it that sees no strands.
 */
function hair(width, height, scale = 1) {
  const chance = numbers(7);
  const strands = Array.from({ length: Math.ceil(height / (7 * scale)) }, () => chance());
  const [data, truth, matte] = [new Uint8ClampedArray(width * height * 4), new Uint16Array(width * height), new Uint16Array(width * height)];
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const along = (x - width * 0.35) / (width * 0.3);
    const strand = strands[Math.floor(y / (7 * scale))] > along ? 1 - Math.abs(((y / scale) % 7) - 3) / 4 : 0;
    const alpha = along < 0 ? 1 : along > 1 ? 0 : Math.min(1, strand);
    truth[i] = alpha * 65535;
    matte[i] = Math.min(Math.max(1.5 - 2 * along, 0), 1) * 65535;
    const light = chance() * 8;
    const front = [170 + light, 110 + light, 60 + light];
    const back = [40 + (y / height) * 30, 70, 150 + (x / width) * 40];
    for (let c = 0; c < 3; c++) data[i * 4 + c] = alpha * front[c] + (1 - alpha) * back[c];
    data[i * 4 + 3] = 255;
  }
  return { pixels: { data, width, height }, truth, matte };
}

/** Down the middle, wide enough for all strands. */
function strokeDown({ width, height }, more = {}) {
  const points = Float32Array.from([width / 2, height * 0.1, 1, width / 2 + 2, height * 0.5, 1, width / 2, height * 0.9, 1]);
  return { kind: 'stroke', brush: 'edge', size: width * 0.4, hardness: 1, points, ...more };
}

/** Mean difference of two mattes under a stroke, 0..1. */
function off(one, other, stroke, size) {
  const mask = maskOf(stroke, size, { x: 0, y: 0, ...size });
  let [sum, count] = [0, 0];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] < 65535) continue;
    sum += Math.abs(one[i] - other[i]) / 65535;
    count++;
  }
  return sum / count;
}

for (const [what, scale] of [['at full size', 1], ['on cells of several pixels', 4]]) {
  test(`strands that the matte had not are found ${what}`, () => {
    const { pixels, truth, matte } = hair(160 * scale, 120 * scale, scale);
    const stroke = strokeDown(pixels);
    const found = matte.slice();
    assert.ok(applyEdge(found, pixels, stroke, null));
    const [before, after] = [matte, found].map((one) => off(one, truth, stroke, pixels));
    assert.ok(before > 0.2 && after < 0.08, `${before} before, ${after} after`);
  });
}

describe('where there is nothing to go by, the matte stays as it is', () => {
  const { pixels, matte } = hair(160, 120);
  const cases = {
    'no background': matte.map(() => 65535),
    'no foreground': matte.map(() => 0),
    'nothing certain': matte.map(() => 30000),
  };
  for (const [name, given] of Object.entries(cases)) {
    test(name, () => {
      const found = given.slice();
      assert.equal(applyEdge(found, pixels, strokeDown(pixels), null), null);
      assert.deepEqual(found, given);
    });
  }

  test('the stroke lies beside the photo', () => {
    const found = matte.slice();
    assert.equal(applyEdge(found, pixels, strokeDown(pixels, { points: Float32Array.of(-200, 20, 1) }), null), null);
    assert.deepEqual(found, matte);
  });
});

test('nothing changes but what is under the stroke, all of it in the box that is told', () => {
  const { pixels, matte } = hair(160, 120);
  const stroke = strokeDown(pixels, { hardness: 0.5 });
  const found = matte.slice();
  const box = applyEdge(found, pixels, stroke, null);
  const mask = maskOf(stroke, pixels, { x: 0, y: 0, width: 160, height: 120 });
  for (let i = 0; i < found.length; i++) {
    if (found[i] === matte[i]) continue;
    const [x, y] = [i % 160, Math.floor(i / 160)];
    assert.ok(mask[i] > 0 && x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height);
  }
});

test('where the stroke fades, old and new are mixed', () => {
  const { pixels, matte } = hair(160, 120);
  const stroke = strokeDown(pixels, { hardness: 0 });
  const found = matte.slice();
  applyEdge(found, pixels, stroke, null);
  const mask = maskOf(stroke, pixels, { x: 0, y: 0, width: 160, height: 120 });
  assert.ok(mask.some((value) => value > 0 && value < 6553));
  for (let i = 0; i < found.length; i++) assert.ok(Math.abs(found[i] - matte[i]) <= mask[i] + 1);
});

test('the same stroke on the same matte gives the same', () => {
  const { pixels, matte } = hair(160, 120);
  const [one, other] = [matte.slice(), matte.slice()];
  for (const found of [one, other]) applyEdge(found, pixels, strokeDown(pixels), null);
  assert.deepEqual(one, other);
});

test('nothing is more opaque than the photo is, and what is half there by itself is found as well', () => {
  const { pixels, truth, matte } = hair(160, 120);
  const ceiling = matte.map((_, i) => (i % 160 > 100 ? 0 : 32768));
  const share = (values) => values.map((value, i) => (value * ceiling[i]) / 65535);
  const found = share(matte);
  const stroke = strokeDown(pixels);
  applyEdge(found, pixels, stroke, ceiling);
  assert.ok(found.every((value, i) => value <= ceiling[i]));
  assert.ok(off(found, share(truth), stroke, pixels) < 0.4 * off(share(matte), share(truth), stroke, pixels));
});

test('a mask is what the same stroke restores', () => {
  const size = { width: 150, height: 90 };
  for (const [hardness, pressures] of [[1, [1, 1, 1]], [0.3, [0.2, 1, 0.6]], [0, [0, 0.5, 1]]]) {
    const points = Float32Array.from([20, 30, pressures[0], 90, 70, pressures[1], 160, -5, pressures[2]]);
    const stroke = { kind: 'stroke', brush: 'restore', size: 37, hardness, points };
    const restored = new Uint16Array(150 * 90);
    applyStroke(restored, size, stroke, null);
    const box = { x: 13, y: 7, width: 120, height: 70 };
    const mask = maskOf(stroke, size, box);
    // What is nearly opaque is opaque there.
    mask.forEach((value, i) => assert.ok(Math.abs(value - restored[(Math.floor(i / 120) + 7) * 150 + (i % 120) + 13]) <= 129, `${i}`));
  }
});
