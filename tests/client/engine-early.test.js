import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { MatteboxError } from '../../client/shared/errors.js';
import { blankReport } from '../../client/engine/report.js';
import { CATALOG, site } from './site.js';
import { standIn } from './stand-in.js';
import { settle } from './worker-pair.js';

const SIZE = { width: 3, height: 2 };
const preview = (image) => ({ image, frame: SIZE, result: SIZE, applied: {}, notes: [] });
const MS = { decode: 1, pre: 2, run: 30, post: 4, compose: 0, encode: 5 };
const layered = () => ({ base: { pixels: { data: new Uint8ClampedArray(24), ...SIZE } }, layers: null });

/** A promise, and what settles it. */
function pledge() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

/** A draft that shows a preview where one is wanted, and meets these errors first. */
function draftOf(...errors) {
  return async ({ source, isEarly }, { progress }) => {
    progress({ stage: 'running' });
    if (isEarly) progress({ stage: 'preview', preview: preview(source) });
    const error = errors.shift();
    if (error) throw error;
    return { matte: null, original: null, layered: layered(), preview: preview(source), size: SIZE, notes: [], heap: 1, create: 7, ms: MS };
  };
}

/** Open a photo; what was shown early is in `shown`. */
async function opened({ engine, stages }, isWanted = true) {
  const shown = [];
  const report = blankReport();
  const watch = { onProgress: (event) => stages.push(event), ...(isWanted && { onPreview: (early) => shown.push(early) }) };
  await engine.draft({ blob: new Blob(['photo']), output: {}, reduce: false, longest: 100 }, { backend: 'auto' }, watch, report);
  return { shown, report };
}

