import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LocalEntry } from '../../client/shared/local-store.js';

/** @param {Record<string, string>} [items] */
function memory(items = {}) {
  const map = new Map(Object.entries(items));
  return { map, getItem: (key) => map.get(key) ?? null, setItem: (key, value) => void map.set(key, value), removeItem: (key) => void map.delete(key) };
}
const blocked = () => { throw new DOMException('', 'SecurityError'); };

test('a value is there at the next visit, under a key that says whose it is', () => {
  const storage = memory();
  assert.equal(new LocalEntry('finish', () => storage).write({ format: 'avif' }), true);
  assert.deepEqual([...storage.map], [['mattebox.finish', '{"format":"avif"}']]);
  assert.deepEqual(new LocalEntry('finish', () => storage).read(), { format: 'avif' });
});

test('what an earlier version wrote is read, and replaced by what is written', () => {
  const storage = memory({ 'mattebox-history': '{"browser":"B/1"}' });
  const entry = new LocalEntry('history', () => storage);
  assert.deepEqual(entry.read(), { browser: 'B/1' });
  entry.write({ browser: 'B/2' });
  assert.deepEqual([...storage.map], [['mattebox.history', '{"browser":"B/2"}']]);
});

test('bare text is read as it stands', () => {
  assert.equal(new LocalEntry('model', () => memory({ 'mattebox.model': 'isnet-duo' })).read(), 'isnet-duo');
});

test('removing takes what an earlier version wrote, too', () => {
  const storage = memory({ 'mattebox.history': '{}', 'mattebox-history': '{}', other: '1' });
  assert.equal(new LocalEntry('history', () => storage).remove(), true);
  assert.deepEqual([...storage.map], [['other', '1']]);
});

test('storage that is absent, blocked or full: nothing is read, and writing says so', () => {
  const full = { ...memory(), setItem: blocked };
  for (const open of [() => null, () => undefined, blocked, () => full]) {
    const entry = new LocalEntry('model', open);
    assert.equal(entry.write('isnet'), false);
    assert.equal(entry.read(), null);
  }
  assert.equal(new LocalEntry('model', blocked).remove(), false);
});
