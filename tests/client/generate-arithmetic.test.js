import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';

import { areFinite, denoised, noised, pixelsOf } from '../../client/tasks/generate/arithmetic.js';
import { integers, ln, noise, quantile } from '../../client/tasks/generate/noise.js';
import { bytesOf, golden } from './golden.js';

const { noise: seeds, words, step, pixels, sigma, quantiles } = golden('generate');
const floats = (text) => new Float32Array(bytesOf(text).buffer);
/** SD-Turbo's, as catalog.toml has them. */
const SCHEDULER = { sigma: 14.614641229, divisor: 14.648813545 };
const SCALE = 0.18215;

describe('noise', () => {
  for (const { seed, data, sha256 } of seeds) {
    test(`of seed ${seed} is the reference’s, to the bit`, () => {
      assert.deepEqual(noise(seed, 256), floats(data));
      assert.equal(createHash('sha256').update(new Uint8Array(noise(seed, 4 * 64 * 64).buffer)).digest('hex'), sha256);
    });
  }
  test('is made of the reference’s whole numbers', () => {
    const next = integers(42);
    assert.deepEqual(words.map(() => next()), words);
  });
  test('of a seed begins alike however much of it there is', () => assert.deepEqual(noise(9, 4096).slice(0, 50), noise(9, 50)));
  test('of neighbours has nothing in common', () => {
    const [one, other] = [noise(1000, 16384), noise(1001, 16384)];
    const together = one.reduce((sum, value, i) => sum + value * other[i], 0) / one.length;
    assert.ok(Math.abs(together) < 0.03, `${together}`);
  });
  test('is normal: mean, deviation, tails', () => {
    const values = noise(3, 200_000);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    const beyond = values.filter((value) => Math.abs(value) > 1.959964).length / values.length;
    assert.ok(Math.abs(mean) < 0.007 && Math.abs(deviation - 1) < 0.005 && Math.abs(beyond - 0.05) < 0.002, `${[mean, deviation, beyond]}`);
  });
});

test('quantiles', () => {
  for (const [p, wanted] of quantiles) assert.ok(Math.abs(quantile(p) - wanted) < 2e-15 * Math.max(1, Math.abs(wanted)), `${p}`);
});

test('the logarithm', () => {
  for (const x of [2 ** -33, 1e-9, 0.075, 0.5, 0.70710678, 0.999999, 1, 1.4142, 3]) assert.ok(Math.abs(ln(x) - Math.log(x)) <= 4e-16 * Math.max(1, Math.abs(Math.log(x))), `${x}`);
});

test('the numbers of the scheduler are those of its betas', () => {
  assert.ok(Math.abs(sigma - SCHEDULER.sigma) < 1e-9);
  assert.ok(Math.abs(Math.sqrt(sigma ** 2 + 1) - SCHEDULER.divisor) < 1e-9);
});

/** Both sides round to floats, of numbers up to this size, each in its own order. */
const isNear = (found, wanted, size) => found.every((value, i) => Math.abs(value - wanted[i]) <= 2 ** -22 * size);

test('one step from noise to what the decoder draws', () => {
  const { latents, seen } = noised(noise(7, 64), SCHEDULER);
  assert.ok(isNear(seen, floats(step.seen), 4));
  assert.ok(isNear(denoised(latents, floats(step.predicted), SCHEDULER, SCALE), floats(step.left), (4 * SCHEDULER.sigma) / SCALE));
});

test('pixels, cut off beyond what can be shown', () => {
  const made = pixelsOf(floats(pixels.planes));
  assert.deepEqual([0, 1, 2].flatMap((c) => Array.from({ length: 16 }, (_, i) => made[i * 4 + c])), pixels.levels);
  assert.ok(made.every((value, i) => i % 4 !== 3 || value === 255));
});

test('numbers that are none', () => {
  assert.ok(areFinite(new Float32Array([0, -3, 1e30])));
  for (const bad of [NaN, Infinity, -Infinity]) assert.ok(!areFinite(new Float32Array([0, bad])));
});
