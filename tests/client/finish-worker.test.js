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

describe('finishing again', () => {
  const work = { photo: new Blob(['photo']), matte: new Blob(['matte']), output: { type: 'image/webp' } };
  const watch = { onProgress: () => {} };

  test('needs no model, and no place in the line', async (t) => {
    const { waiting, gated } = gate(INFERENCE.cutout);
    const { cut, engine, argsOf, workers } = site(t, { inference: { cutout: gated } });
    const cutting = cut();
    await until(() => waiting.length === 1);
    const { result } = await engine.finish(work, watch);
    assert.deepEqual(result, { width: 1, height: 1 });
    assert.deepEqual(argsOf('inference load').map(({ codec }) => codec), ['png', 'webp']);
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
    await assert.rejects(engine.finish(onPicture, watch), ({ code, details }) => code === 'corrupt-image' && details.role === 'background');
    await assert.rejects(engine.check(new Blob(['picture']), watch), { code: 'corrupt-image', details: { type: 'PNG', role: 'background' } });
    const other = site(t, { inference: { inspect: condemned('photo') } });
    await assert.rejects(other.engine.finish(onPicture, watch), { code: 'corrupt-image', details: { type: 'PNG' } });
  });

  test('what a background needs is fetched before it is opened, and what fails then is no picture’s fault', async (t) => {
    const inspect = async () => ({ type: 'HEIC', drawing: null, width: 3, height: 2, codecs: ['heif'] });
    const { engine, argsOf, calls } = site(t, { inference: { inspect, check: async () => ({ width: 3, height: 2 }) } });
    assert.deepEqual(await engine.check(new Blob(['picture']), watch), { width: 3, height: 2 });
    assert.deepEqual(argsOf('inference load').map(({ codec }) => codec), ['heif']);
    assert.equal(calls.at(-1).call, 'inference check');
    const cut = site(t, { inference: { inspect }, delivery: { obtain: async () => { throw new MatteboxError('network', { name: 'heif.wasm' }); } } });
    await assert.rejects(cut.engine.check(new Blob(['picture']), watch), { code: 'network', details: { name: 'heif.wasm' } });
  });

  test('what is superseded is ended, and the next one gets a whole worker', async (t) => {
    const { waiting, gated } = gate(INFERENCE.finish);
    const { engine, argsOf } = site(t, { inference: { finish: gated } });
    const controller = new AbortController();
    const first = engine.finish(work, { ...watch, signal: controller.signal });
    await until(() => waiting.length === 1);
    controller.abort();
    await assert.rejects(first, { code: 'cancelled' });
    const second = engine.finish(work, watch);
    await until(() => waiting.length === 2);
    waiting[1].open();
    await second;
    assert.equal(argsOf('inference load').filter(({ codec }) => codec === 'png').length, 2);
  });
});
