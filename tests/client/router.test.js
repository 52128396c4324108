import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { MatteboxError } from '../../client/shared/errors.js';
import { ADAPTER, FOUND, gate, INFERENCE, NOTHING, site } from './site.js';
import { standIn } from './stand-in.js';
import { settle, until } from './worker-pair.js';

const SOFTWARE = { ...FOUND, adapter: { ...ADAPTER, architecture: 'swiftshader', fallback: true }, gpu: null, cpu: null };

const MODEL = { id: 'both', files: [{ sha256: 'sha of both.onnx' }] };
const PHOTO = { decode: 1, pre: 1, run: 30, post: 1, compose: 1, encode: 1 };

/** A site whose device has this GPU, and whose attempts fail where `fails` says so. */
function device(t, { findings = FOUND, fails = () => null, cutout = INFERENCE.cutout, page = {} } = {}) {
  const prepare = async (args, context) => {
    const error = await fails(args, 'prepare');
    if (error) throw error;
    return INFERENCE.prepare(args, context);
  };
  const cutting = { judge: async () => findings, prepare, cutout };
  const made = site(t, { inference: cutting, page });
  return { ...made, cut: (choice) => made.cut({ model: 'both', ...choice }), builds: () => made.argsOf('inference prepare').map(({ build }) => build) };
}

const outcomes = ({ attempts }) => attempts.map(({ build, threads, outcome, code }) => `${build} ${threads} ${outcome}${code ? `: ${code}` : ''}`);

describe('a GPU that is fit', () => {
  test('runs, with the one build it needs, and the report says why', async (t) => {
    const { cut, argsOf, stages } = device(t);
    const { report } = await cut();
    assert.deepEqual([report.backend, report.reason, report.runtime.build, report.verdict.verdict], ['webgpu', 'hardware-adapter', 'jspi', 'fit']);
    assert.equal(report.adapter.vendor, 'acme');
    assert.deepEqual(argsOf('delivery obtain').map(({ file }) => file.name), ['jspi.wasm', 'both.onnx']);
    assert.equal(stages[0].stage, 'judging');
  });
  test('is looked at once for all photos', async (t) => {
    const { cut, argsOf } = device(t);
    await cut();
    await cut({ threads: 1 });
    assert.equal(argsOf('inference judge').length, 1);
  });
  test('is not looked at for a model, or a wish, that has no use for it', async (t) => {
    const { cut, argsOf } = device(t);
    await cut({ model: 'u2netp' });
    await cut({ backend: 'wasm' });
    assert.equal(argsOf('inference judge').length, 0);
  });
});

for (const code of ['gpu-lost', 'gpu-failed', 'gpu-unavailable', 'canary-mismatch', 'session-failed', 'bad-matte', 'out-of-memory']) {
  test(`${code} while it starts: the photo is cut out on the CPU`, async (t) => {
    const { cut, stages } = device(t, { fails: ({ build }) => build !== 'wasm' && new MatteboxError(code) });
    const { report } = await cut();
    assert.deepEqual(outcomes(report), [`jspi 1 failed: ${code}`, 'wasm 2 ran']);
    assert.deepEqual([report.backend, report.reason], ['wasm', code]);
    assert.deepEqual(stages.find(({ stage }) => stage === 'falling-back'), { stage: 'falling-back', from: 'webgpu', code });
  });
}

test('a runtime that does not start is tried as the other build', async (t) => {
  const { cut } = device(t, { fails: ({ build }) => build === 'jspi' && new MatteboxError('runtime-failed') });
  const { report } = await cut();
  assert.deepEqual(outcomes(report), ['jspi 1 failed: runtime-failed', 'asyncify 1 ran']);
  assert.deepEqual([report.backend, report.reason], ['webgpu', 'hardware-adapter']);
});

describe('a GPU that is lost in a batch', () => {
  /** Photos whose numbers are in `at` lose the GPU, if it is one. */
  function batch(t, at) {
    let photo = 0;
    let build = '';
    const made = device(t, {
      fails: (args) => void ({ build } = args),
      cutout: async (args, context) => {
        if (build !== 'wasm' && at.includes(photo)) throw new MatteboxError('gpu-lost', { reason: 'unknown' });
        photo += 1;
        return INFERENCE.cutout(args, context);
      },
    });
    return made;
  }
  test('once loses no photo and is tried again with the next', async (t) => {
    const { cut } = batch(t, [1]);
    const reports = [];
    for (let i = 0; i < 4; i++) reports.push((await cut()).report);
    assert.deepEqual(reports.map(({ backend, reason }) => `${backend} ${reason}`),
      ['webgpu hardware-adapter', 'wasm gpu-lost', 'webgpu learned-faster', 'webgpu learned-faster']);
    assert.deepEqual(outcomes(reports[1]), ['jspi 1 failed: gpu-lost', 'wasm 2 ran']);
  });
  test('twice is done without, and that is remembered', async (t) => {
    const { cut, builds, history } = batch(t, [0, 1]);
    for (let i = 0; i < 4; i++) assert.equal((await cut()).report.backend, 'wasm');
    assert.deepEqual(builds(), ['jspi', 'wasm', 'jspi', 'wasm'], 'and the third photo kept what the second ended with');
    assert.equal(history.of(MODEL).jspi.failure.count, 2);
  });
});

