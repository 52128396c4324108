import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { MatteboxError } from '../../client/shared/errors.js';
import { gate, INFERENCE, site } from './site.js';
import { until } from './worker-pair.js';

describe('what a photo and a format need beyond the model', () => {
  test('is fetched and loaded once, before the photo is worked on', async (t) => {
    const inspect = async () => ({ type: 'HEIC', drawing: null, width: 3, height: 2, codecs: ['heif'] });
    const { cut, argsOf, calls } = site(t, { inference: { inspect } });
    await cut({}, undefined, { type: 'image/avif' });
    await cut({}, undefined, { type: 'image/avif' });
    assert.deepEqual(argsOf('inference load').map(({ codec }) => codec), ['heif', 'avif']);
    const order = calls.map(({ call }) => call);
    assert.ok(order.lastIndexOf('inference load') < order.indexOf('inference cutout'));
  });

  test('counts as what the run fetched', async (t) => {
    const { cut } = site(t);
    const plain = await cut();
    const other = await cut({}, undefined, { type: 'image/webp' });
    assert.ok(plain.report.bytes.received > 0);
    assert.equal(other.report.bytes.received, 100);
  });

  test('comes from the network again when what is stored turns out to be damaged, and in the end without the store', async (t) => {
    const load = async ({ supply }) => {
      if (!supply.buffer) throw new MatteboxError('model-corrupt', { name: supply.file.name, source: 'store', segment: 0 });
    };
    const { cut, argsOf } = site(t, { inference: { load } });
    await cut({}, undefined, { type: 'image/webp' });
    assert.deepEqual(argsOf('delivery distrust').map(({ file }) => file.name), ['webp.wasm', 'webp.wasm']);
    assert.deepEqual(argsOf('inference load').map(({ supply }) => supply.buffer !== null), [false, false, true]);
  });

  test('a photo that its head condemns is refused before it is decoded', async (t) => {
    const inspect = async () => { throw new MatteboxError('image-too-large', { width: 1, height: 1, limit: 0, reduced: null }); };
    const { cut, argsOf } = site(t, { inference: { inspect } });
    await assert.rejects(cut(), { code: 'image-too-large' });
    assert.equal(argsOf('inference cutout').length, 0);
  });
});

test('what other photos and settings need is loaded without a model', async (t) => {
  const { engine, calls } = site(t);
  await (await engine.documents()).loadAhead();
  assert.deepEqual(calls.map(({ call }) => call), ['inference ahead']);
});

describe('finishing again', () => {
  const work = { photo: new Blob(['photo']), matte: new Blob(['matte']), output: { type: 'image/webp' } };
  const watch = { onProgress: () => {} };

  test('needs no model, and no place in the line', async (t) => {
    const { waiting, gated } = gate(INFERENCE.cutout);
    const { cut, engine, argsOf, workers } = site(t, { inference: { cutout: gated } });
    const cutting = cut();
    await until(() => waiting.length === 1);
    const { result } = await (await engine.documents()).finish(work, watch);
    assert.deepEqual(result, { width: 1, height: 1 });
    assert.deepEqual(argsOf('inference load').map(({ codec }) => codec), ['webp']);
    assert.equal(workers.inference.length, 2, 'one with the model, one that finishes');
    waiting[0].open();
    await cutting;
  });

  const onPicture = { ...work, output: { background: { kind: 'image', image: new Blob(['picture']) } } };
  const condemned = (text) => async ({ blob }) => {
    if ((await blob.text()) === text) throw new MatteboxError('corrupt-image', { type: 'PNG' });
    return INFERENCE.inspect();
  };

  test('a background that cannot be opened is told as what it is, and the photo as what that is', async (t) => {
    const { engine } = site(t, { inference: { inspect: condemned('picture') } });
    await assert.rejects((await engine.documents()).finish(onPicture, watch), ({ code, details }) => code === 'corrupt-image' && details.role === 'background');
    await assert.rejects((await engine.documents()).check(new Blob(['picture']), watch), { code: 'corrupt-image', details: { type: 'PNG', role: 'background' } });
    const other = site(t, { inference: { inspect: condemned('photo') } });
    await assert.rejects((await other.engine.documents()).finish(onPicture, watch), { code: 'corrupt-image', details: { type: 'PNG' } });
  });

  test('what a background needs is fetched before it is opened, and what fails then is no picture’s fault', async (t) => {
    const inspect = async () => ({ type: 'HEIC', drawing: null, width: 3, height: 2, codecs: ['heif'] });
    const { engine, argsOf, calls } = site(t, { inference: { inspect, check: async () => ({ width: 3, height: 2 }) } });
    assert.deepEqual(await (await engine.documents()).check(new Blob(['picture']), watch), { width: 3, height: 2 });
    assert.deepEqual(argsOf('inference load').map(({ codec }) => codec), ['heif']);
    assert.equal(calls.at(-1).call, 'inference check');
    const cut = site(t, { inference: { inspect }, delivery: { obtain: async () => { throw new MatteboxError('network', { name: 'heif.wasm' }); } } });
    await assert.rejects((await cut.engine.documents()).check(new Blob(['picture']), watch), { code: 'network', details: { name: 'heif.wasm' } });
  });

  test('what is superseded is ended, and the next one gets a whole worker', async (t) => {
    const { waiting, gated } = gate(INFERENCE.finish);
    const { engine, workers } = site(t, { inference: { finish: gated } });
    const controller = new AbortController();
    const first = (await engine.documents()).finish(work, { ...watch, signal: controller.signal });
    await until(() => waiting.length === 1);
    controller.abort();
    await assert.rejects(first, { code: 'cancelled' });
    const second = (await engine.documents()).finish(work, watch);
    await until(() => waiting.length === 2);
    waiting[1].open();
    await second;
    assert.deepEqual(workers.inference.map(({ isTerminated }) => isTerminated), [true, false]);
  });
});

