import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { solveMatting } from '../../client/image/matte/closed-form.js';
import { RIM } from '../../client/image/matte/laplacian.js';
import { bytesOf, difference, golden } from './golden.js';

/** Planes with the rim, of values row by row. */
function rimmed(values, width, height) {
  const out = new Float32Array((width + 2 * RIM) * (height + 2 * RIM));
  for (let y = 0; y < height; y++) out.set(values.slice(y * width, (y + 1) * width), (y + RIM) * (width + 2 * RIM) + RIM);
  return out;
}

function rimless(plane, width, height) {
  return Array.from({ length: width * height }, (_, i) => plane[(Math.floor(i / width) + RIM) * (width + 2 * RIM) + RIM + (i % width)]);
}

/** Where `isUnknown` says so, alpha is looked for. */
function solved({ width, height, colours, known, isUnknown, weights = null }, options) {
  const size = { width: width + 2 * RIM, height: height + 2 * RIM };
  const wanted = rimmed(Float32Array.from(isUnknown, Number), width, height);
  const unknown = Int32Array.from([...wanted.keys()].filter((i) => wanted[i]));
  const planes = colours.map((plane) => rimmed(plane, width, height));
  const alpha = solveMatting(planes, size, { unknown, values: rimmed(known, width, height), weights: weights && rimmed(weights, width, height) }, options);
  return rimless(alpha, width, height);
}

describe('alpha is what pymatting makes of the same colours and the same trimap', () => {
  for (const [number, { width, height, data, trimap, alpha }] of golden('closed-form').entries()) {
    test(`part ${number + 1} of a photograph of fur`, () => {
      const rgb = bytesOf(data);
      const map = bytesOf(trimap);
      const colours = [0, 1, 2].map((c) => Float32Array.from(map, (_, i) => rgb[i * 3 + c] / 255));
      const isUnknown = Array.from(map, (value) => value === 128);
      const options = { epsilon: 1e-7, tolerance: 1e-7, iterations: 5000 };
      const found = solved({ width, height, colours, known: Float32Array.from(map, (value) => value / 255), isUnknown }, options);
      const clipped = found.map((value) => Math.min(1, Math.max(0, value)));
      const { mean, max } = difference(clipped, Array.from(new Uint16Array(bytesOf(alpha).buffer), (value) => value / 65535));
      // 16 bits of pymatting's, single precision of ours.
      assert.ok(mean < 2e-5 && max < 2e-4, `${mean} on average, ${max} at most`);
    });
  }
});

/** A row of colours that are mixed of the first and the last by `share`, three rows high. */
function mixture(share) {
  const width = share.length;
  const colours = [[0.9, 0.1], [0.3, 0.4], [0.1, 0.8]].map(([front, back]) => Float32Array.from({ length: width * 5 }, (_, i) => back + (front - back) * share[i % width]));
  return { width, height: 5, colours };
}

const SHARE = [1, 1, 1, 1, 0.8, 0.3, 0.9, 0.6, 0.5, 0.1, 0.4, 0, 0, 0, 0];

test('where colours are mixed of two, alpha is the share of the one', () => {
  const picture = mixture(SHARE);
  const isUnknown = Array.from({ length: 75 }, (_, i) => i % 15 >= 4 && i % 15 <= 10);
  const known = Float32Array.from({ length: 75 }, (_, i) => Number(i % 15 < 4));
  const found = solved({ ...picture, known, isUnknown }, { tolerance: 1e-6 });
  for (const [i, value] of found.entries()) assert.ok(Math.abs(value - SHARE[i % 15]) < 0.01, `${value} at ${i}`);
});

test('what is known stays, and weights hold alpha towards values', () => {
  const picture = mixture(SHARE);
  const isUnknown = Array.from({ length: 75 }, (_, i) => i % 15 >= 4 && i % 15 <= 10);
  const known = Float32Array.from({ length: 75 }, (_, i) => [1, 0.25, 0][i % 15 < 4 ? 0 : i % 15 > 10 ? 2 : 1]);
  const held = solved({ ...picture, known, isUnknown, weights: new Float32Array(75).fill(1e4) });
  for (const [i, value] of held.entries()) assert.ok(Math.abs(value - known[i]) < 0.01, `${value} at ${i}`);
  const free = solved({ ...picture, known, isUnknown, weights: new Float32Array(75).fill(1e-6) }, { tolerance: 1e-6 });
  for (const [i, value] of free.entries()) assert.ok(Math.abs(value - SHARE[i % 15]) < 0.02, `${value} at ${i}`);
});