describe('a GPU that is slow', () => {
  const slow = { prepare: 1e4 };
  const prepare = async (args) => ({ ...(await INFERENCE.prepare(args)), ms: { create: 1, canary: 1, first: slow.prepare, run: args.build === 'wasm' ? 13 : slow.prepare } });
  const found = (t, findings = FOUND) => {
    const made = site(t, { inference: { judge: async () => findings, prepare } });
    return { ...made, cut: (choice) => made.cut({ model: 'both', ...choice }) };
  };
  test('by what its CPU should take is left before the first photo', async (t) => {
    const { report } = await found(t).cut();
    assert.deepEqual(outcomes(report), ['jspi 1 failed: too-slow', 'wasm 2 ran']);
    assert.equal(report.reason, 'too-slow');
  });
  test('is kept when the person asked for it', async (t) => {
    const { report } = await found(t).cut({ backend: 'webgpu' });
    assert.deepEqual([report.backend, report.reason], ['webgpu', 'requested']);
  });
  test('by what was learned is not started', async (t) => {
    const { cut, history, argsOf } = found(t);
    history.ran(MODEL, 'jspi', { run: 900, photo: 950 });
    history.ran(MODEL, 'wasm×2', { run: 400, photo: 450 });
    const { report } = await cut();
    assert.deepEqual([report.backend, report.reason], ['wasm', 'learned-slower']);
    assert.deepEqual(argsOf('inference prepare').map(({ build }) => build), ['wasm']);
  });
});

test('a software GPU that is forced runs; left alone it is refused on record', async (t) => {
  const { cut } = device(t, { findings: SOFTWARE });
  assert.deepEqual(outcomes((await cut()).report), ['null 0 refused: fallback-adapter', 'wasm 2 ran']);
  const { report } = await cut({ backend: 'webgpu' });
  assert.deepEqual([report.backend, report.reason, report.verdict.verdict], ['webgpu', 'requested', 'degraded']);
});

describe('an attempt that hangs', () => {
  test('while it starts is given up, and the next one made', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const hanging = site(t, {
      inference: { judge: async () => FOUND, prepare: (args, context) => (args.build === 'wasm' ? INFERENCE.prepare(args, context) : new Promise(() => {})) },
    });
    const cutting = hanging.cut({ model: 'both' });
    await until(() => hanging.argsOf('inference prepare').length > 0);
    await wait(t, 30_000);
    assert.deepEqual(outcomes((await cutting).report), ['jspi 1 failed: timed-out', 'wasm 2 ran']);
  });
  test('on a photo is given up, and the photo is not lost', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let build = '';
    const { waiting, gated } = gate(INFERENCE.cutout);
    const made = site(t, {
      inference: {
        judge: async () => FOUND,
        prepare: (args, context) => (({ build } = args), INFERENCE.prepare(args, context)),
        cutout: (args, context) => {
          context.progress({ stage: 'running' });
          return build === 'wasm' ? INFERENCE.cutout(args, context) : gated(args, context);
        },
      },
    });
    const cutting = made.cut({ model: 'both' });
    await until(() => waiting.length > 0);
    await settle();
    await wait(t, 30_000);
    assert.deepEqual(outcomes((await cutting).report), ['jspi 1 failed: timed-out', 'wasm 2 ran']);
  });
});

/** Time passes while the page is awake. */
async function wait(t, ms) {
  let now = performance.now();
  standIn(t, { performance: { now: () => now } });
  for (let passed = 0; passed < ms; passed += 500) {
    now += 500;
    t.mock.timers.tick(500);
    await settle();
  }
}

describe('the judge', () => {
  test('that crashes is a finding, and the CPU works', async (t) => {
    const made = site(t, { inference: { judge: () => new Promise(() => {}) } });
    const cutting = made.cut({ model: 'both' });
    await until(() => made.workers.inference.length > 0);
    made.workers.inference[0].crash('the GPU process is gone');
    assert.equal((await cutting).report.reason, 'adapter-failed');
  });
  test('that never answers is a finding, too', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const made = site(t, { inference: { judge: () => new Promise(() => {}) } });
    const cutting = made.cut({ model: 'both' });
    await until(() => made.argsOf('inference judge').length > 0);
    await wait(t, 5000);
    assert.equal((await cutting).report.reason, 'adapter-timeout');
    assert.equal(made.workers.inference[0].isTerminated, true);
  });
  test('looks again when asked to, and what was learned is forgotten', async (t) => {
    let findings = NOTHING;
    const made = site(t, { inference: { judge: async () => findings } });
    made.history.failed(MODEL, 'jspi', 'canary-mismatch');
    assert.equal((await made.cut({ model: 'both' })).report.reason, 'no-webgpu');
    findings = FOUND;
    assert.equal((await made.engine.measure()).adapter.vendor, 'acme');
    assert.equal((await made.cut({ model: 'both' })).report.backend, 'webgpu');
  });
  test('is not called where the page has no WebGPU', async (t) => {
    const { cut, argsOf } = device(t, { page: { navigator: { hardwareConcurrency: 2 } } });
    assert.equal((await cut()).report.reason, 'no-webgpu');
    assert.equal(argsOf('inference judge').length, 0);
  });
  test('leaves its worker', async (t) => {
    const { cut, workers } = device(t);
    await cut();
    assert.deepEqual(workers.inference.map(({ isTerminated }) => isTerminated), [true, false]);
  });
});

test('what a model would cost counts the build that would run it', async (t) => {
  const gpu = device(t);
  assert.equal((await gpu.offer('both')).download, 300 + 700);
  const cpu = device(t, { findings: SOFTWARE });
  assert.equal((await cpu.offer('both')).download, 250 + 700);
});

test('runs are learned from: the median of photos, and failures only where something else worked', async (t) => {
  const { cut, history } = device(t);
  await cut();
  const { runMs, photoMs, runs } = history.of(MODEL).jspi;
  assert.deepEqual([runMs, photoMs, runs], [PHOTO.run, 42, 1]);
  const broken = device(t, { fails: () => new MatteboxError('session-failed', { model: 'both' }) });
  await assert.rejects(broken.cut(), { code: 'session-failed' });
  assert.deepEqual(broken.history.of(MODEL), {});
});