describe('a preview before the model has ended', () => {
  const hold = async () => {};
  test('is given to whoever wants it, and to nobody as progress; what came up late counts as creating', async (t) => {
    const made = site(t, { inference: { draft: draftOf(), hold } });
    const { shown, report } = await opened(made);
    assert.deepEqual(shown.map(({ frame }) => frame), [SIZE]);
    assert.deepEqual(made.argsOf('inference prepare').map(({ isLazy }) => isLazy), [true]);
    assert.deepEqual(made.stages.map(({ stage }) => stage).filter((stage) => stage === 'preview'), []);
    assert.equal(report.ms.create, 18);
    assert.equal(made.history.of({ id: 'u2netp', files: [{ sha256: 'sha of u2netp.onnx' }] })['wasm×2'].createMs, 11);
  });
  test('is asked for by nobody else', async (t) => {
    const made = site(t, { inference: { draft: draftOf(), hold } });
    assert.deepEqual((await opened(made, false)).shown, []);
    assert.deepEqual(made.argsOf('inference draft').map(({ isEarly }) => isEarly), [false]);
    assert.deepEqual(made.argsOf('inference prepare').map(({ isLazy }) => isLazy), [false]);
  });
  test('needs a part of the model first, and getting ready brings up the rest, once', async (t) => {
    const made = site(t, { inference: { draft: draftOf(), hold } });
    CATALOG.models[0].fusion = { rule: 'presence', threshold: 0.5 };
    t.after(() => delete CATALOG.models[0].fusion);
    const ready = async (watch) => {
      const report = blankReport();
      await made.engine.preload({ backend: 'auto' }, { onProgress() {}, ...watch }, report);
      return report.ms.create;
    };
    assert.deepEqual([await ready({ onPreview() {} }), await ready({ onPreview() {} }), await ready({}), await ready({})], [11, 0, 5, 0]);
    assert.deepEqual(made.argsOf('inference prepare').map(({ isLazy }) => isLazy), [true]);
    assert.deepEqual(['expect', 'complete'].map((call) => made.argsOf(`inference ${call}`).length), [2, 1]);
  });
  describe('of a model of two parts', () => {
    const named = (name, bytes) => ({ name, url: name, bytes, download: bytes, sha256: name, segments: ['x'] });
    const [outlines, there] = [named('outlines.onnx', 9_000_000), named('there.onnx', 500)];
    const one = (role, file) => ({ role, files: [file] });
    const composite = { fusion: { rule: 'presence', threshold: 0.5 }, files: [outlines, there], parts: [one('detail', outlines), one('presence', there)] };

    /** A site with such a model, whose large file comes when it is let go; `order` is what happened. */
    function twoParts(t, inference = {}) {
      const usual = { ...CATALOG.models[0] };
      Object.assign(CATALOG.models[0], composite);
      t.after(() => {
        for (const key of Object.keys(composite)) delete CATALOG.models[0][key];
        Object.assign(CATALOG.models[0], usual);
      });
      const order = [];
      const line = pledge();
      const rest = pledge();
      const obtain = async ({ file }, { signal, progress }) => {
        order.push(file.name);
        if (file.name === outlines.name) {
          progress({ loaded: 4_500_000 });
          signal.addEventListener('abort', () => line.reject(new MatteboxError('cancelled')));
          await line.promise;
        }
        return { buffer: null, received: file.bytes, storage: null };
      };
      const prepare = async (args) => {
        order.push('prepared');
        return { threads: args.threads, heap: 1, canary: args.canary, ms: { create: 11, canary: 0, first: null, run: null } };
      };
      const supply = async () => { order.push('supplied'); rest.resolve(); };
      const expect = async () => void order.push('expected');
      /** Shows a preview, and needs the other part from then on. */
      const draft = async (photo, { progress }) => {
        const draw = draftOf();
        for (const stage of ['decoding', 'running']) progress({ stage });
        if (photo.isEarly) progress({ stage: 'preview', preview: preview(photo.source) });
        order.push('preview');
        await rest.promise;
        return draw({ ...photo, isEarly: false }, { progress() {} });
      };
      const made = site(t, { delivery: { obtain }, inference: { draft, hold, prepare, supply, expect, ...inference } });
      const names = (call) => made.argsOf(call).map(({ files }) => files.map(({ file }) => file.name));
      const controller = new AbortController();
      const photo = { blob: new Blob(['photo']), output: {}, reduce: false, longest: 100 };
      const report = blankReport();
      const watch = { signal: controller.signal, onProgress: ({ stage }) => { if (made.stages.at(-1) !== stage) made.stages.push(stage); }, onPreview() {}, onWithdraw() {} };
      const open = (given = watch) => made.engine.draft(photo, { backend: 'auto' }, given, report);
      const drawn = async () => { while (!order.includes('preview')) await settle(); };
      return { ...made, open, drawn, order, line, names, watch, report, controller };
    }

    test('waits for the files of its part, and not for the others', async (t) => {
      const { open, drawn, order, line, names, stages, report } = twoParts(t);
      const opening = open();
      await drawn();
      assert.deepEqual(order, ['runtime.wasm', 'there.onnx', 'outlines.onnx', 'prepared', 'preview']);
      assert.equal(stages.at(-1), 'downloading');
      line.resolve();
      await opening;
      assert.equal(order.at(-1), 'supplied');
      assert.deepEqual([names('inference prepare'), names('inference supply')], [[['there.onnx']], [['outlines.onnx']]]);
      assert.deepEqual(stages.slice(stages.lastIndexOf('downloading')), ['downloading', 'preparing', 'running']);
      assert.equal(report.bytes.received, 1000 + 500 + 9_000_000);
    });
    test('stays when the others cannot be had: that is told, and the next photo begins anew', async (t) => {
      const { open, drawn, line, workers } = twoParts(t);
      const opening = open();
      await drawn();
      line.reject(new MatteboxError('network', { name: 'outlines.onnx' }));
      await assert.rejects(opening, { code: 'network', details: { name: 'outlines.onnx' } });
      assert.deepEqual(workers.inference.map(({ isTerminated }) => isTerminated), [true]);
    });
    test('has the download stopped with the photo', async (t) => {
      const { open, drawn, controller, workers, line } = twoParts(t);
      const opening = open();
      await drawn();
      controller.abort();
      await assert.rejects(opening, { code: 'cancelled' });
      await assert.rejects(line.promise, { code: 'cancelled' });
      assert.deepEqual(workers.inference.map(({ isTerminated }) => isTerminated), [true]);
    });
    test('may take as long as the line does', async (t) => {
      t.mock.timers.enable({ apis: ['setTimeout'] });
      let now = 0;
      const { open, drawn, line, workers } = twoParts(t);
      standIn(t, { performance: { now: () => now } });
      const opening = open();
      await drawn();
      await settle();
      for (; now < 3_600_000; now += 500) t.mock.timers.tick(500);
      assert.deepEqual(workers.inference.map(({ isTerminated }) => isTerminated), [false]);
      line.resolve();
      await opening;
    });
    test('is not what getting ready waits for', async (t) => {
      const { engine, order, line, watch, report } = twoParts(t);
      const ready = engine.preload({ backend: 'auto' }, watch, report);
      while (!order.includes('prepared')) await settle();
      await settle();
      assert.equal(order.includes('expected'), false);
      line.resolve();
      await ready;
      assert.deepEqual(order.slice(-2), ['supplied', 'expected']);
    });
    test('may have failed for its photo: the next one waits for the same download', async (t) => {
      const broken = new MatteboxError('bad-image', {});
      let isFirst = true;
      const { open, order, line, stages, engine, watch, report } = twoParts(t, { inspect: async () => {
        if (!isFirst) return { type: 'JPEG', drawing: null, width: 3, height: 2, codecs: [] };
        isFirst = false;
        throw broken;
      } });
      await assert.rejects(open(), { code: 'bad-image' });
      const ready = engine.preload({ backend: 'auto' }, watch, report);
      await settle();
      line.resolve();
      await ready;
      assert.deepEqual(order, ['runtime.wasm', 'there.onnx', 'outlines.onnx', 'prepared', 'supplied', 'expected']);
      assert.equal(stages.at(-1), 'preparing');
    });
  });
  test('costs no photo: a part that is found damaged late is fetched again', async (t) => {
    const damaged = new MatteboxError('model-corrupt', { name: 'u2netp.onnx', source: 'store' });
    const made = site(t, { inference: { draft: draftOf(damaged), hold } });
    const { report } = await opened(made);
    assert.deepEqual(made.argsOf('inference prepare').map(({ isLazy }) => isLazy), [true, false]);
    assert.deepEqual(made.argsOf('delivery distrust').map(({ file }) => file.name), ['u2netp.onnx']);
    assert.deepEqual(report.attempts.map(({ outcome }) => outcome), ['ran']);
    await assert.rejects(opened(site(t, { inference: { draft: draftOf(damaged, damaged), hold } })), { code: 'model-corrupt' });
  });
});
