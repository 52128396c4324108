import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { DOWNLOAD, gate, INFERENCE, site } from './site.js';
import { settle, until } from './worker-pair.js';

const names = (stages) => [...new Set(stages.map(({ stage }) => stage))];

describe('the stages of a cutout', () => {
  test('come in order, the first time with download and preparation', async (t) => {
    const { cut, stages } = site(t);
    await cut();
    assert.deepEqual(names(stages), ['downloading', 'preparing', 'decoding', 'running', 'encoding']);
  });
  test('begin with the photo once the model is ready', async (t) => {
    const { cut, preload, stages } = site(t);
    await preload();
    await cut();
    assert.deepEqual(names(stages), ['decoding', 'running', 'encoding']);
  });
  test('come without a download when all is stored', async (t) => {
    const { cut, stages, kept } = site(t);
    for (const name of ['runtime.wasm', 'u2netp.onnx']) kept.add(name);
    await cut();
    assert.equal(stages[0].stage, 'preparing');
  });
  test('tell how long the model took last time: first on the canary, then on a photo', async (t) => {
    const { cut, stages } = site(t);
    await cut();
    await cut();
    assert.deepEqual(stages.filter(({ stage }) => stage === 'running').map(({ expectedMs }) => expectedMs), [13, 30]);
  });
});

test('progress counts the bytes on the wire, up to what was announced', async (t) => {
  const { cut, stages } = site(t);
  await cut();
  const events = stages.filter(({ stage }) => stage === 'downloading');
  assert.ok(events.every(({ total }) => total === DOWNLOAD));
  // Half of each file, then all of it: 250 and 500 bytes.
  assert.deepEqual(events.map(({ loaded }) => loaded), [125, 250, 500, 750]);
});

test('the report says what was used and what it cost', async (t) => {
  const { cut } = site(t);
  const { report } = await cut();
  const { ms: { total, download, judge, ...ms }, ...facts } = report;
  assert.deepEqual(facts.model, { id: 'u2netp', sha256: 'sha of u2netp.onnx' });
  assert.deepEqual([facts.requested, facts.backend, facts.reason], ['auto', 'wasm', 'only-backend']);
  const [{ ms: took, ...attempt }] = facts.attempts;
  assert.deepEqual(attempt, { backend: 'wasm', build: 'wasm', threads: 2, outcome: 'ran', code: null });
  assert.ok(took >= 0 && facts.attempts.length === 1);
  assert.deepEqual(facts.runtime, { version: '1.30.0', build: 'wasm', simd: true });
  assert.deepEqual([facts.adapter, facts.verdict, facts.memory.heap], [null, null, 2_000_000]);
  assert.deepEqual(facts.threads, { asked: 2, got: 2 });
  assert.deepEqual([facts.isolated, facts.secure], [true, true]);
  assert.deepEqual(facts.size, { width: 3, height: 2 });
  assert.deepEqual([facts.bytes.expected, facts.bytes.received, facts.bytes.stored], [1500, 1500, 0]);
  assert.deepEqual(ms, { create: 11, canary: 12, decode: 1, pre: 2, run: 30, post: 4, compose: 0, encode: 5 });
  assert.ok(total >= download + judge && download >= 0 && judge >= 0);
});

test('preparing is reported without a photo', async (t) => {
  const { preload, kept } = site(t);
  kept.add('runtime.wasm');
  const report = await preload();
  assert.deepEqual([report.bytes.expected, report.bytes.stored, report.size, report.ms.run], [500, 1000, null, 0]);
});

test('an option that cannot be had is refused on record', async (t) => {
  const { report } = await site(t).cut({ backend: 'webgpu' });
  assert.deepEqual(report.attempts.map(({ backend, outcome, code }) => [backend, outcome, code]),
    [['webgpu', 'refused', 'backend-not-offered'], ['wasm', 'ran', null]]);
  assert.deepEqual([report.requested, report.backend, report.reason], ['webgpu', 'wasm', 'backend-not-offered']);
});

