import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { MatteboxError } from '../../client/shared/errors.js';
import { gate, INFERENCE, site } from './site.js';
import { settle, until } from './worker-pair.js';

/** `prepare` that fails where `fails` says so, else answers as usual. */
const preparing = (fails) => ({
  async prepare(args, context) {
    const error = fails(args);
    if (error) throw error;
    return INFERENCE.prepare(args, context);
  },
});

/** The same of `start`, which is given the runtime. */
const starting = (fails) => ({
  async start(args) {
    const error = fails(args);
    if (error) throw error;
  },
});

const outcomes = ({ attempts }) => attempts.map(({ backend, build, outcome, code }) => [backend, build, outcome, code]);

describe('cancelling', () => {
  test('a running model ends its worker; the next photo gets a fresh one', async (t) => {
    const { waiting, gated } = gate(INFERENCE.cutout);
    const { cut, workers } = site(t, { inference: { cutout: gated } });
    const controller = new AbortController();
    const running = cut({}, controller.signal);
    await until(() => waiting.length > 0);
    controller.abort();
    await assert.rejects(running, { code: 'cancelled' });
    assert.equal(workers.inference[0].isTerminated, true);

    const next = cut();
    await until(() => waiting.length > 1);
    waiting[1].open();
    assert.equal((await next).report.backend, 'wasm');
    assert.equal(workers.inference.length, 2);
  });

  test('the preparation ends its worker too', async (t) => {
    const { waiting, gated } = gate(INFERENCE.prepare);
    const { cut, workers } = site(t, { inference: { prepare: gated } });
    const controller = new AbortController();
    const running = cut({}, controller.signal);
    await until(() => waiting.length > 0);
    controller.abort();
    await assert.rejects(running, { code: 'cancelled' });
    await settle();
    assert.deepEqual(workers.inference.map(({ isTerminated }) => isTerminated), [true], 'and no other attempt is made');
  });

  test('a download stops it, and spares the delivery worker', async (t) => {
    const seen = [];
    const obtain = (_, { signal }) => new Promise(() => seen.push(signal));
    const { cut, workers } = site(t, { delivery: { obtain } });
    const controller = new AbortController();
    const running = cut({}, controller.signal);
    await until(() => seen.length > 0);
    controller.abort();
    await assert.rejects(running, { code: 'cancelled' });
    await settle();
    assert.equal(seen[0].aborted, true);
    assert.equal(workers.delivery[0].isTerminated, false);
  });

  test('works while the catalog is on its way', async (t) => {
    const { cut } = site(t, { delivery: { catalog: () => new Promise(() => {}) } });
    const controller = new AbortController();
    const running = cut({}, controller.signal);
    await settle();
    controller.abort();
    const outcome = await Promise.race([running.catch(({ code }) => code), settle().then(() => 'still waiting')]);
    assert.equal(outcome, 'cancelled');
  });

  test('before it begins starts nothing', async (t) => {
    const { cut, workers } = site(t);
    await assert.rejects(cut({}, AbortSignal.abort()), { code: 'cancelled' });
    assert.deepEqual([workers.delivery.length, workers.inference.length], [0, 0]);
  });
});

describe('an attempt that fails', () => {
  for (const code of ['runtime-failed', 'session-failed', 'canary-mismatch', 'bad-matte', 'out-of-memory']) {
    test(`with ${code} is followed by one without threads, and both are on record`, async (t) => {
      const { cut, workers } = site(t, { inference: preparing(({ threads }) => threads > 1 && new MatteboxError(code)) });
      const { report } = await cut();
      assert.deepEqual(outcomes(report), [['wasm', 'wasm', 'failed', code], ['wasm', 'wasm', 'ran', null]]);
      assert.deepEqual(report.threads, { asked: 2, got: 1 });
      assert.deepEqual(workers.inference.map(({ isTerminated }) => isTerminated), [true, false]);
    });
  }

  test('by crashing does so too', async (t) => {
    const prepare = ({ threads }) => (threads > 1 ? new Promise(() => {}) : INFERENCE.prepare({ threads }));
    const { cut, workers } = site(t, { inference: { prepare } });
    const cutting = cut();
    await until(() => workers.inference.length > 0);
    workers.inference[0].crash('thread constructor failed');
    assert.deepEqual(outcomes((await cutting).report), [['wasm', 'wasm', 'failed', 'worker-crashed'], ['wasm', 'wasm', 'ran', null]]);
  });

  test('is on record for the photos after it as well', async (t) => {
    const { cut } = site(t, { inference: preparing(({ threads }) => threads > 1 && new MatteboxError('runtime-failed')) });
    await cut();
    assert.equal(outcomes((await cut()).report).length, 2);
  });

  test('for a reason that threads cannot mend is final', async (t) => {
    const { cut, argsOf } = site(t, { inference: preparing(() => new MatteboxError('model-interface', { model: 'u2netp' })) });
    await assert.rejects(cut(), { code: 'model-interface' });
    assert.equal(argsOf('inference prepare').length, 1);
  });

  test('like all others is an error, and the next call tries anew', async (t) => {
    let isBroken = true;
    const { cut, workers } = site(t, { inference: preparing(() => isBroken && new MatteboxError('session-failed', { model: 'u2netp' })) });
    await assert.rejects(cut(), { code: 'session-failed' });
    assert.ok(workers.inference.every(({ isTerminated }) => isTerminated));
    isBroken = false;
    assert.deepEqual(outcomes((await cut()).report), [['wasm', 'wasm', 'ran', null]]);
  });
});

