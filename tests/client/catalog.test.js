import assert from 'node:assert/strict';
import { test } from 'node:test';

import { everyPart, findModel, findPipeline, parts, usersOf } from '../../client/shared/catalog.js';

const file = (name) => ({ name, url: name, bytes: 1, download: 1, sha256: name, segments: [name] });
const CATALOG = {
  default: 'small',
  runtime: { version: '1', builds: { wasm: { glue: 'glue.mjs', binary: file('runtime.wasm') }, jspi: { glue: 'jspi.mjs', binary: file('jspi.wasm') } } },
  codecs: { webp: file('webp.wasm'), avif: file('avif.wasm'), heif: file('heif.wasm') },
  pipelines: [],
  models: [{ id: 'large', files: [file('encoder.onnx'), file('decoder.onnx')] }, { id: 'small', files: [file('small.onnx')] }],
};

test('a model is found by its id, the default without one', () => {
  assert.equal(findModel(CATALOG, 'large'), CATALOG.models[0]);
  assert.equal(findModel(CATALOG), CATALOG.models[1]);
  assert.equal(findModel(CATALOG, undefined), CATALOG.models[1]);
});

test('a model that is not there is told with those that are', () => {
  for (const id of ['u3net', '', 'Small', 'smal']) {
    assert.throws(() => findModel(CATALOG, id), { code: 'unknown-model', details: { model: id, available: ['large', 'small'] } });
  }
  assert.throws(() => findModel({ ...CATALOG, default: 'gone' }), { code: 'unknown-model' });
});

test('what a model needs is the runtime and all of its own files', () => {
  const named = (id, build = 'wasm') => parts(CATALOG, findModel(CATALOG, id), build).map((part) => [part.role, part.file.name]);
  assert.deepEqual(named('small'), [['runtime', 'runtime.wasm'], ['model', 'small.onnx']]);
  assert.deepEqual(named('large').slice(1), [['model', 'encoder.onnx'], ['model', 'decoder.onnx']]);
  assert.deepEqual(named('small', 'jspi')[0], ['runtime', 'jspi.wasm']);
});

test('what this version may use is every build, every codec and every model, and tells old files from its own', () => {
  assert.deepEqual([...new Set(everyPart(CATALOG).map(({ file: { name } }) => name))].sort(),
    ['avif.wasm', 'decoder.onnx', 'encoder.onnx', 'heif.wasm', 'jspi.wasm', 'runtime.wasm', 'small.onnx', 'webp.wasm']);
  assert.deepEqual(usersOf(CATALOG, 'jspi.wasm'), { role: 'runtime', models: ['large', 'small'], download: 1 });
  assert.deepEqual(usersOf(CATALOG, 'small.onnx'), { role: 'model', models: ['small'], download: 1 });
  assert.deepEqual(usersOf(CATALOG, 'of last year'), { role: 'old', models: [], download: null });
});

test('what does something else is found by its task and never as a model, and its files are used', () => {
  const other = { id: 'other', task: 'segment', files: [file('own.onnx')] };
  const catalog = { ...CATALOG, pipelines: [other] };
  assert.equal(findPipeline(catalog, 'segment'), other);
  assert.equal(findPipeline(CATALOG, 'segment'), null);
  assert.throws(() => findModel(catalog, 'other'), { code: 'unknown-model' });
  assert.deepEqual(usersOf(catalog, 'own.onnx'), { role: 'model', models: ['other'], download: 1 });
});

test('a file that models share is needed once by each, and is told with all of them', () => {
  const pair = { id: 'pair', files: [file('encoder.onnx'), file('small.onnx')] };
  const catalog = { ...CATALOG, models: [...CATALOG.models, pair] };
  assert.deepEqual(parts(catalog, pair, 'wasm').slice(1).map(({ file: { name } }) => name), ['encoder.onnx', 'small.onnx']);
  assert.deepEqual(usersOf(catalog, 'small.onnx'), { role: 'model', models: ['small', 'pair'], download: 1 });
  assert.deepEqual(usersOf(catalog, 'encoder.onnx').models, ['large', 'pair']);
  assert.deepEqual(usersOf(catalog, 'decoder.onnx').models, ['large']);
});
