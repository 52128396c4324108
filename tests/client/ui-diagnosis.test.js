import assert from 'node:assert/strict';
import { test } from 'node:test';

import { exportName, factsOf, learnedOf, limitsOf } from '../../client/ui/diagnosis.js';
import { attemptWords, barWords } from '../../client/ui/diagnosis-words.js';
import { placed, sharesOf, sumOf } from '../../client/ui/stages.js';

const plain = (text) => text.replaceAll('\u00a0', ' ');
const MS = { judge: 40, download: 3200, create: 900, canary: 410, decode: 150, pre: 50, run: 1700, post: 180, encode: 420, total: 7050 };
const ATTEMPT = { backend: 'wasm', build: 'wasm', threads: 2, outcome: 'ran', code: null, ms: 1700 };
const REPORT = {
  model: { id: 'u2netp' }, requested: 'auto', backend: 'wasm', reason: 'no-adapter', attempts: [ATTEMPT], threads: { asked: 2, got: 2 },
  bytes: { received: 0 }, runtime: { version: '1.30.0', build: 'wasm' }, adapter: null, memory: { heap: 212_860_928, device: 8 }, size: null, ms: MS,
};
const ENTRY = { at: 0, kind: 'cutout', error: null, report: REPORT };
const DIAGNOSIS = {
  version: '0.1.0', tree: 'abc', runtime: '1.30.0', learned: {}, entries: [ENTRY],
  environment: { secure: true, isolated: false, sharedMemory: false, cores: 8, threads: 1, cacheStorage: true },
  findings: { adapter: null, jspi: true, gpu: null, cpu: null, remembered: false, ms: 12 },
};
/** @returns {Record<string, string>} */
const flat = (groups) => Object.fromEntries(groups.flatMap(({ facts }) => facts).map(([label, value]) => [label, plain(value)]));

test('a bar shows this device’s time, in the order it was spent', () => {
  const shares = sharesOf(MS);
  assert.deepEqual(shares, [{ group: 'start', ms: 1350 }, { group: 'read', ms: 200 }, { group: 'model', ms: 1700 }, { group: 'write', ms: 600 }]);
  assert.equal(sumOf(shares), 3850);
  assert.equal(plain(barWords(shares)), 'Starting 1.4 s, Reading 0.2 s, Model 1.7 s, Writing 0.6 s');
});

test('what took no time, or is no time, has no share', () => {
  assert.deepEqual(sharesOf({ run: 5, decode: 0, encode: NaN, create: -1, post: 'x', more: 7 }), [{ group: 'model', ms: 5 }]);
  assert.deepEqual(sharesOf({}), []);
});

test('the longest run fills the width, the others are as long beside it as they took', () => {
  const [first, last] = placed([{ group: 'read', ms: 250 }, { group: 'model', ms: 750 }], 4000);
  assert.deepEqual([first.x, first.width, last.x, last.width], [0, 6.25, 6.25, 18.75]);
  assert.deepEqual(placed([{ group: 'read', ms: 0 }], 0).map(({ width }) => width), [0]);
});

test('facts of a device without a GPU', () => {
  const facts = flat(factsOf(DIAGNOSIS, { title: 'U²-Net', verdict: 'unfit', sentence: 'this browser offers no GPU' }));
  assert.equal(facts.Found, 'none');
  assert.equal(facts['For U²-Net'], 'not usable: this browser offers no GPU');
  assert.equal(facts['Cross-origin isolated'], 'no');
  assert.equal(facts['Build of the last run'], 'wasm');
  assert.equal(facts['Engine memory'], '213 MB');
});

test('facts before anybody has looked, and before anything has run', () => {
  const facts = flat(factsOf({ ...DIAGNOSIS, findings: null, entries: [] }, null));
  assert.equal(facts.Found, 'not checked yet');
  assert.equal(facts['WebAssembly can be suspended'], 'not told');
  assert.equal(facts['Threads asked for, used'], 'none yet');
});

test('facts of a GPU: what it is, what it measured', () => {
  const adapter = { vendor: 'apple', architecture: 'metal-3', device: '', description: '', fallback: null, features: ['shader-f16'], limits: {} };
  const findings = { ...DIAGNOSIS.findings, adapter, gpu: { gflops: 812.4 }, cpu: { gflops: 8.25 }, remembered: true };
  const facts = flat(factsOf({ ...DIAGNOSIS, findings }, null));
  assert.equal(facts.Found, 'Apple metal-3');
  assert.equal(facts['Small test'], 'GPU 812 GFLOP/s, one CPU thread 8.3 GFLOP/s, from an earlier visit');
  assert.equal(facts['Fallback flag'], 'not told');
  assert.equal(flat(factsOf({ ...DIAGNOSIS, findings: { ...findings, gpu: { trouble: 'probe-wrong' } } }, null))['Small test'], 'GPU got its test wrong');
});

test('what was learned, way by way', () => {
  const known = { createMs: 880, firstMs: null, runMs: 208, runs: 9, failure: { code: 'gpu-lost', count: 2 } };
  const slow = { createMs: null, firstMs: null, runMs: 1620, runs: 1, failure: null };
  const facts = learnedOf({ ...DIAGNOSIS, learned: { u2netp: { jspi: known, 'wasm×1': slow } } }, () => 'U²-Net');
  assert.deepEqual(facts.map((fact) => fact.map(plain)), [
    ['U²-Net, GPU (jspi)', '0.2 s per run (median of 9), loading 0.9 s, failed 2 times: gpu-lost'],
    ['U²-Net, CPU, 1 thread', '1.6 s per run (median of 1)'],
  ]);
});

test('limits that the model needs come first', () => {
  const rows = limitsOf({ maxBindGroups: 4, maxTextureDimension2D: 8192, maxBufferSize: 256 }, { maxBufferSize: 512 });
  assert.deepEqual(rows.map(({ name, need }) => [name, need]), [['maxBufferSize', 512], ['maxBindGroups', null], ['maxTextureDimension2D', null]]);
});

test('attempts are told in the order of what became of them', () => {
  const refused = { ...ATTEMPT, backend: 'webgpu', build: null, outcome: 'refused', code: 'fallback-adapter', ms: 0 };
  const failed = { ...ATTEMPT, backend: 'webgpu', build: 'jspi', outcome: 'failed', code: 'gpu-lost', ms: 640 };
  assert.deepEqual([refused, failed, ATTEMPT].map((attempt) => plain(attemptWords(attempt))), [
    'GPU: not tried, fallback-adapter', 'GPU (jspi): failed after 0.6 s, gpu-lost', 'CPU, 2 threads: ran, 1.7 s',
  ]);
});

test('the exported file is named by the day', () => {
  assert.equal(exportName(new Date(2026, 0, 5, 23, 59).getTime()), 'mattebox-diagnostics-2026-01-05.json');
});
