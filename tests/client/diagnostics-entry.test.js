import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { soundEntry } from '../../client/engine/diagnostics-entry.js';
import { ERROR_CODES } from '../../client/shared/errors.js';
import { blankReport } from '../../client/engine/report.js';

globalThis.navigator ??= { deviceMemory: 8 };

const SHA = 'a1'.repeat(32);
const MS = { judge: 3, download: 0, create: 310, canary: 1100, decode: 20, pre: 9, run: 1040.5, post: 30, compose: 7, encode: 80, total: 2600 };

/** Everything that a report can hold. */
const report = () => ({
  model: { id: 'isnet-small', sha256: SHA },
  requested: 'auto',
  backend: 'wasm',
  reason: 'gpu-lost',
  attempts: [
    { backend: 'webgpu', build: null, threads: 0, outcome: 'refused', code: 'fallback-adapter', ms: 0 },
    { backend: 'webgpu', build: 'jspi', threads: 1, outcome: 'failed', code: 'gpu-lost', ms: 1200 },
    { backend: 'wasm', build: 'wasm', threads: 2, outcome: 'ran', code: null, ms: 2600 },
  ],
  threads: { asked: 4, got: 2 },
  isolated: true,
  secure: true,
  walls: { page: 'enforced', inference: 'replaced', delivery: 'missing' },
  bytes: { expected: 100, received: 90, stored: 10 },
  runtime: { version: '1.30.0-dev.20261101-abc', build: 'wasm', simd: true },
  adapter: {
    vendor: 'intel',
    architecture: 'gen-9',
    device: '0x3e9b',
    description: 'ANGLE (Intel, Mesa Intel(R) UHD Graphics 630 (CFL GT2), OpenGL 4.6)',
    fallback: null,
    features: ['core-features-and-limits', 'shader-f16'],
    limits: { maxBufferSize: 2 ** 31, maxStorageBuffersPerShaderStage: 10 },
  },
  verdict: { verdict: 'unfit', reason: 'limit-too-low', detail: { name: 'maxStorageBuffersPerShaderStage', need: 12, have: 10 } },
  memory: { heap: 2 ** 27, device: 8 },
  canary: 'passed',
  storage: { code: 'storage-full', needed: 4574861, available: null },
  size: { width: 4000, height: 3000 },
  result: { width: 400, height: 300 },
    applied: { refined: false, decontaminated: true, profile: false, copyright: true },
  notes: [{ code: 'first-of-many', detail: { count: 12, kind: 'frames' } }, { code: 'incomplete', detail: { missing: 0.05 } }],
  doubts: [{ code: 'several', value: 0.5 }],
  ms: { ...MS },
});
const entry = (rest = {}) => ({ at: 1.7e12, kind: 'cutout', report: report(), error: null, ...rest });
const errorOf = (code, details) => soundEntry(entry({ error: { code, details } })).error;

describe('what is kept', () => {
  test('is all of a report, once it is a copy', () => {
    const given = entry();
    const kept = soundEntry(given);
    assert.deepEqual(kept, given);
    assert.notEqual(kept.report.ms, given.report.ms);
    assert.deepEqual(soundEntry(entry({ report: blankReport() })).report, blankReport());
  });

  test('reads back as the same', () => {
    const kept = soundEntry(entry({ error: { code: 'timed-out', details: { stage: 'creating', ms: 30000 } } }));
    assert.deepEqual(soundEntry(JSON.parse(JSON.stringify(kept))), kept);
  });

  test('is every error code with the numbers and words of its sentence', () => {
    for (const code of ERROR_CODES) assert.equal(errorOf(code, {}).code, code);
    for (const details of [
      { kind: 'out-of-memory', cause: 'Not enough memory left.' },
      { reason: 'destroyed', cause: 'Device was destroyed.' },
      { model: 'u2netp', mean: 0.2, max: 1, tolerance: { mean: 0.01, max: 0.1 } },
      { reason: 'shape 1,1,320,320' },
      { missing: 'OffscreenCanvas' },
      { stage: 'creating', ms: 30000 },
      { width: 20000, height: 20000, limit: 64e6 },
      { realm: 'inference', cause: 'its script could not be loaded' },
      { part: 'onnxruntime-web', build: 'jspi', cause: 'RuntimeError: memory access out of bounds' },
      { model: 'isnet', cause: '[ONNXRuntimeError] : 1 : FAIL : /onnxruntime_src/onnxruntime/core/framework/execution_frame.cc:173 status == 0' },
      { attempts: report().attempts },
    ]) {
      assert.deepEqual(errorOf('internal', details).details, details);
    }
  });

  test('of addresses in a message, that there was one', () => {
    const { cause } = errorOf('runtime-failed', { cause: 'Failed to fetch dynamically imported module: https://host.example/runtime/1.30.0/ort.mjs' }).details;
    assert.equal(cause, 'Failed to fetch dynamically imported module: (address)');
  });

  test('of a long message, its beginning on one line', () => {
    const { cause } = errorOf('session-failed', { cause: `first\n\tsecond\0 ${'word '.repeat(1e6)}` }).details;
    assert.ok(cause.startsWith('first second word'));
    assert.equal(cause.length, 300);
  });

  test('of missing things, that they are', () => {
    const { report: kept } = soundEntry({ at: 1, kind: 'preload' });
    const { isolated, secure, memory, ...rest } = blankReport();
    assert.deepEqual(kept, { ...rest, isolated: false, secure: false, memory: { heap: null, device: null } });
    assert.ok([isolated, secure, memory].every((value) => value !== undefined));
  });

  test('of numbers that JSON cannot hold, nothing', () => {
    const absurd = { ...report(), ms: { ...MS, run: NaN, total: Infinity } };
    absurd.adapter.limits.maxBufferSize = Infinity;
    const { ms, adapter } = soundEntry(entry({ report: absurd })).report;
    assert.deepEqual([ms.run, ms.total, adapter.limits], [0, 0, { maxStorageBuffersPerShaderStage: 10 }]);
  });
});