test('a worker that crashes on a photo does not lose it, and is replaced by a whole one for the next', async (t) => {
  const { waiting, gated } = gate(INFERENCE.cutout);
  const { cut, workers, argsOf } = site(t, { inference: { cutout: gated } });
  const crashing = cut();
  await until(() => waiting.length > 0);
  workers.inference[0].crash('out of memory');
  await until(() => waiting.length > 1);
  waiting[1].open();
  const { report } = await crashing;
  assert.deepEqual(outcomes(report), [['wasm', 'wasm', 'failed', 'worker-crashed'], ['wasm', 'wasm', 'ran', null]]);
  const next = cut();
  await until(() => waiting.length > 2);
  waiting[2].open();
  assert.deepEqual(outcomes((await next).report), [['wasm', 'wasm', 'ran', null]]);
  assert.deepEqual(argsOf('inference prepare').map(({ threads }) => threads), [2, 1, 2]);
});

test('a photo that crashes every worker is an error, and what it did speaks against nothing', async (t) => {
  const { cut, workers, history } = site(t, { inference: { cutout: () => new Promise(() => {}) } });
  const crashing = cut();
  for (const i of [0, 1]) {
    await until(() => workers.inference.length > i);
    await settle();
    workers.inference[i].crash('boom');
  }
  await assert.rejects(crashing, { code: 'worker-crashed' });
  const known = history.of({ id: 'u2netp', files: [{ sha256: 'sha of u2netp.onnx' }] });
  assert.ok(Object.values(known).every(({ failure }) => failure === null));
});

describe('a store that', () => {
  const lost = ({ runtime }) => new MatteboxError('length-mismatch', { name: runtime.file.name, expected: 1000, received: 0, source: 'store' });

  test('damaged a file once has it fetched again', async (t) => {
    let isDamaged = true;
    const { cut, argsOf, calls } = site(t, { inference: starting((args) => isDamaged && ((isDamaged = false), lost(args))) });
    const { report } = await cut();
    assert.deepEqual(argsOf('delivery distrust').map(({ file }) => file.name), ['runtime.wasm']);
    assert.deepEqual(argsOf('delivery obtain').map(({ file }) => file.name), ['runtime.wasm', 'u2netp.onnx', 'runtime.wasm']);
    assert.ok(argsOf('delivery obtain').every(({ keep }) => keep));
    assert.deepEqual(outcomes(report), [['wasm', 'wasm', 'ran', null]]);
    assert.equal(calls.at(-1).call, 'inference cutout');
  });

  test('does not keep what it is given is done without', async (t) => {
    const { cut, argsOf, workers } = site(t, { inference: starting((args) => !args.runtime.buffer && lost(args)) });
    const { report } = await cut();
    const [{ runtime }, { files }] = ['start', 'prepare'].map((kind) => argsOf(`inference ${kind}`).at(-1));
    assert.deepEqual([runtime, ...files].map(({ buffer }) => buffer.byteLength), [1000, 500]);
    assert.deepEqual(argsOf('delivery obtain').slice(-2).map(({ keep }) => keep), [false, false]);
    assert.deepEqual(outcomes(report), [['wasm', 'wasm', 'ran', null]]);
    assert.equal(workers.inference.filter(({ isTerminated }) => !isTerminated).length, 1);
  });

  test('is not to blame for a file damaged on the way', async (t) => {
    const wrong = ({ runtime }) => new MatteboxError('length-mismatch', { name: runtime.file.name, expected: 1000, received: 0, source: 'network' });
    const { cut, argsOf } = site(t, { inference: starting(wrong) });
    await assert.rejects(cut(), { code: 'length-mismatch' });
    assert.equal(argsOf('delivery distrust').length, 0);
  });
});

test('the runtime starts while the model is on its way, and a runtime that does not start ends that', async (t) => {
  const { waiting, gated } = gate(async ({ file }) => ({ buffer: null, received: file.bytes, storage: null }));
  const obtain = (args, context) => (args.file.name.endsWith('.onnx') ? gated(args, context) : Promise.resolve({ buffer: null, received: args.file.bytes, storage: null }));
  let isBroken = false;
  const { cut, argsOf, workers } = site(t, { delivery: { obtain }, inference: starting(() => isBroken && new MatteboxError('runtime-failed', { part: 'onnxruntime-web' })) });
  const first = cut();
  await until(() => argsOf('inference start').length === 1);
  assert.deepEqual([waiting.length, argsOf('inference prepare').length], [1, 0]);
  waiting[0].open();
  await first;
  isBroken = true;
  await assert.rejects(cut({ model: 'u2net' }), { code: 'runtime-failed' });
  assert.ok(workers.inference.every(({ isTerminated }) => isTerminated));
});

test('without a store every file is handed over, and threads are not asked for without isolation', async (t) => {
  const obtain = async ({ file }, { transfer }) => {
    const buffer = new ArrayBuffer(file.bytes);
    transfer(buffer);
    return { buffer, received: file.bytes, storage: null };
  };
  const page = { isSecureContext: false, crossOriginIsolated: false, caches: undefined };
  const { cut, argsOf } = site(t, { delivery: { obtain }, page });
  const { report } = await cut({ threads: 4 });
  const [{ threads, files: [graph] }] = argsOf('inference prepare');
  assert.deepEqual([threads, graph.buffer.byteLength], [1, 500]);
  assert.deepEqual([report.threads, report.isolated, report.secure], [{ asked: 4, got: 1 }, false, false]);
});
