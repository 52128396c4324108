import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { bytesHere, obtain } from '../../client/delivery/obtain.js';
import { Store } from '../../client/storage/store.js';
import { hurry, serveFile } from './file-server.js';
import { LOCATION, MemoryCache, sampleFile } from './memory-cache.js';
import { standIn } from './stand-in.js';
import { settle, until } from './worker-pair.js';

const SEGMENT = 64;
const QUOTA = new DOMException('The quota has been exceeded.', 'QuotaExceededError');

/** One file of 5 segments to be obtained into a store in memory. */
function bench(t, { navigator = {}, ...server } = {}) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  standIn(t, { location: LOCATION, navigator });
  const sample = sampleFile(4 * SEGMENT + 10, SEGMENT);
  const served = serveFile(t, sample, server);
  const cache = new MemoryCache();
  const store = new Store(cache);
  const progress = [];
  const start = ({ into = store, signal = new AbortController().signal, isUsedAtOnce = false } = {}) =>
    obtain('https://mattebox.test/sample', sample.file, into, { segmentBytes: SEGMENT, signal, isUsedAtOnce, onProgress: (bytes) => progress.push(bytes) });
  const run = (options) => hurry(t, start(options));
  const keep = async (...indices) => {
    for (const i of indices) await store.writeSegment(sample.file, i, sample.bytes.slice(i * SEGMENT, (i + 1) * SEGMENT));
    cache.diary.length = 0;
  };
  return { ...sample, ...served, cache, store, start, run, keep, progress };
}

/** A cache that is full from the n-th segment on. */
function fullFrom(cache, n) {
  let puts = 0;
  cache.before = (what) => {
    if (/^put \d/.test(what) && puts++ >= n) throw QUOTA;
  };
}

test('a file is fetched into the store, and nothing is handed over', async (t) => {
  const { run, store, file, bytes, cache } = bench(t);
  assert.deepEqual(await run(), { buffer: null, received: 266, storage: null });
  assert.deepEqual(new Uint8Array(await store.read(file)), bytes);
  assert.deepEqual([cache.did('put')[0], cache.did('put').at(-1)], ['put begun', 'put record']);
});

test('a file that is in the store already is not fetched', async (t) => {
  const { run, requests } = bench(t);
  await run();
  const before = requests.length;
  assert.deepEqual(await run(), { buffer: null, received: 0, storage: null });
  assert.equal(requests.length, before);
});

describe('a file that is used at once', () => {
  test('is stored and handed over', async (t) => {
    const { run, store, file, bytes } = bench(t);
    const { buffer, ...told } = await run({ isUsedAtOnce: true });
    assert.deepEqual(told, { received: 266, storage: null });
    assert.deepEqual([new Uint8Array(buffer), new Uint8Array(await store.read(file))], [bytes, bytes]);
  });
  test('is not read where it was stored already', async (t) => {
    const { run } = bench(t);
    await run();
    assert.deepEqual(await run({ isUsedAtOnce: true }), { buffer: null, received: 0, storage: null });
  });
  test('goes on from the segments that are stored, but for one that is damaged', async (t) => {
    const { run, keep, store, file, bytes, spans } = bench(t);
    await keep(0, 2, 3);
    await store.writeSegment(file, 2, new Uint8Array(SEGMENT));
    const { buffer, received } = await run({ isUsedAtOnce: true });
    assert.deepEqual(spans(), [[64, 127], [128, 191], [256, 265]]);
    assert.deepEqual([received, new Uint8Array(buffer), new Uint8Array(await store.read(file))], [138, bytes, bytes]);
  });
  for (const n of [0, 2]) {
    test(`is handed over where the store is full after ${n} segments, and is not fetched again`, async (t) => {
      const { run, cache, bytes } = bench(t);
      fullFrom(cache, n);
      const { buffer, received, storage } = await run({ isUsedAtOnce: true });
      assert.deepEqual([new Uint8Array(buffer), storage.code, cache.entries.size, received], [bytes, 'storage-full', 0, 266]);
    });
  }
  for (const label of ['begun', 'record']) {
    test(`is handed over where its ${label === 'begun' ? 'note' : 'record'} cannot be written`, async (t) => {
      const { run, cache, bytes } = bench(t);
      cache.before = (what) => { if (what === `put ${label}`) throw QUOTA; };
      const { buffer, received, storage } = await run({ isUsedAtOnce: true });
      assert.deepEqual([new Uint8Array(buffer), storage.code, cache.entries.size, received], [bytes, 'storage-full', 0, 266]);
    });
  }
});

test('without a store the bytes are handed over', async (t) => {
  const { run, bytes, cache } = bench(t);
  const { buffer, received, storage } = await run({ into: null });
  assert.deepEqual(new Uint8Array(buffer), bytes);
  assert.deepEqual([received, storage, cache.diary], [266, { code: 'no-cache-storage' }, []]);
});

