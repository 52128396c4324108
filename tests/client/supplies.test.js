import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MatteboxError } from '../../client/shared/errors.js';
import { CATALOG, gate, site } from './site.js';
import { settle } from './worker-pair.js';

test('the catalog is fetched once', async (t) => {
  const { engine, argsOf } = site(t);
  const [one, other] = await Promise.all([engine.catalog(), engine.catalog()]);
  assert.equal(one, other);
  assert.deepEqual(one, CATALOG);
  assert.deepEqual(argsOf('delivery catalog'), [{ site: 'https://mattebox.test/sub/' }]);
});

test('a failure to fetch it is not remembered', async (t) => {
  const answers = [new MatteboxError('network', { name: 'catalog.json' }), new MatteboxError('http-status', { name: 'catalog.json', status: 503 })];
  const { engine, cut } = site(t, { delivery: { catalog: async () => { if (answers.length) throw answers.shift(); return CATALOG; } } });
  await assert.rejects(engine.catalog(), { code: 'network' });
  await assert.rejects(cut(), { code: 'http-status' });
  assert.equal((await cut()).report.model.id, 'u2netp');
});

for (const [bytes, atOnce] of [[500, ['runtime.wasm', 'u2netp.onnx']], [2 ** 23 + 1, ['runtime.wasm']]]) {
  test(`a file of ${bytes} bytes ${atOnce.length > 1 ? 'comes beside' : 'waits for'} those that are needed sooner`, async (t) => {
    const { waiting, gated } = gate(async ({ file }) => ({ buffer: null, received: file.bytes, storage: null }));
    const { preload } = site(t, { delivery: { obtain: gated } });
    const [file] = CATALOG.models[0].files;
    const usual = file.bytes;
    t.after(() => { file.bytes = usual; });
    file.bytes = bytes;
    const getting = preload();
    while (waiting.length < atOnce.length) await settle();
    await settle();
    assert.deepEqual(waiting.map(({ args }) => args.file.name), atOnce);
    for (let i = 0; i < 2; i++) {
      while (waiting.length <= i) await settle();
      waiting[i].open();
    }
    await getting;
  });
}

for (const [bytes, isHandedOver] of [[500, true], [2 ** 26 + 1, false]]) {
  test(`a file of ${bytes} bytes that is fetched goes ${isHandedOver ? 'to the worker as well as' : 'through the store alone, and not'} into the store`, async (t) => {
    const obtain = async ({ file, isUsedAtOnce }, { transfer }) => {
      const buffer = isUsedAtOnce ? new ArrayBuffer(4) : null;
      if (buffer) transfer(buffer);
      return { buffer, received: file.bytes, storage: null };
    };
    const { preload, argsOf } = site(t, { delivery: { obtain } });
    const [file] = CATALOG.models[0].files;
    const usual = file.bytes;
    t.after(() => { file.bytes = usual; });
    file.bytes = bytes;
    await preload();
    const [{ runtime }] = argsOf('inference start');
    const [{ files: [model] }] = argsOf('inference prepare');
    assert.deepEqual([runtime.buffer?.byteLength, runtime.isStored], [4, true]);
    assert.deepEqual([model.buffer?.byteLength, model.isStored], [isHandedOver ? 4 : undefined, true]);
  });
}

test('a file that is stored already is read from the store', async (t) => {
  const { preload, argsOf, kept } = site(t);
  kept.add('runtime.wasm');
  await preload();
  const [{ runtime }] = argsOf('inference start');
  assert.deepEqual([runtime.buffer, runtime.isStored], [null, true]);
});

test('no worker is started before something is asked for', (t) => {
  assert.equal(site(t).workers.delivery.length, 0);
});

test('a delivery worker that crashed fails what it was doing and is replaced by the next call', async (t) => {
  let isStuck = true;
  const catalog = () => (isStuck ? new Promise(() => {}) : Promise.resolve(CATALOG));
  const { engine, workers } = site(t, { delivery: { catalog } });
  const asking = engine.catalog();
  await settle();
  workers.delivery[0].crash('boom');
  await assert.rejects(asking, { code: 'worker-crashed', details: { realm: 'delivery', cause: 'boom' } });
  isStuck = false;
  assert.deepEqual(await engine.catalog(), CATALOG);
  assert.equal(workers.delivery.length, 2);
});

test('a page that is kept for "Back" has no delivery worker, and has one again when it is back', async (t) => {
  const page = new EventTarget();
  const { engine, workers } = site(t, { page: { addEventListener: page.addEventListener.bind(page) } });
  const happens = (name, persisted = true) => page.dispatchEvent(Object.assign(new Event(name), { persisted }));
  const alive = () => workers.delivery.map(({ isTerminated }) => !isTerminated);
  for (const name of ['pagehide', 'pageshow']) happens(name);
  assert.deepEqual(alive(), []);
  await engine.catalog();
  happens('pagehide', false);
  assert.deepEqual(alive(), [true]);
  happens('pagehide');
  assert.deepEqual(alive(), [false]);
  happens('pageshow');
  assert.deepEqual(alive(), [false, true]);
  // What is under way goes on for as long as the browser lets it.
  const asking = engine.reach();
  happens('pagehide');
  assert.deepEqual(alive(), [false, true]);
  asking.catch(() => {});
});

test('an error on the way of one file ends the preparation and keeps what was stored', async (t) => {
  const failing = new MatteboxError('model-interface', { model: 'x' });
  let fails = true;
  const kept = [];
  const obtain = async ({ file }) => {
    if (file.name === 'u2netp.onnx' && fails) throw failing;
    kept.push(file.name);
    return { buffer: null, received: file.bytes, storage: null };
  };
  const { cut, workers } = site(t, { delivery: { obtain, held: async ({ files }) => files.map(({ name }) => ({ whole: kept.includes(name), have: 0 })) } });
  await assert.rejects(cut(), { code: 'model-interface' });
  assert.ok(workers.inference.every(({ isTerminated }) => isTerminated));
  fails = false;
  const { report } = await cut();
  assert.deepEqual(kept, ['runtime.wasm', 'u2netp.onnx']);
  assert.deepEqual([report.bytes.expected, report.bytes.stored], [500, 1000]);
});
