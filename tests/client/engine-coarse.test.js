import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { isPreviewWorth } from '../../client/engine/coarse-rule.js';
import { blankReport } from '../../client/engine/report.js';
import { coarserThan } from '../../client/shared/catalog.js';
import { CATALOG, gate, site } from './site.js';

const SIZE = { width: 3, height: 2 };
const MS = { decode: 1, pre: 2, run: 30, post: 4, compose: 0, encode: 5 };

/** Both models are of this work, and everything of the smaller one is stored. */
function bench(t, { gflop = 100, kept = ['runtime.wasm', 'u2netp.onnx'], ...inference } = {}) {
  const [, large] = CATALOG.models;
  const before = large.gflop;
  large.gflop = gflop;
  t.after(() => { large.gflop = before; });
  const drafts = [];
  const draft = async ({ isEarly, source }) => {
    drafts.push(isEarly);
    return { matte: null, original: null, layered: { base: { pixels: { data: new Uint8ClampedArray(24), ...SIZE } }, layers: null }, preview: { image: source, frame: SIZE, result: SIZE, applied: {}, notes: [] }, size: SIZE, notes: [], doubts: [], heap: 1, create: 0, ms: MS };
  };
  const made = site(t, { inference: { draft, hold: async () => {}, ...inference } });
  for (const name of kept) made.kept.add(name);
  const shown = [];
  const open = async (more = {}) => {
    const report = blankReport();
    const watch = { onProgress() {}, onPreview: (early) => shown.push(early), ...more };
    await made.engine.draft({ blob: new Blob(['photo']), output: {}, reduce: false, longest: 100 }, { model: 'u2net', backend: 'auto' }, watch, report);
    return report;
  };
  const prepared = () => made.argsOf('inference prepare').map(({ model }) => model.id).toSorted();
  return { ...made, open, shown, prepared, drafts };
}

describe('a preview by a smaller model', () => {
  test('is drawn while the large one is fetched and made ready', async (t) => {
    const prepare = gate(async ({ threads, canary }) => ({ threads, heap: 1, canary, ms: { create: 11, canary: 0, first: null, run: null } }));
    const made = bench(t, { gflop: 12, prepare: prepare.gated });
    const opening = made.open();
    while (prepare.waiting.length < 2) await new Promise((resolve) => { setImmediate(resolve); });
    // The large one waits still.
    prepare.waiting.find(({ args }) => args.model.id === 'u2netp').open();
    while (made.shown.length === 0) await new Promise((resolve) => { setImmediate(resolve); });
    prepare.waiting.find(({ args }) => args.model.id === 'u2net').open();
    const report = await opening;
    assert.deepEqual([made.shown.length, report.model.id, report.bytes.received], [1, 'u2net', 9000]);
  });

  test('stays up for the next photo, where it takes so little of the large one’s time', async (t) => {
    const made = bench(t);
    await made.open();
    await made.open();
    assert.deepEqual([made.shown.length, made.prepared()], [2, ['u2net', 'u2netp']]);
  });

  test('is drawn no more, and its model goes, once the large one is here and not that much larger', async (t) => {
    const made = bench(t, { gflop: 60 });
    await made.open();
    await made.open();
    assert.equal(made.shown.length, 1);
    assert.equal(made.workers.inference.filter((worker) => worker.isTerminated).length >= 1, true);
  });

  test('is worth no download, and is not wanted by who shows none', async (t) => {
    const made = bench(t, { kept: ['runtime.wasm'] });
    await made.open();
    assert.deepEqual([made.shown.length, made.prepared(), made.argsOf('delivery obtain').map(({ file }) => file.name)], [0, ['u2net'], ['u2net.onnx']]);
    const other = bench(t);
    await other.open({ onPreview: undefined });
    assert.deepEqual([other.shown.length, other.prepared()], [0, ['u2net']]);
  });

  test('that fails costs the photo nothing', async (t) => {
    const made = bench(t, { prepare: async ({ threads, canary, model }) => {
      if (model.id === 'u2netp') throw new Error('no memory');
      return { threads, heap: 1, canary, ms: { create: 11, canary: 0, first: null, run: null } };
    } });
    const report = await made.open();
    assert.deepEqual([made.shown.length, report.attempts.map(({ outcome }) => outcome)], [0, ['ran']]);
  });

  test('is not drawn on when the photo is given up', async (t) => {
    const controller = new AbortController();
    const made = bench(t, { draft: () => new Promise(() => {}) });
    const opening = made.open({ signal: controller.signal });
    while (made.argsOf('inference draft').length === 0) await new Promise((resolve) => { setImmediate(resolve); });
    controller.abort();
    await assert.rejects(opening, { code: 'cancelled' });
    assert.equal(made.shown.length, 0);
  });
});

describe('what it is worth', () => {
  const model = (gflop, more = {}) => ({ id: String(gflop), gflop, fusion: null, task: 'matting', backends: ['wasm'], requirements: { memory_mib: 500 }, ...more });
  const worth = (more) => isPreviewWorth({ model: model(300), coarse: model(40), isFetching: false, backend: 'wasm', modelMs: null, coarseMs: null, ...more });
  /** @type {[string, object, boolean][]} */
  const table = [
    ['at most .15 of the work', {}, true],
    ['not more', { model: model(200) }, false],
    ['by time, where that is known of both', { modelMs: 8000, coarseMs: 1201 }, false],
    ['and is at most .15', { modelMs: 8000, coarseMs: 1200, model: model(200) }, true],
    ['the work, where the time of one is not known', { modelMs: 8000 }, true],
    ['not on a GPU before it has run', { backend: 'webgpu' }, false],
    ['on a GPU that is slow', { backend: 'webgpu', modelMs: 9000, coarseMs: 1200 }, true],
    ['not on a fast one', { backend: 'webgpu', modelMs: 300, coarseMs: 1200 }, false],
    ['anything, while the large one is fetched', { model: model(50), isFetching: true }, true],
    ['nothing, where the large one has a first part of its own', { model: model(300, { fusion: {} }) }, false],
    ['but while that is fetched', { model: model(300, { fusion: {} }), isFetching: true }, true],
    ['nothing, where there is no memory for both', { memory: 1.9, isFetching: true }, false],
  ];
  for (const [name, more, isWorth] of table) test(name, () => assert.equal(worth(more), isWorth));

  test('it is the model of least work that runs on the processor, alone', () => {
    const models = [model(300), model(20, { fusion: {} }), model(10, { backends: ['webgpu'] }), model(15, { task: 'segment' }), model(40), model(50)];
    assert.deepEqual([coarserThan({ models }, models[0])?.id, coarserThan({ models }, models[4]), coarserThan({ models: [models[0]] }, models[0])], ['40', null, null]);
  });
});
