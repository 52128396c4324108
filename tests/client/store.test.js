import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Store } from '../../client/storage/store.js';
import { LOCATION, MemoryCache, sampleFile } from './memory-cache.js';
import { standIn } from './stand-in.js';

const SEGMENT = 10;

/** A store over a cache in memory, with the sample file of three segments stored in it when asked for. */
async function bench(t, { filled = false } = {}) {
  standIn(t, { location: LOCATION });
  const cache = new MemoryCache();
  const store = new Store(cache);
  const { file, bytes } = sampleFile(25, SEGMENT);
  const write = async () => {
    for (const index of file.segments.keys()) await store.writeSegment(file, index, bytes.slice(index * SEGMENT, (index + 1) * SEGMENT));
  };
  if (filled) {
    await write();
    await store.promote(file);
    cache.diary.length = 0;
  }
  return { cache, store, file, bytes, write };
}

test('a file is there once its record is, which is written last', async (t) => {
  const { cache, store, file, write } = await bench(t);
  await write();
  assert.equal(await store.has(file), false);
  await store.promote(file);
  assert.equal(await store.has(file), true);
  assert.deepEqual(cache.did('put'), ['put 0', 'put 1', 'put 2', 'put record']);
});

test('what is read is what was written', async (t) => {
  const { store, file, bytes } = await bench(t, { filled: true });
  const found = await store.read(file);
  assert.ok(found instanceof ArrayBuffer);
  assert.deepEqual(new Uint8Array(found), bytes);
});

test('another version of a file is another file', async (t) => {
  const { store, file } = await bench(t, { filled: true });
  assert.equal(await store.has({ ...file, sha256: file.sha256.replace(/^./, (c) => (c === '0' ? '1' : '0')) }), false);
});

describe('what is read is checked again', () => {
  test('a flipped bit', async (t) => {
    const { cache, store, file } = await bench(t, { filled: true });
    cache.part(1).bytes[3] ^= 0x10;
    await assert.rejects(store.read(file), (error) => {
      const { segment, expected, received, source } = error.details;
      assert.deepEqual([error.code, segment, expected, source], ['model-corrupt', 1, file.segments[1], 'store']);
      assert.notEqual(received, expected);
      return true;
    });
  });
  for (const index of [0, 1, 2]) {
    test(`segment ${index} gone`, async (t) => {
      const { cache, store, file } = await bench(t, { filled: true });
      cache.entries.delete(cache.part(index).url);
      const received = index === 2 ? 20 : 15;
      await assert.rejects(store.read(file), { code: 'length-mismatch', details: { name: file.name, expected: 25, received, source: 'store' } });
    });
  }
  test('a segment longer than the file', async (t) => {
    const { cache, store, file } = await bench(t, { filled: true });
    const { url, headers } = cache.part(2);
    cache.entries.set(url, { bytes: new Uint8Array(100), headers });
    await assert.rejects(store.read(file), { code: 'model-corrupt' });
  });
});

test('removing begins with the record and leaves nothing', async (t) => {
  const { cache, store, file } = await bench(t, { filled: true });
  await store.remove(file.sha256);
  assert.equal(cache.did('delete')[0], 'delete record');
  assert.equal(cache.entries.size, 0);
  assert.equal(await store.has(file), false);
});

describe('a browser that refuses to write', () => {
  const refusals = [
    [new DOMException('The quota has been exceeded.', 'QuotaExceededError'), 'storage-full'],
    [new DOMException('Unexpected internal error', 'UnknownError'), 'storage-failed'],
    [new TypeError('Failed to execute put'), 'storage-failed'],
  ];
  for (const [refusal, code] of refusals) {
    test(`${refusal.name} is ${code}`, async (t) => {
      const { cache, store, file, write } = await bench(t);
      cache.before = (what) => {
        if (what.startsWith('put')) throw refusal;
      };
      const expected = { code, details: { name: file.name, needed: 25, cause: `${refusal.name}: ${refusal.message}` } };
      await assert.rejects(write(), expected);
      await assert.rejects(store.promote(file), expected);
    });
  }
});

describe('a browser whose storage is broken', () => {
  const broken = async (t, options) => {
    const made = await bench(t, options);
    made.cache.before = () => {
      throw new DOMException('Internal error opening backing store', 'UnknownError');
    };
    return made;
  };
  test('has nothing', async (t) => {
    const { store, file } = await broken(t, { filled: true });
    assert.equal(await store.has(file), false);
  });
  test('says on reading that it was the store, and which file', async (t) => {
    const { store, file } = await broken(t, { filled: true });
    await assert.rejects(store.read(file), (error) => {
      assert.deepEqual([error.code, error.details.name, error.details.source], ['storage-failed', file.name, 'store']);
      return true;
    });
  });
  test('does not stand in the way of going on without', async (t) => {
    const { store, file } = await broken(t, { filled: true });
    await store.remove(file.sha256);
  });
});

describe('there is no store', () => {
  const absent = {
    'where Cache Storage refuses to open': { open: () => Promise.reject(new DOMException('no', 'SecurityError')) },
    'where asking for it throws': { open: () => { throw new DOMException('no', 'SecurityError'); } },
  };
  for (const [where, caches] of Object.entries(absent)) {
    test(where, async (t) => {
      standIn(t, { caches });
      assert.equal(await Store.open(), null);
    });
  }
  test('in an insecure context', async () => {
    assert.equal('caches' in globalThis, false);
    assert.equal(await Store.open(), null);
  });
});

test('two visits open the same cache', async (t) => {
  const { file, bytes } = sampleFile(7, SEGMENT);
  const opened = new Map();
  const open = async (name) => opened.get(name) ?? opened.set(name, new MemoryCache()).get(name);
  standIn(t, { location: LOCATION, caches: { open } });
  const first = await Store.open();
  await first.writeSegment(file, 0, bytes);
  await first.promote(file);
  assert.deepEqual(new Uint8Array(await (await Store.open()).read(file)), bytes);
  assert.equal(opened.size, 1);
});