describe('previews and files of documents', () => {
  const document = { id: 'document-7', revision: 1, file: new Blob(['photo']), reduce: false, matte: null, size: { width: 3, height: 2 }, finish: null };
  const shown = { image: new Blob(['small']), result: null, applied: {}, notes: [] };
  const wish = { output: {}, longest: 1024 };
  const watch = { onProgress: () => {} };
  /** A worker that holds what it was given, or has made. */
  function holding(names = new Set()) {
    return {
      hold: async ({ handle }) => void names.add(handle),
      preview: async ({ handle, source }) => (names.has(handle) || source ? (names.add(handle), shown) : null),
      drop: async ({ handle }) => (names.delete(handle), { bytes: names.size }),
      file: async ({ source }) => ({ cutout: source, size: {}, result: {}, applied: {}, notes: [] }),
    };
  }

  test('a photo is not opened for what is held of it', async (t) => {
    const { engine, argsOf } = site(t, { inference: holding() });
    const base = { pixels: { data: new Uint8ClampedArray(4), width: 1, height: 1 }, size: { width: 3, height: 2 }, own: null, longest: 1024 };
    await (await engine.documents()).hold(document, { base, layers: null });
    const { image } = await (await engine.documents()).preview(document, wish, watch);
    assert.equal(await image.text(), 'small');
    assert.equal(argsOf('inference inspect').length, 0);
    assert.equal(base.pixels.data.length, 0, 'it was handed over');
  });

  test('is opened where nothing is held, once', async (t) => {
    const { engine, argsOf } = site(t, { inference: holding() });
    await (await engine.documents()).preview(document, wish, watch);
    await (await engine.documents()).preview(document, wish, watch);
    assert.deepEqual(argsOf('inference preview').map(({ source }) => source !== null), [false, true, false]);
    await (await engine.documents()).preview({ ...document, revision: 2 }, wish, watch);
    assert.equal(argsOf('inference inspect').length, 2);
    await (await engine.documents()).drop(document);
    await (await engine.documents()).preview(document, wish, watch);
    assert.equal(argsOf('inference inspect').length, 3);
  });

  test('the same picture behind many photos has one name, another has another', async (t) => {
    const { engine, argsOf } = site(t, { inference: holding() });
    const on = (image) => ({ ...wish, output: { background: { kind: 'image', image } } });
    const [one, other] = [new Blob(['one']), new Blob(['other'])];
    for (const image of [one, one, other, one]) await (await engine.documents()).preview(document, on(image), watch);
    const [a, b, c, d] = argsOf('inference preview').filter(({ source }) => source === null).map(({ picture }) => picture);
    assert.equal(a, b);
    assert.notEqual(b, c);
    assert.equal(d, a);
  });

  test('a file needs the codecs of its photo and of its type', async (t) => {
    const inspect = async () => ({ type: 'HEIC', drawing: null, width: 3, height: 2, codecs: ['heif'] });
    const { engine, argsOf } = site(t, { inference: { ...holding(), inspect } });
    const { cutout } = await (await engine.documents()).file(document, { type: 'image/webp' }, watch);
    assert.equal(await cutout.text(), 'photo');
    assert.deepEqual(argsOf('inference load').map(({ codec }) => codec), ['heif', 'webp']);
  });

  test('and goes on while photos are cut out; giving it up ends the worker, not the document', async (t) => {
    const { waiting, gated } = gate(holding().file);
    const { engine, workers } = site(t, { inference: { ...holding(), file: gated } });
    const attempt = new AbortController();
    const given = (await engine.documents()).file(document, {}, { ...watch, signal: attempt.signal });
    await until(() => waiting.length === 1);
    attempt.abort();
    await assert.rejects(given, { code: 'cancelled' });
    assert.equal(workers.inference[0].isTerminated, true);
    const again = (await engine.documents()).file(document, {}, watch);
    await until(() => waiting.length === 2);
    waiting[1].open();
    assert.equal(await (await again).cutout.text(), 'photo');
  });
});