describe('an unfinished download goes on', () => {
  test('from the segments that are stored', async (t) => {
    const { run, keep, file, store, spans, progress } = bench(t);
    await keep(0, 2, 3);
    assert.equal(await bytesHere(file, store, SEGMENT), 3 * SEGMENT);
    const { buffer, received } = await run();
    assert.deepEqual([buffer, received], [null, 74]);
    assert.deepEqual(spans(), [[64, 127], [256, 265]]);
    assert.ok(progress[0] > 3 * SEGMENT);
    assert.equal(await store.has(file), true);
  });
  test('with all of them there, to the record alone', async (t) => {
    const { run, keep, file, store, requests } = bench(t);
    await keep(0, 1, 2, 3, 4);
    assert.deepEqual(await run(), { buffer: null, received: 0, storage: null });
    assert.deepEqual([requests.length, await store.has(file)], [0, true]);
  });
  test('where a failure left it', async (t) => {
    let isDown = true;
    const { run, store, file, spans } = bench(t, { fault: ({ from }) => isDown && from >= 192 && new Response('', { status: 404 }) });
    await assert.rejects(run(), { code: 'http-status' });
    assert.equal(await store.has(file), false);
    isDown = false;
    // Three at a time: the fourth is asked for when one has been stored.
    const stored = await store.present(file);
    assert.ok(stored.includes(true));
    const before = spans().length;
    assert.equal((await run()).buffer, null);
    assert.ok(spans().slice(before).every(([from]) => !stored[Math.floor(from / SEGMENT)]), 'what was stored is not fetched again');
  });
  test('where a person stopped it', async (t) => {
    const { start, run, store, file, cache } = bench(t, { fault: ({ from }, n) => n < 5 && from >= 64 && { size: 10, hangsAt: 20 } });
    const controller = new AbortController();
    const stopped = start({ signal: controller.signal });
    await until(() => cache.diary.includes('put 0'));
    controller.abort();
    await assert.rejects(stopped, { code: 'cancelled' });
    assert.deepEqual([await store.has(file), await bytesHere(file, store, SEGMENT)], [false, SEGMENT]);
    assert.equal((await run()).buffer, null);
  });
});

describe('a store that is full', () => {
  for (const n of [0, 1, 3]) {
    test(`after ${n} segments has the bytes handed over and is emptied`, async (t) => {
      const { run, cache, bytes } = bench(t);
      fullFrom(cache, n);
      const { buffer, storage } = await run();
      assert.deepEqual(new Uint8Array(buffer), bytes);
      assert.deepEqual(storage, { code: 'storage-full', needed: 266, available: null });
      assert.equal(cache.entries.size, 0);
    });
  }
  test('only at the record, too', async (t) => {
    const { run, cache, bytes, requests } = bench(t);
    cache.before = (what) => {
      if (what === 'put record') throw QUOTA;
    };
    const { buffer } = await run();
    assert.deepEqual(new Uint8Array(buffer), bytes);
    assert.deepEqual([requests.length, cache.entries.size], [5, 0], 'what was stored is taken from there');
  });
  test('and says so beforehand is not written to', async (t) => {
    const estimate = async () => ({ quota: 1000, usage: 800 });
    const { run, cache, bytes } = bench(t, { navigator: { storage: { estimate } } });
    const { buffer, storage } = await run();
    assert.deepEqual(new Uint8Array(buffer), bytes);
    assert.deepEqual(storage, { code: 'storage-full', needed: 266, available: 200 });
    assert.deepEqual(cache.did('put'), []);
  });
  test('but has room for the rest is used', async (t) => {
    const estimate = async () => ({ quota: 1000, usage: 800 });
    const { run, keep } = bench(t, { navigator: { storage: { estimate } } });
    await keep(0, 1);
    assert.deepEqual(await run(), { buffer: null, received: 138, storage: null });
  });
});

test('a store that is broken costs nothing but the next visit’s head start', async (t) => {
  const { run, cache, bytes } = bench(t);
  cache.before = () => {
    throw new DOMException('Internal error opening backing store', 'UnknownError');
  };
  const { buffer, storage } = await run();
  assert.deepEqual(new Uint8Array(buffer), bytes);
  assert.equal(storage.code, 'storage-failed');
});

describe('tabs that want the same file at once', () => {
  /** Web Locks, as much of them as is used. */
  function fakeLocks() {
    const tails = new Map();
    return {
      async request(name, { signal }, work) {
        signal.throwIfAborted();
        const before = tails.get(name) ?? Promise.resolve();
        const mine = before.then(() => {
          signal.throwIfAborted();
          return work();
        });
        tails.set(name, mine.catch(() => {}));
        const aborted = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
        return Promise.race([mine, aborted]);
      },
    };
  }

  test('share one download', async (t) => {
    const { start, requests } = bench(t, { navigator: { locks: fakeLocks() } });
    const both = await hurry(t, Promise.all([start(), start()]));
    assert.deepEqual(both.map(({ received }) => received), [266, 0]);
    assert.equal(requests.length, 5);
  });
  test('take over from each other', async (t) => {
    const { start, store, file } = bench(t, { navigator: { locks: fakeLocks() }, fault: (_, n) => n === 0 && new Response('', { status: 404 }) });
    const first = start();
    const second = start();
    await assert.rejects(first, { code: 'http-status' });
    assert.equal((await hurry(t, second)).buffer, null);
    assert.equal(await store.has(file), true);
  });
  test('need not wait', async (t) => {
    const { start } = bench(t, { navigator: { locks: fakeLocks() }, fault: () => ({ hangsAt: 0 }) });
    const [first, second] = [new AbortController(), new AbortController()];
    const working = start({ signal: first.signal });
    const waiting = start({ signal: second.signal });
    await settle();
    second.abort();
    await assert.rejects(waiting, { code: 'cancelled' });
    await assert.rejects(start({ signal: AbortSignal.abort() }), { code: 'cancelled' });
    first.abort();
    await assert.rejects(working, { code: 'cancelled' });
  });
});