describe('a session', () => {
  test('is kept as long as nothing else is asked for', async (t) => {
    const { cut, workers } = site(t);
    for (let i = 0; i < 3; i++) await cut();
    assert.deepEqual([workers.inference.length, workers.delivery.length], [1, 1]);
  });
  for (const other of [{ model: 'u2net' }, { threads: 1 }, { model: 'both', backend: 'wasm' }]) {
    test(`makes way for another: ${JSON.stringify(other)}`, async (t) => {
      const { cut, workers } = site(t);
      await cut();
      const { report } = await cut(other);
      assert.deepEqual(workers.inference.map(({ isTerminated }) => isTerminated), [true, false]);
      assert.equal(report.model.id, other.model ?? 'u2netp');
    });
  }
  test('gets the glue and the checked files, and its scripts before them', async (t) => {
    const { preload, argsOf, calls } = site(t);
    await preload({ threads: 1 });
    const [{ glue, threads, runtime }] = argsOf('inference start');
    const [{ files, model }] = argsOf('inference prepare');
    assert.deepEqual([glue, threads], ['https://mattebox.test/sub/runtime/glue.mjs', 1]);
    const at = (call) => calls.findIndex((one) => one.call === call);
    assert.ok(at('inference loadScripts') < at('delivery obtain'));
    assert.deepEqual(argsOf('inference loadScripts').map((scripts) => [scripts.build, scripts.glue, scripts.model.id]), [['wasm', glue, 'u2netp']]);
    assert.deepEqual([runtime, ...files].map(({ file, buffer }) => [file.name, buffer]),
      [['runtime.wasm', null], ['u2netp.onnx', null]]);
    assert.equal(model.id, 'u2netp');
  });
});

test('a session is kept for whoever would get the same one', async (t) => {
  const { cut, workers } = site(t);
  await cut();
  await cut({ backend: 'wasm', threads: 2 });
  assert.equal(workers.inference.length, 1);
});

describe('photos are worked on one by one', () => {
  test('in the order they came', async (t) => {
    const { waiting, gated } = gate(INFERENCE.cutout);
    const { cut, calls } = site(t, { inference: { cutout: gated } });
    const done = [];
    const all = ['a', 'b', 'c'].map((name) => cut().then(() => done.push(name)));
    for (let i = 0; i < 3; i++) {
      await until(() => waiting.length > i);
      await settle();
      assert.equal(waiting.length, i + 1, 'no call has started before its turn');
      waiting[i].open();
    }
    await Promise.all(all);
    assert.deepEqual(done, ['a', 'b', 'c']);
    assert.equal(calls.filter(({ call }) => call === 'inference prepare').length, 1);
  });

  test('whoever leaves the line is let go at once, and nobody passes', async (t) => {
    const { waiting, gated } = gate(INFERENCE.cutout);
    const { cut, workers } = site(t, { inference: { cutout: gated } });
    const controller = new AbortController();
    const first = cut();
    const second = cut({}, controller.signal);
    const third = cut();
    await until(() => waiting.length > 0);
    controller.abort();
    await assert.rejects(second, { code: 'cancelled' });
    await settle();
    assert.equal(waiting.length, 1, 'the third waits for the first');
    waiting[0].open();
    await first;
    await until(() => waiting.length > 1);
    waiting[1].open();
    await third;
    assert.equal(workers.inference[0].isTerminated, false);
  });

  test('one that fails does not hold up the next', async (t) => {
    const { cut } = site(t);
    const failing = cut({ model: 'u3net' });
    const next = cut();
    await assert.rejects(failing, { code: 'unknown-model' });
    assert.equal((await next).report.model.id, 'u2netp');
  });
});

describe('what a model would cost now', () => {
  test('is what is not stored', async (t) => {
    const { offer, kept } = site(t);
    kept.add('runtime.wasm');
    const { model, parts, download, ready } = await offer();
    assert.deepEqual([model.id, download, ready], ['u2netp', 500, false]);
    assert.deepEqual(parts.map(({ role, name, stored }) => [role, name, stored]),
      [['runtime', 'runtime.wasm', true], ['model', 'u2netp.onnx', false]]);
  });
  test('is nothing once it runs, stored or not', async (t) => {
    const { offer, preload, kept } = site(t);
    await preload();
    kept.clear();
    const { download, ready } = await offer('u2netp');
    assert.deepEqual([download, ready], [0, true]);
  });
  test('is not nothing for a model whose name only begins like the one that runs', async (t) => {
    const { offer, preload } = site(t);
    await preload();
    const { download, ready } = await offer('u2net');
    assert.deepEqual([download, ready], [9000, false]);
  });
  test('is not nothing when what ran has crashed', async (t) => {
    const { offer, preload, workers } = site(t);
    await preload();
    workers.inference[0].crash('boom');
    assert.equal((await offer()).ready, false);
  });
  test('of a model that is not there is an error', async (t) => {
    await assert.rejects(site(t).offer('u3net'), { code: 'unknown-model' });
  });
});

test('a picture that is cut out already counts as no run: not in the report, not in what is learned', async (t) => {
  const notes = [{ code: 'already-cut-out', detail: {} }];
  const inference = { cutout: async (...call) => ({ ...(await INFERENCE.cutout(...call)), isKept: true, notes }) };
  const { cut, history, engine } = site(t, { inference });
  const { report } = await cut();
  assert.equal(report.backend, null);
  assert.deepEqual(report.notes, notes);
  const { model } = await engine.offer({ backend: 'auto' });
  assert.deepEqual(Object.values(history.of(model)).map(({ runs, photoMs }) => [runs, photoMs]).filter(([, photo]) => photo !== null), []);
});