describe('a hostile report', () => {
  const NAMES = ['holiday.jpg', 'IMG 2041.HEIC', '/home/anna/Pictures/secret.png', String.raw`C:\Users\anna\secret.webp`, 'file:///home/anna/a', 'blob:https://x/1'];
  const PIXELS = [new Uint8Array([1, 2, 3]), new Blob(['x']), new ArrayBuffer(8), new File(['x'], 'holiday.jpg'), `data:image/png;base64,${'iVBOR'.repeat(40)}`, 'iVBOR'.repeat(40)];
  /** Each may be in a word of its own or in a message. */
  const FORBIDDEN = [...NAMES, ...NAMES.map((name) => `could not decode ${name} (12 bytes)`), ...PIXELS, ...NAMES.map((name) => [name]), new Map([['a', 'holiday.jpg']])];
  const TRACES = /holiday|IMG 2041|anna|secret|blob:|iVBOR|\[object/i;

  /** Every place of a value, and some that the schema does not know. */
  function* places(value, path = []) {
    if (typeof value !== 'object' || value === null) return;
    for (const key of [...Object.keys(value), 'filename', 'thumbnail']) {
      yield [...path, key];
      yield* places(value[key], [...path, key]);
    }
  }

  const whole = () => entry({ error: { code: 'session-failed', details: { cause: 'x', model: 'isnet', reason: 'x', stage: 'x', attempts: report().attempts } } });

  test('nothing of it stays, wherever it is put', () => {
    let tried = 0;
    for (const path of places(whole())) {
      for (const bad of FORBIDDEN) {
        const given = whole();
        const holder = path.slice(0, -1).reduce((value, key) => value[key], given);
        holder[path.at(-1)] = bad;
        const kept = JSON.stringify(soundEntry(given));
        assert.doesNotMatch(kept, TRACES, `${path.join('.')} = ${String(bad)}`);
        tried++;
      }
    }
    assert.ok(tried > 1500, `${tried}`);
  });

  test('nor as the name of something', () => {
    const given = whole();
    for (const path of places(whole())) {
      const holder = path.slice(0, -1).reduce((value, key) => value[key], given);
      for (const name of NAMES) holder[name] = 1;
    }
    assert.doesNotMatch(JSON.stringify(soundEntry(given)), TRACES);
  });

  test('nor much of anything', () => {
    const given = whole();
    given.report.attempts = Array.from({ length: 1e5 }, () => given.report.attempts[0]);
    given.report.adapter.features = Array.from({ length: 1e5 }, (_, i) => `feature-${i}`);
    given.report.adapter.description = 'very '.repeat(1e6);
    given.report.reason = 'a'.repeat(1e6);
    given.error.details.cause = 'word '.repeat(1e6);
    assert.ok(JSON.stringify(soundEntry(given)).length < 12_000);
  });

  test('one that throws when it is read, or turns in circles', () => {
    const circle = report();
    circle.verdict.detail = circle;
    circle.attempts = [circle];
    assert.equal(soundEntry(entry({ report: circle })).report.attempts[0].backend, 'wasm');
    const { reason } = soundEntry(entry({ report: Object.create({ reason: 'inherited' }) })).report;
    assert.equal(reason, '');
  });
});
