import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { budget, estimateOnCpu, slowerThan } from '../../client/engine/budget.js';

const STAGES = ['starting', 'creating', 'canary', 'decoding', 'running', 'encoding'];
const attempt = { backend: 'wasm', isLast: false, bytes: 88e6, gflop: 300, expectedMs: null };

describe('the time an attempt may take', () => {
  test('is finite for every stage of every attempt', () => {
    for (const stage of STAGES) {
      for (const backend of ['wasm', 'webgpu']) {
        for (const isLast of [true, false]) assert.ok(Number.isFinite(budget(stage, { ...attempt, backend, isLast })));
      }
    }
  });
  test('is far longer where nothing else is left', () => {
    for (const stage of STAGES) assert.ok(budget(stage, { ...attempt, isLast: true }) >= 3 * budget(stage, attempt), stage);
  });
  test('grows with the model', () => {
    assert.ok(budget('creating', attempt) > budget('creating', { ...attempt, bytes: 2e6 }));
    assert.ok(budget('running', attempt) > budget('running', { ...attempt, gflop: 10 }));
  });
  test('leaves the slowest machine seen its time: IS-Net in 12 s on two busy cores, one thread half as fast', () => {
    assert.ok(budget('running', attempt) > 2 * 24_000);
  });
  test('follows what is known of a device, with room for a busy moment', () => {
    assert.equal(budget('running', { ...attempt, expectedMs: 40_000 }), 200_000);
    assert.equal(budget('running', { ...attempt, expectedMs: 1 }), 60_000, 'and never less than a pause of the machine');
    assert.ok(budget('running', { ...attempt, backend: 'webgpu', expectedMs: 50 }) <= 20_000, 'a GPU that hangs is given up earlier');
  });
});

describe('a GPU is too slow', () => {
  test('when it takes longer than the CPU was seen to take', () => {
    assert.equal(slowerThan(1001, { runMs: 1000, estimateMs: 9 }), 1000);
    assert.equal(slowerThan(999, { runMs: 1000, estimateMs: 9 }), null);
  });
  test('by an estimate only when it is off by more than the estimate may be', () => {
    assert.equal(slowerThan(1400, { runMs: null, estimateMs: 1000 }), null);
    assert.equal(slowerThan(1600, { runMs: null, estimateMs: 1000 }), 1500);
  });
  test('never where nothing is known', () => {
    assert.equal(slowerThan(1e9, { runMs: null, estimateMs: null }), null);
  });
});

test('what a run should take on the CPU, against two that were measured: 1.27 s and 8.5 s on two threads of 32 GFLOP/s', () => {
  for (const [gflop, ms] of [[39.5, 1270], [319, 8500]]) {
    const factor = estimateOnCpu(gflop, 32, 2) / ms;
    assert.ok(factor > 0.8 && factor < 1.25, `${factor}`);
  }
});
