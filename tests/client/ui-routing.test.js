import assert from 'node:assert/strict';
import { test } from 'node:test';

import { whyRan } from '../../client/ui/diagnosis-words.js';
import { adapterName, because, moved, movingOn, ran, runsOn, slow } from '../../client/ui/routing-words.js';

const plain = (text) => text.replaceAll('\u00a0', ' ');
const CPU = { backend: 'wasm', threads: 2 };
const GPU = { backend: 'webgpu', threads: 1 };
const ADAPTER = { vendor: 'nvidia', architecture: 'ampere', device: '', description: '' };

/** Every reason with the numbers that the verdict gives. */
const REASONS = {
  'fallback-adapter': { name: 'SwiftShader' },
  'software-adapter': { name: 'llvmpipe' },
  'slow-adapter': { gpu: 95, cpu: 18.2, threads: 8, factor: 0.65, margin: 2 },
  'no-webgpu': {},
  'no-adapter': {},
  'adapter-failed': {},
  'adapter-timeout': {},
  'missing-feature': { name: 'shader-f16' },
  'limit-too-low': { name: 'maxBufferSize', need: 536_870_912, have: 268_435_456 },
  'nonsense-limits': { name: 'maxBufferSize', have: null },
  'probe-failed': {},
  'probe-timeout': {},
  'probe-wrong': {},
  'only-backend': {},
  'backend-not-offered': {},
  'learned-slower': {},
  'failed-before': {},
};
const FALLEN = [
  'gpu-unavailable', 'gpu-lost', 'gpu-failed', 'timed-out', 'too-slow', 'canary-mismatch', 'bad-matte', 'out-of-memory', 'runtime-failed',
  'session-failed', 'worker-crashed',
];

const whyOf = (reason, detail) => ({ reason, verdict: { verdict: 'unfit', reason, detail }, adapter: ADAPTER, secure: true });
const report = (rest) => ({ backend: 'wasm', reason: 'requested', threads: { asked: 2, got: 2 }, ...rest });

test('the sentence of a software GPU', () => {
  const line = runsOn(CPU, whyOf('fallback-adapter', { name: 'SwiftShader' }));
  assert.equal(line, 'Photos are cut out on the processor, with 2 threads. This browser has only a simulated graphics card (SwiftShader), which would be slower.');
});

test('every reason for the CPU has a sentence of its own, and a word', () => {
  const lines = Object.entries(REASONS).map(([reason, detail]) => runsOn(CPU, whyOf(reason, detail)));
  for (const line of lines) assert.match(line, /^Photos are cut out on the processor, with 2 threads\. \p{Lu}.*\.$/u);
  assert.ok(lines.every((line) => !/undefined|NaN|null/u.test(line)), lines.join('\n'));
  // Which program plays the GPU is in brackets; that it is one is said alike.
  assert.equal(new Set(lines).size, lines.length);
  for (const reason of Object.keys(REASONS)) assert.doesNotMatch(whyRan(reason), /\./u);
});

test('numbers are told where numbers decided', () => {
  assert.match(plain(because(whyOf('slow-adapter', REASONS['slow-adapter']))), /95 GFLOP\/s .* processor 146 GFLOP\/s.* twice/u);
  assert.match(because(whyOf('limit-too-low', REASONS['limit-too-low'])), /maxBufferSize: 536,870,912 needed, 268,435,456 available/u);
});

test('what can be done about plain http is not blamed on the browser', () => {
  assert.match(because({ reason: 'no-webgpu', secure: false }), /secure connection/u);
});

test('a GPU that runs is named, with what it measured', () => {
  const fit = { reason: 'hardware-adapter', adapter: ADAPTER, verdict: { verdict: 'fit', reason: 'hardware-adapter', detail: { factor: 9.91, threads: 8 } } };
  assert.equal(runsOn(GPU, fit), 'Photos are cut out on the graphics card: NVIDIA ampere. In a short test it was 9.9 times as fast as 8 threads of the processor.');
  assert.equal(runsOn(GPU, { reason: 'hardware-adapter', adapter: { ...ADAPTER, vendor: '', architecture: '' } }), 'Photos are cut out on the graphics card.');
});

test('an adapter is called what it calls itself, once', () => {
  assert.equal(adapterName({ ...ADAPTER, description: 'NVIDIA GeForce RTX 3060' }), 'NVIDIA GeForce RTX 3060');
  assert.equal(adapterName({ vendor: 'mesa', architecture: 'mesa', device: '', description: '' }), 'mesa');
  assert.equal(adapterName(null), '');
});

test('after a run: where, how long, why', () => {
  assert.equal(ran(report(), '1.7 s'), 'Cut out in 1.7 s on the processor, with 2 threads.');
  assert.equal(ran(report({ threads: { asked: 4, got: 1 } }), '1.7 s'), 'Cut out in 1.7 s on the processor, with 1 of 4 threads.');
  assert.equal(ran(report({ backend: 'webgpu', reason: 'requested' }), '0.2 s'), 'Cut out in 0.2 s on the graphics card.');
  const refused = report({ reason: 'no-adapter', verdict: { verdict: 'unfit', reason: 'no-adapter', detail: {} } });
  assert.equal(ran(refused, '1.7 s'), 'Cut out in 1.7 s on the processor, with 2 threads. This browser offers no graphics card on this device.');
});

test('every failure that moves photos off the GPU is told', () => {
  assert.equal(ran(report({ reason: 'gpu-lost' }), '1.7 s'), 'Cut out in 1.7 s on the processor, with 2 threads. The connection to the graphics card was lost.');
  const told = FALLEN.map((code) => moved(code));
  assert.equal(new Set(told).size, FALLEN.length);
  for (const code of FALLEN) assert.match(movingOn('webgpu', code), /^Continuing on the processor\. The /u);
  assert.doesNotMatch(movingOn('wasm', 'worker-crashed'), /graphics/u);
});

test('before a slow GPU: the reason, and an estimate where there is one', () => {
  const software = whyOf('fallback-adapter', { name: 'SwiftShader' });
  assert.match(plain(slow(software, null, 1700)), /may take minutes\. On the processor it is about 1\.7 s\. You can stop it at any time\.$/u);
  assert.match(plain(slow(software, 550_000, 1700)), /about 9 min 10 s\. On the processor it is about 1\.7 s\./u);
  assert.doesNotMatch(slow(whyOf('slow-adapter', REASONS['slow-adapter']), null, null), /minutes/u);
});
