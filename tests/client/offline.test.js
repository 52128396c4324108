import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lacking, Offline } from '../../client/page/offline.js';

const file = (name) => ({ name, url: name, bytes: 10, download: 5, sha256: `sha-${name}`, segments: [] });
const build = (name) => ({ glue: `${name}.mjs`, binary: file(`${name}.wasm`) });
const catalog = {
  runtime: { version: '1', builds: { wasm: build('plain'), jspi: build('jspi'), asyncify: build('asyncify') } },
  codecs: { webp: file('webp.wasm'), avif: file('avif.wasm'), heif: file('heif.wasm') },
  models: [
    { id: 'one', files: [file('one.onnx')] },
    { id: 'two', files: [file('two.onnx'), file('two.data')] },
  ],
};
const stored = (name, rest = {}) => ({ ...file(name), have: 10, whole: true, site: '', storedAt: 0, usedAt: null, ...rest });
const names = (files) => files?.map(({ name }) => name) ?? null;

test('a model with its runtime lacks nothing', () => {
  const files = ['plain.wasm', 'one.onnx'].map((name) => stored(name));
  assert.deepEqual(lacking(catalog, 'one', 'plain.wasm', files), []);
});

test('what is missing is told, for the runtime that will run it', () => {
  const files = ['plain.wasm', 'one.onnx', 'two.onnx'].map((name) => stored(name));
  assert.deepEqual(names(lacking(catalog, 'two', 'plain.wasm', files)), ['two.data']);
  assert.deepEqual(names(lacking(catalog, 'one', 'jspi.wasm', files)), ['jspi.wasm']);
  assert.deepEqual(names(lacking(catalog, 'one', 'plain.wasm', [])), ['plain.wasm', 'one.onnx']);
});

test('a file that is not whole, or has lost a segment, is missing', () => {
  const others = [stored('plain.wasm')];
  assert.deepEqual(names(lacking(catalog, 'one', 'plain.wasm', [...others, stored('one.onnx', { whole: false })])), ['one.onnx']);
  assert.deepEqual(names(lacking(catalog, 'one', 'plain.wasm', [...others, stored('one.onnx', { have: 9 })])), ['one.onnx']);
});

test('another file of the same name is not that file', () => {
  const files = [stored('plain.wasm', { sha256: 'older' }), stored('one.onnx')];
  assert.deepEqual(names(lacking(catalog, 'one', 'plain.wasm', files)), ['plain.wasm']);
});

test('of a model or a runtime that the catalog does not know, nothing can be said', () => {
  assert.equal(lacking(catalog, 'gone', 'plain.wasm', []), null);
  assert.equal(lacking(catalog, 'one', 'other.wasm', []), null);
});

test('without service workers, or in a release that keeps nothing, nobody is asked', async () => {
  const refuse = { register: () => assert.fail('registered') };
  for (const options of [{ release: 'r', container: null }, { release: '', container: refuse }]) {
    const offline = new Offline({ ...options, onChange: () => assert.fail('changed') });
    await offline.start();
    assert.equal(await offline.shell(), null);
  }
});

test('a browser that refuses to register has no shell, and no error', async () => {
  const container = { register: () => Promise.reject(new DOMException('blocked', 'SecurityError')) };
  const offline = new Offline({ release: 'r', container, onChange: () => assert.fail('changed') });
  await offline.start();
  assert.equal(await offline.shell(), null);
});
