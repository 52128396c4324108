import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Store } from '../../client/storage/store.js';
import { LOCATION, MemoryCache, sampleFile } from './memory-cache.js';
import { standIn } from './stand-in.js';

const SEGMENT = 10;
const NOW = 1_700_000_000_000;

/** A store, and a way to put files of a length into it: all of their segments or some, with or without a record. */
function bench(t) {
  t.mock.timers.enable({ apis: ['Date'], now: NOW });
  standIn(t, { location: LOCATION });
  const cache = new MemoryCache();
  const store = new Store(cache);
  const put = async (length, { segments, promote = true } = {}) => {
    const { file, bytes } = sampleFile(length, SEGMENT);
    await store.announce(file);
    for (const i of segments ?? file.segments.keys()) await store.writeSegment(file, i, bytes.slice(i * SEGMENT, (i + 1) * SEGMENT));
    if (promote) await store.promote(file);
    return file;
  };
  return { cache, store, put };
}

test('what is stored can be listed, whole or not', async (t) => {
  const { store, put } = bench(t);
  const whole = await put(25);
  const begun = await put(47, { segments: [0, 1, 4], promote: false });
  const common = { name: 'sample.onnx', site: 'https://mattebox.test/sub/', storedAt: NOW, usedAt: null };
  assert.deepEqual(await store.list(), [
    { ...common, sha256: whole.sha256, bytes: 25, have: 25, whole: true },
    { ...common, sha256: begun.sha256, bytes: 47, have: 27, whole: false },
  ]);
});

test('an empty store lists nothing, and neither does a broken one', async (t) => {
  const { cache, store, put } = bench(t);
  assert.deepEqual(await store.list(), []);
  await put(25);
  cache.before = () => {
    throw new DOMException('Internal error', 'UnknownError');
  };
  assert.deepEqual(await store.list(), []);
});

test('segments without a note are listed too: they take space', async (t) => {
  const { cache, store, put } = bench(t);
  const file = await put(25, { promote: false });
  cache.entries.delete(cache.part('begun').url);
  assert.deepEqual((await store.list()).map(({ sha256, name, have, whole }) => [sha256, name, have, whole]), [[file.sha256, '', 25, false]]);
});

test('a record that cannot be read does not hide the others, or itself', async (t) => {
  const { cache, store, put } = bench(t);
  const other = await put(47);
  const damaged = await put(25);
  cache.entries.get([...cache.entries.keys()].find((url) => url.includes(damaged.sha256) && url.endsWith('/record'))).bytes.fill(0x7b);
  const listed = await store.list();
  assert.deepEqual(listed.map(({ sha256 }) => sha256).toSorted(), [other.sha256, damaged.sha256].toSorted());
  await store.remove(damaged.sha256);
  assert.deepEqual((await store.list()).map(({ sha256 }) => sha256), [other.sha256]);
  await put(25);
  assert.equal((await store.list()).length, 2);
});

test('a file is dated when it is stored, and when it is used', async (t) => {
  const { store, put } = bench(t);
  const file = await put(25);
  t.mock.timers.setTime(NOW + 5000);
  await store.touch(file);
  const [{ storedAt, usedAt, whole }] = await store.list();
  assert.deepEqual([storedAt, usedAt, whole], [NOW, NOW + 5000, true]);
});

test('using a file that is not whole does not make it so', async (t) => {
  const { store, put } = bench(t);
  const file = await put(25, { segments: [0], promote: false });
  await store.touch(file);
  assert.equal(await store.has(file), false);
});

test('which segments are here is told without reading them', async (t) => {
  const { cache, store, put } = bench(t);
  const file = await put(47, { segments: [1, 3], promote: false });
  cache.diary.length = 0;
  assert.deepEqual(await store.present(file), [false, true, false, true, false]);
  assert.deepEqual(cache.did('match'), []);
  assert.deepEqual(await store.present(sampleFile(25, SEGMENT).file), [false, false, false]);
});

describe('a file that is distrusted', () => {
  test('keeps its sound segments and is not whole', async (t) => {
    const { cache, store, put } = bench(t);
    const file = await put(25);
    cache.part(1).bytes[0] ^= 1;
    cache.diary.length = 0;
    await store.demote(file);
    assert.equal(await store.has(file), false);
    assert.deepEqual(await store.present(file), [true, false, true]);
    assert.equal(cache.did('delete')[0], 'delete record');
  });
  test('loses nothing else when segments are gone', async (t) => {
    const { cache, store, put } = bench(t);
    const file = await put(25);
    cache.entries.delete(cache.part(0).url);
    await store.demote(file);
    assert.deepEqual(await store.present(file), [false, true, true]);
  });
  test('is no reason to fail in a broken store', async (t) => {
    const { cache, store, put } = bench(t);
    const file = await put(25);
    cache.before = () => {
      throw new DOMException('Internal error', 'UnknownError');
    };
    await store.demote(file);
  });
});

test('removing one file leaves the others', async (t) => {
  const { cache, store, put } = bench(t);
  const [one, other] = [await put(25), await put(47)];
  await store.remove(one.sha256);
  assert.deepEqual([await store.has(one), await store.has(other)], [false, true]);
  assert.ok([...cache.entries.keys()].every((url) => url.includes(other.sha256)));
});
