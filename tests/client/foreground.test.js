import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { estimateForeground } from '../../client/image/matte/foreground.js';
import { bytesOf, difference, golden, withAlpha } from './golden.js';
import { readPng } from './read-png.js';

/** Colours of RGBA where `kept` says so. */
function colours(data, kept = () => true) {
  return data.filter((_, i) => i % 4 < 3 && kept(i >> 2));
}

/** What shows of a wrong foreground on any background: the difference of colour times alpha, on the soft pixels. */
function fringe(data, truth, alpha) {
  let [sum, count] = [0, 0];
  for (let i = 0; i < alpha.length; i++) {
    if (alpha[i] < 1300 || alpha[i] > 64200) continue;
    for (let c = 0; c < 3; c++) sum += (Math.abs(data[i * 4 + c] - truth[i * 3 + c]) * alpha[i]) / 65535;
    count += 3;
  }
  return sum / count;
}

const cases = golden('foreground').map(({ photo, alpha, foreground }) => ({
  width: photo.width,
  height: photo.height,
  mixed: withAlpha(bytesOf(photo.data)),
  alpha: new Uint16Array(bytesOf(alpha).buffer),
  expected: withAlpha(bytesOf(foreground)),
}));

function estimated({ mixed, width, height, alpha }) {
  const data = mixed.slice();
  estimateForeground({ data, width, height }, alpha);
  return data;
}

describe('the foreground is what numpy makes of it: blur-fusion at full size, windows summed outright', () => {
  for (const each of cases) {
    test(`${each.width} x ${each.height}`, () => {
      const data = estimated(each);
      const { mean, max } = difference(colours(data), colours(each.expected));
      // Single precision against double; a value half way between two levels may go either way.
      assert.ok(mean <= 0.02 && max <= 1, `${mean} levels on average, ${max} at most`);
      assert.deepEqual(data.filter((_, i) => i % 4 === 3), each.mixed.filter((_, i) => i % 4 === 3), 'alpha is left alone');
    });
  }
});

test('where the true foreground is known, less than half of the fringe is left', () => {
  const { width, height, data: truth } = readPng(readFileSync(new URL('../fixtures/photos/chelsea.png', import.meta.url)));
  const alpha = Uint16Array.from({ length: width * height }, (_, i) => {
    const inside = 0.4 - Math.hypot((i % width) / width - 0.5, Math.floor(i / width) / height - 0.5);
    return Math.round(65535 * Math.min(1, Math.max(0, inside / 0.08)));
  });
  for (const background of [[20, 180, 50], [240, 240, 255], [10, 10, 30]]) {
    const mixed = withAlpha(truth);
    for (let i = 0; i < mixed.length; i++) if (i % 4 < 3) mixed[i] = background[i % 4] + ((mixed[i] - background[i % 4]) * alpha[i >> 2]) / 65535;
    const before = fringe(mixed, truth, alpha);
    const after = fringe(estimated({ mixed, width, height, alpha }), truth, alpha);
    assert.ok(after < 0.5 * before, `${after} of ${before}`);
  }
});

test('a red subject on green shows little green in its soft edge, and more red than green beside it', () => {
  const [width, height] = [240, 160];
  const alpha = Uint16Array.from({ length: width * height }, (_, i) => 65535 * Math.min(1, Math.max(0, (140 - (i % width)) / 8)));
  const mixed = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < alpha.length; i++) mixed.set([(200 * alpha[i]) / 65535, 180 * (1 - alpha[i] / 65535), 0, 255], i * 4);
  const data = estimated({ mixed, width, height, alpha });
  const truth = Uint8ClampedArray.from({ length: alpha.length * 3 }, (_, i) => (i % 3 ? 0 : 200));
  assert.ok(fringe(data, truth, alpha) < 0.35 * fringe(mixed, truth, alpha));
  const bare = alpha.findIndex((value, i) => value === 0 && data[i * 4] < data[i * 4 + 1] + 30);
  assert.equal(bare, -1, `${bare % width}: ${data.subarray(bare * 4, bare * 4 + 3)}`);
});

test('whole foreground keeps its colours to the level; without any, nothing changes', () => {
  const before = withAlpha(bytesOf(golden('foreground')[0].photo.data));
  const { width, height } = golden('foreground')[0].photo;
  for (const level of [0, 65535]) {
    const data = before.slice();
    estimateForeground({ data, width, height }, new Uint16Array(width * height).fill(level));
    assert.deepEqual(data, before);
  }
});

describe('every size comes out whole', () => {
  for (const [width, height] of [[1, 1], [1, 50], [50, 1], [37, 23], [2000, 2], [3, 1500], [801, 603]]) {
    test(`${width} x ${height}`, () => {
      const alpha = Uint16Array.from({ length: width * height }, (_, i) => (i * 40503) & 65535);
      const data = new Uint8ClampedArray(width * height * 4).fill(90);
      estimateForeground({ data, width, height }, alpha);
      // One colour on itself is that colour, whatever the matte.
      assert.ok(data.every((value) => Math.abs(value - 90) <= 1));
    });
  }
});
