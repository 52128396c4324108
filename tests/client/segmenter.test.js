import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Room } from '../../client/engine/room.js';
import { Segmenter } from '../../client/engine/segmenter.js';
import { MatteboxError } from '../../client/shared/errors.js';
import { CATALOG, gate, site } from './site.js';
import { settle, until } from './worker-pair.js';

const PHOTO = { source: new Blob(['photo']), size: { width: 30, height: 20 }, handle: 'a' };
const prompt = (x) => ({ points: [{ x, y: 1, isInside: true }], box: null });
const answerOf = (x) => ({ seen: { x: 0, y: 0, width: 30, height: 20 }, matte: { values: Uint16Array.of(x), columns: 1, rows: 1 }, score: 0.5 });

const file = (name, bytes) => ({ name, role: 'encoder', url: name, bytes, download: bytes, sha256: `sha of ${name}`, segments: ['x'] });
const pipeline = (id, gflop, more = {}) => ({
  id, title: id.toUpperCase(), task: 'segment', files: [file(`${id}.onnx`, 300)], bytes: 300, backends: ['wasm'], gflop, rules: {}, parts: [],
  requirements: { memory_mib: 100, webgpu: { features: [], limits: {} } }, ...more,
});

/** Handlers of a worker that has seen photos, and answers with where it was asked. */
function seeing() {
  const seen = new Set();
  return {
    see: async ({ handle }, { progress }) => {
      for (const stage of ['decoding', 'running']) progress({ stage });
      seen.add(handle);
      return { heap: 5, ms: { decode: 1, pre: 2, run: 3 } };
    },
    ask: async ({ handle, prompt: { points: [{ x }] } }) => (seen.has(handle) ? { answer: answerOf(x), ms: 4 } : null),
    dropPhoto: async ({ handle }) => void seen.delete(handle),
    forgetAll: () => seen.clear(),
  };
}

function selecting(t, { pipelines = [pipeline('quick', 10)], inference = {}, room = new Room(1e9), page = {} } = {}) {
  const { forgetAll, ...handlers } = seeing();
  const delivery = { catalog: async () => ({ ...CATALOG, pipelines }) };
  const made = site(t, { inference: { ...handlers, ...inference }, delivery, page });
  const { router, ...own } = made.engine.own;
  room.join(router);
  const segmenter = new Segmenter({ ...own, gpuCheck: router, room });
  const kinds = () => made.calls.map(({ call }) => call).filter((call) => /inference (see|ask|dropPhoto|prepare)/.test(call)).map((call) => call.split(' ')[1]);
  return { ...made, segmenter, kinds, forgetAll };
}

describe('what is offered', () => {
  test('the quickest that is installed and can be run, with what is still to be fetched', async (t) => {
    const { segmenter, kept } = selecting(t, { pipelines: [pipeline('slow', 90), pipeline('quick', 10), { ...pipeline('other', 1), task: 'generate' }] });
    assert.deepEqual(await segmenter.offered(), { id: 'quick', title: 'QUICK', bytes: 250 + 300, isStored: false });
    for (const name of ['runtime.wasm', 'quick.onnx']) kept.add(name);
    assert.deepEqual(await segmenter.offered(), { id: 'quick', title: 'QUICK', bytes: 0, isStored: true });
  });

  test('none where none is installed, and none that does not fit here, with the numbers', async (t) => {
    assert.equal(await selecting(t, { pipelines: [] }).segmenter.offered(), null);
    const large = pipeline('large', 1, { requirements: { memory_mib: 3000, webgpu: { features: [], limits: {} } } });
    const { segmenter } = selecting(t, { pipelines: [large, pipeline('gpu', 2, { backends: ['webgpu'] })] });
    assert.equal(await segmenter.offered(), null);
    assert.deepEqual(segmenter.refusals.map(({ model, code }) => [model, code]), [['large', 'memory'], ['gpu', 'no-webgpu']]);
    assert.equal(segmenter.refusals[0].detail.need, 6000);
    await assert.rejects(segmenter.open(PHOTO), { code: 'unknown-model' });
  });
});

describe('a photo', () => {
  test('is seen once, with what the model needs fetched, and asked about often', async (t) => {
    const { segmenter, kinds, kept, argsOf } = selecting(t);
    const stages = [];
    await segmenter.open(PHOTO, { onProgress: ({ stage }) => stages.push(stage) });
    assert.deepEqual(await segmenter.ask('a', prompt(3)), answerOf(3));
    assert.deepEqual(await segmenter.ask('a', prompt(4)), answerOf(4));
    assert.deepEqual(kinds(), ['prepare', 'see', 'ask', 'ask']);
    assert.ok(kept.has('quick.onnx'));
    const [{ model, canary }] = argsOf('inference prepare');
    assert.deepEqual([model.id, canary], ['quick', 'run']);
    assert.deepEqual([...new Set(stages)].slice(-3), ['preparing', 'decoding', 'running']);
  });

  test('is seen once more where the worker keeps it no longer', async (t) => {
    const { segmenter, kinds, forgetAll } = selecting(t);
    await segmenter.open(PHOTO);
    forgetAll();
    assert.deepEqual(await segmenter.ask('a', prompt(3)), answerOf(3));
    assert.deepEqual(kinds(), ['prepare', 'see', 'ask', 'see', 'ask']);
  });

  test('that is closed is dropped, and cannot be asked about', async (t) => {
    const { segmenter, kinds } = selecting(t);
    await segmenter.open(PHOTO);
    segmenter.close('a');
    segmenter.close('a');
    await until(() => kinds().includes('dropPhoto'));
    assert.equal(kinds().filter((kind) => kind === 'dropPhoto').length, 1);
    await assert.rejects(segmenter.ask('a', prompt(1)), { code: 'internal' });
  });

  test('that is given up while it is seen ends its worker, and the next one gets a fresh one', async (t) => {
    const { waiting, gated } = gate(seeing().see);
    const { segmenter, workers, kinds } = selecting(t, { inference: { see: gated } });
    const giving = new AbortController();
    const opened = segmenter.open(PHOTO, { signal: giving.signal });
    opened.catch(() => {});
    await until(() => waiting.length === 1);
    giving.abort();
    await assert.rejects(opened, { code: 'cancelled' });
    const next = segmenter.open({ ...PHOTO, handle: 'b' });
    await until(() => waiting.length === 2);
    waiting[1].open();
    await next;
    assert.equal(kinds().filter((kind) => kind === 'prepare').length, 2);
    assert.ok(workers.inference.length >= 2);
  });
});

