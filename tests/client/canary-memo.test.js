import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { CanaryMemo } from '../../client/engine/canary-memo.js';

const CPU = { backend: 'wasm', build: 'wasm', threads: 4 };
const GPU = { backend: 'webgpu', build: 'jspi', threads: 1 };
const part = (model, size = 320) => ({ model, files: [{ sha256: `sha of ${model}` }], dimensions: { height: size }, canary: { seed: 20 } });
const MODEL = { id: 'duo', task: 'matting', parts: [part('fine', 768), part('sure')] };
const CATALOG = { tree: 'a', runtime: { version: '1.30.0', builds: { wasm: { binary: { sha256: 'w' } }, jspi: { binary: { sha256: 'j' } } } } };

function memoryStorage() {
  const kept = new Map();
  return { kept, getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key) };
}
const open = (storage, browser = 'a browser') => new CanaryMemo({ open: () => storage, browser });

test('a canary that was passed is known at the next visit, for any number of threads but one', () => {
  const storage = memoryStorage();
  assert.equal(open(storage).has(CATALOG, MODEL, CPU), false);
  open(storage).add(CATALOG, MODEL, CPU);
  assert.equal(open(storage).has(CATALOG, MODEL, CPU), true);
  assert.equal(open(storage).has(CATALOG, MODEL, { ...CPU, threads: 2 }), true);
  assert.equal(open(storage).has(CATALOG, MODEL, { ...CPU, threads: 1 }), false);
});

test('a GPU is never taken at its word', () => {
  const storage = memoryStorage();
  open(storage).add(CATALOG, MODEL, GPU);
  assert.equal(open(storage).has(CATALOG, MODEL, GPU), false);
  assert.equal(open(storage).has(CATALOG, MODEL, { ...CPU, threads: 1 }), false);
});

describe('it no longer holds with', () => {
  const changed = (change) => {
    const [catalog, model] = [structuredClone(CATALOG), structuredClone(MODEL)];
    change(catalog, model);
    return [catalog, model];
  };
  const cases = {
    'another runtime': (catalog) => (catalog.runtime.version = '1.31.0'),
    'another build of it': (catalog) => (catalog.runtime.builds.wasm.binary.sha256 = 'x'),
    'another file': (_, model) => (model.parts[1].files[0].sha256 = 'x'),
    'another size': (_, model) => (model.parts[0].dimensions.height = 1024),
    'another test image': (_, model) => (model.parts[1].canary.seed = 21),
    'another task': (_, model) => (model.task = 'segmentation'),
    'a part more': (_, model) => model.parts.push(part('third')),
    'another id': (_, model) => (model.id = 'solo'),
  };
  for (const [name, change] of Object.entries(cases)) {
    test(name, () => {
      const storage = memoryStorage();
      open(storage).add(CATALOG, MODEL, CPU);
      assert.equal(open(storage).has(...changed(change), CPU), false);
    });
  }
  test('another version of the browser', () => {
    const storage = memoryStorage();
    open(storage).add(CATALOG, MODEL, CPU);
    assert.equal(open(storage, 'a newer browser').has(CATALOG, MODEL, CPU), false);
  });
  test('and does with another release of this site', () => {
    const storage = memoryStorage();
    open(storage).add(CATALOG, MODEL, CPU);
    assert.equal(open(storage).has({ ...CATALOG, tree: 'b' }, MODEL, CPU), true);
  });
});

test('one model is forgotten, or all', () => {
  const other = { ...MODEL, id: 'duo-small' };
  const passed = open(memoryStorage());
  for (const model of [MODEL, other]) passed.add(CATALOG, model, CPU);
  passed.forget('duo');
  assert.deepEqual([MODEL, other].map((model) => passed.has(CATALOG, model, CPU)), [false, true]);
  passed.forget();
  assert.equal(passed.has(CATALOG, other, CPU), false);
});

test('storage that is absent, blocked, full or spoilt means that nothing is known', () => {
  const refuse = () => { throw new Error('SecurityError'); };
  const spoilt = (text) => ({ ...memoryStorage(), getItem: () => text });
  for (const storage of [null, { getItem: refuse, setItem: refuse, removeItem: refuse }, spoilt('{'), spoilt('null'), spoilt('[1]')]) {
    const passed = open(storage);
    passed.add(CATALOG, MODEL, CPU);
    passed.forget('duo');
    assert.equal(passed.has(CATALOG, MODEL, CPU), false);
  }
});

describe('a result that was wrong', () => {
  const wrong = (storage) => {
    open(storage).add(CATALOG, MODEL, CPU);
    open(storage).doubt(CATALOG, MODEL, CPU);
  };
  test('is known at the next visit, of whatever number of threads, and of no other model', () => {
    const storage = memoryStorage();
    assert.equal(open(storage).isDoubted(CATALOG, MODEL), false);
    wrong(storage);
    assert.deepEqual([open(storage).has(CATALOG, MODEL, CPU), open(storage).isDoubted(CATALOG, MODEL)], [false, true]);
    assert.equal(open(storage).isDoubted(CATALOG, { ...MODEL, parts: [part('other')] }), false);
  });
  test('counts no more in a newer browser, nor once the test was passed', () => {
    const storage = memoryStorage();
    wrong(storage);
    assert.equal(open(storage, 'a newer browser').isDoubted(CATALOG, MODEL), false);
    open(storage).add(CATALOG, MODEL, CPU);
    assert.deepEqual([open(storage).has(CATALOG, MODEL, CPU), open(storage).isDoubted(CATALOG, MODEL)], [true, false]);
  });
});
