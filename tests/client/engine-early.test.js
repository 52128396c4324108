import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { MatteboxError } from '../../client/shared/errors.js';
import { blankReport } from '../../client/engine/report.js';
import { CATALOG, site } from './site.js';

const SIZE = { width: 3, height: 2 };
const preview = (image) => ({ image, frame: SIZE, result: SIZE, applied: {}, notes: [] });
const MS = { decode: 1, pre: 2, run: 30, post: 4, compose: 0, encode: 5 };
const layered = () => ({ base: { pixels: { data: new Uint8ClampedArray(24), ...SIZE } }, layers: null });

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
  test('waits for the files of its part, and not for the others', async (t) => {
    const named = (name, bytes) => ({ name, url: name, bytes, download: bytes, sha256: name, segments: ['x'] });
    const [outlines, there] = [named('outlines.onnx', 9_000_000), named('there.onnx', 500)];
    const one = (role, file) => ({ role, files: [file] });
    const composite = { fusion: { rule: 'presence', threshold: 0.5 }, files: [outlines, there], parts: [one('detail', outlines), one('presence', there)] };
    const usual = { ...CATALOG.models[0] };
    Object.assign(CATALOG.models[0], composite);
    t.after(() => {
      for (const key of Object.keys(composite)) delete CATALOG.models[0][key];
      Object.assign(CATALOG.models[0], usual);
    });
    const order = [];
    const obtain = async ({ file }) => {
      order.push(file.name);
      // The large one is there only once the small part is up.
      if (file === outlines) while (!order.includes('prepared')) await new Promise((resolve) => { setImmediate(resolve); });
      return { buffer: null, received: file.bytes, storage: null };
    };
    const prepare = async (args) => {
      order.push('prepared');
      return { threads: args.threads, heap: 1, canary: args.canary, ms: { create: 11, canary: 0, first: null, run: null } };
    };
    const supply = async () => void order.push('supplied');
    const draft = (...args) => (order.push('photo'), draftOf()(...args));
    const made = site(t, { delivery: { obtain }, inference: { draft, hold, prepare, supply } });
    const watch = { onProgress() {}, onPreview() {}, onWithdraw() {} };
    await made.engine.draft({ blob: new Blob(['photo']), output: {}, reduce: false, longest: 100 }, { backend: 'auto' }, watch, blankReport());
    assert.deepEqual(order, ['runtime.wasm', 'there.onnx', 'outlines.onnx', 'prepared', 'supplied', 'photo']);
    const names = (call) => made.argsOf(call).map(({ files }) => files.map(({ file }) => file.name));
    assert.deepEqual([names('inference prepare'), names('inference supply')], [[['there.onnx']], [['outlines.onnx']]]);
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
