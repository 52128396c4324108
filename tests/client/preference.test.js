import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NO_PREFERENCE, recallModel, recallPreference, rememberModel, rememberPreference } from '../../client/page/preference.js';

/** @param {string | null} [value] */
function memoryStorage(value = null) {
  return { value, getItem() { return this.value; }, setItem(_key, text) { this.value = text; }, removeItem() {} };
}
const blocked = () => { throw new DOMException('', 'SecurityError'); };

test('what was chosen is there at the next visit', () => {
  const memory = memoryStorage();
  const chosen = { backend: 'webgpu', threads: 3, agreed: 'browser 1|google|swiftshader' };
  rememberPreference(chosen, () => memory);
  assert.deepEqual(recallPreference(() => memory), chosen);
});

test('nothing chosen, blocked, or not ours: automatic', () => {
  assert.deepEqual(recallPreference(() => memoryStorage()), NO_PREFERENCE);
  assert.deepEqual(recallPreference(blocked), NO_PREFERENCE);
  for (const value of ['', '[', 'null', '7', '"webgpu"', '{"backend":"quantum","threads":0,"agreed":7}', '{"threads":1e9}', '{"threads":"2"}', '{"threads":1.5}']) {
    assert.deepEqual(recallPreference(() => memoryStorage(value)), NO_PREFERENCE, value);
  }
});

test('one part that cannot be used does not cost the others', () => {
  assert.deepEqual(recallPreference(() => memoryStorage('{"backend":"wasm","threads":-1}')), { ...NO_PREFERENCE, backend: 'wasm' });
});

test('a storage that is blocked costs the memory only', () => {
  assert.doesNotThrow(() => rememberPreference({ ...NO_PREFERENCE }, blocked));
});

test('the model that was chosen, also as earlier versions wrote it', () => {
  const memory = memoryStorage();
  assert.equal(recallModel(() => memory), null);
  rememberModel('isnet-duo', () => memory);
  assert.equal(recallModel(() => memory), 'isnet-duo');
  assert.equal(recallModel(() => memoryStorage('isnet-duo')), 'isnet-duo');
  assert.doesNotThrow(() => rememberModel('isnet-duo', blocked));
  assert.equal(recallModel(blocked), null);
});