describe('prompts', () => {
  test('the latest counts: one whose turn has not come is overtaken', async (t) => {
    const { waiting, gated } = gate(async ({ prompt: { points: [{ x }] } }) => ({ answer: answerOf(x), ms: 1 }));
    const { segmenter } = selecting(t, { inference: { ask: gated } });
    await segmenter.open(PHOTO);
    const asked = [1, 2, 3].map((x) => segmenter.ask('a', prompt(x)));
    const outcomes = Promise.allSettled(asked);
    await until(() => waiting.length === 1);
    waiting[0].open();
    await until(() => waiting.length === 2);
    waiting[1].open();
    const [first, second, third] = await outcomes;
    assert.deepEqual([first.value, third.value], [answerOf(1), answerOf(3)]);
    assert.deepEqual([second.reason.code, second.reason.details.reason], ['cancelled', 'overtaken']);
  });

  test('giving one up ends no worker', async (t) => {
    const { waiting, gated } = gate(async ({ prompt: { points: [{ x }] } }) => ({ answer: answerOf(x), ms: 1 }));
    const { segmenter, kinds } = selecting(t, { inference: { ask: gated } });
    await segmenter.open(PHOTO);
    const giving = new AbortController();
    const first = segmenter.ask('a', prompt(1), { signal: giving.signal });
    first.catch(() => {});
    await until(() => waiting.length === 1);
    giving.abort();
    await assert.rejects(first, { code: 'cancelled' });
    waiting[0].open();
    const second = segmenter.ask('a', prompt(2));
    await until(() => waiting.length === 2);
    waiting[1].open();
    assert.deepEqual(await second, answerOf(2));
    assert.equal(kinds().filter((kind) => kind === 'prepare').length, 1);
  });

  test('a worker that is lost is replaced by one that sees the photo anew; where that fails too, the error says so', async (t) => {
    let isBroken = 1;
    const ask = async ({ prompt: { points: [{ x }] } }) => {
      if (isBroken-- > 0) throw new MatteboxError('worker-crashed', { realm: 'inference' });
      return { answer: answerOf(x), ms: 1 };
    };
    const { segmenter, kinds } = selecting(t, { inference: { ask } });
    await segmenter.open(PHOTO);
    assert.deepEqual(await segmenter.ask('a', prompt(7)), answerOf(7));
    assert.equal(kinds().filter((kind) => kind === 'prepare').length, 2);
    isBroken = Infinity;
    await assert.rejects(segmenter.ask('a', prompt(8)), { code: 'worker-crashed' });
  });
});

describe('models beside each other', () => {
  test('stay up as far as the budget goes; the least recently used goes first, and none while it works', async (t) => {
    const { segmenter, cut, engine, kinds } = selecting(t, { room: new Room(700) });
    await cut();
    await segmenter.open(PHOTO);
    await settle();
    assert.equal(engine.own.router.session, null);
    assert.deepEqual(kinds(), ['prepare', 'prepare', 'see']);
    await cut();
    await segmenter.ask('a', prompt(1));
    assert.deepEqual(kinds().slice(3), ['prepare', 'prepare', 'ask']);
  });

  test('both stay where there is room', async (t) => {
    const { segmenter, cut, engine, kinds } = selecting(t, { room: new Room(900) });
    await cut();
    await segmenter.open(PHOTO);
    await cut();
    await segmenter.ask('a', prompt(1));
    assert.equal(engine.own.router.session.model.id, 'u2netp');
    assert.equal(kinds().filter((kind) => kind === 'prepare').length, 2);
  });

  test('what works is left alone', () => {
    const room = new Room(115);
    const tenant = (bytes, usedAt) => ({ session: { model: { bytes } }, usedAt, makeRoom: null, end() { this.session = null; } });
    const [old, newer, working, asking] = [tenant(50, 1), tenant(40, 2), tenant(60, Infinity), tenant(0, 3)];
    for (const one of [old, newer, working, asking]) room.join(one);
    asking.makeRoom(10);
    assert.deepEqual([old, newer, working].map(({ session }) => session !== null), [false, true, true]);
    asking.makeRoom(90);
    assert.deepEqual([newer, working].map(({ session }) => session !== null), [false, true]);
  });
});
