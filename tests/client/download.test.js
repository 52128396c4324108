import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { download } from '../../client/delivery/download.js';
import { MatteboxError } from '../../client/shared/errors.js';
import { hurry, serveFile } from './file-server.js';
import { sampleFile } from './memory-cache.js';
import { settle, until } from './worker-pair.js';

const SEGMENT = 64;
const URL_OF = 'https://mattebox.test/models/sample.onnx';

/** A download of a file of 5 segments, the last one short, into memory. */
function bench(t, { length = 4 * SEGMENT + 10, present = [], isStored = false, put, compressed = false, ...server } = {}) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const sample = sampleFile(length, SEGMENT);
  const file = compressed ? { ...sample.file, download: 99 } : sample.file;
  const served = serveFile(t, sample, server);
  const whole = new Uint8Array(length);
  const order = [];
  const progress = [];
  const count = { received: 0 };
  const controller = new AbortController();
  const sink = {
    isStored,
    present: async () => file.segments.map((_, index) => present.includes(index)),
    async put(index, bytes) {
      await put?.(index, controller);
      order.push(index);
      whole.set(bytes, index * SEGMENT);
    },
  };
  for (const index of present) whole.set(sample.bytes.subarray(index * SEGMENT, (index + 1) * SEGMENT), index * SEGMENT);
  const start = () =>
    download(URL_OF, file, {
      segmentBytes: SEGMENT,
      signal: controller.signal,
      sink,
      onProgress: (bytes) => progress.push(bytes),
      onReceived: (bytes) => (count.received += bytes),
    });
  return { ...served, ...sample, file, start, run: () => hurry(t, start()), whole, order, progress, count, controller };
}

describe('in one stream, cut at the right places whatever the pieces', () => {
  for (const how of [{ compressed: true }, { knowsRanges: false }]) {
    for (const size of [1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT + 5, 10_000]) {
      test(`${Object.keys(how)}, ${size} bytes a piece`, async (t) => {
        const { run, bytes, whole, order, progress } = bench(t, { ...how, size });
        await run();
        assert.deepEqual(order, [0, 1, 2, 3, 4]);
        assert.deepEqual(whole, bytes);
        assert.equal(progress.at(-1), bytes.length);
        assert.deepEqual(progress.toSorted((a, b) => a - b), progress);
      });
    }
  }
  test('a file of one segment is asked for without a range', async (t) => {
    const { run, bytes, whole, requests } = bench(t, { length: 30 });
    await run();
    assert.deepEqual(whole, bytes);
    assert.deepEqual(requests.map(({ url, from, redirect, cache }) => [url, from, redirect, cache]), [[URL_OF, undefined, 'manual', 'default']]);
  });
  test('a segment is put while the next one comes, one at a time', async (t) => {
    const state = { open: 0, most: 0, hereAtFirst: 0 };
    const made = bench(t, { compressed: true, size: 8, put: async (index) => {
      state.most = Math.max(state.most, ++state.open);
      for (let turns = 0; turns < 40; turns++) await settle();
      if (index === 0) state.hereAtFirst = made.progress.at(-1);
      state.open--;
    } });
    await made.run();
    assert.equal(state.most, 1);
    assert.equal(state.hereAtFirst, 2 * SEGMENT);
    assert.deepEqual([made.order, made.whole], [[0, 1, 2, 3, 4], made.bytes]);
  });
  for (const bad of [0, 4]) {
    test(`segment ${bad}, which cannot be put, ends it`, async (t) => {
      const full = new MatteboxError('storage-full', { name: 'sample.onnx' });
      const { run, order } = bench(t, { compressed: true, put: async (index) => { if (index === bad) throw full; } });
      await assert.rejects(run(), { code: 'storage-full' });
      assert.deepEqual(order, [0, 1, 2, 3, 4].slice(0, bad));
    });
  }
  test('segments that are here are not put again', async (t) => {
    const { run, order } = bench(t, { knowsRanges: false, present: [0, 3] });
    await run();
    assert.deepEqual(order, [1, 2, 4]);
  });
});

describe('in ranges', () => {
  test('each segment once, three at a time', async (t) => {
    const { run, bytes, whole, order, spans, state, count } = bench(t, { size: 7 });
    await run();
    assert.deepEqual(whole, bytes);
    assert.deepEqual(order.toSorted(), [0, 1, 2, 3, 4]);
    assert.deepEqual(spans().toSorted((a, b) => a[0] - b[0]), [[0, 63], [64, 127], [128, 191], [192, 255], [256, 265]]);
    assert.equal(state.most, 3);
    assert.equal(count.received, bytes.length);
  });
  test('only what is missing, and progress counts what is here', async (t) => {
    const { run, bytes, whole, spans, progress, count } = bench(t, { present: [0, 2, 3] });
    await run();
    assert.deepEqual(whole, bytes);
    assert.deepEqual(spans(), [[64, 127], [256, 265]]);
    assert.ok(progress[0] > 3 * SEGMENT);
    assert.deepEqual([progress.at(-1), count.received], [bytes.length, 74]);
  });
  for (const options of [{ present: [0, 1, 2, 3, 4] }, { present: [0], length: 20 }, { present: [0, 1, 2, 3, 4], compressed: true }]) {
    test(`nothing when all is here: ${JSON.stringify(options)}`, async (t) => {
      const { run, requests } = bench(t, options);
      await run();
      assert.equal(requests.length, 0);
    });
  }
  test('a connection that breaks goes on from its last byte', async (t) => {
    const { run, bytes, whole, spans, count } = bench(t, { present: [0, 2, 3, 4], fault: (_, n) => n === 0 && { size: 10, breaksAt: 40 } });
    await run();
    assert.deepEqual(whole, bytes);
    assert.deepEqual(spans(), [[64, 127], [104, 127]]);
    assert.equal(count.received, SEGMENT);
  });
  test('a range that failed its check is fetched again from its beginning', async (t) => {
    const corrupt = (_, n) => n === 0 && new Response(new Uint8Array(SEGMENT), { status: 206, headers: { 'Content-Range': 'bytes 64-127/266' } });
    const { run, bytes, whole, spans, count } = bench(t, { present: [0, 2, 3, 4], fault: corrupt });
    await run();
    assert.deepEqual(whole, bytes);
    assert.deepEqual(spans(), [[64, 127], [64, 127]]);
    assert.equal(count.received, 2 * SEGMENT);
  });
  test('one that fails for good ends the others', async (t) => {
    const { start, requests } = bench(t, { fault: (_, n) => (n === 1 ? new Response('', { status: 404 }) : { hangsAt: 5 }) });
    await assert.rejects(start(), { code: 'http-status' });
    assert.deepEqual([requests.length, requests.every(({ signal }) => signal.aborted)], [3, true]);
  });
});

describe('the HTTP cache', () => {
  const caches = async (t, options) => {
    const { run, requests } = bench(t, { length: 30, ...options, fault: (_, n) => n === 0 && { breaksAt: 3 } });
    await run();
    return requests.map(({ cache }) => cache);
  };
  test('may help where nothing is stored, but not twice', async (t) => {
    assert.deepEqual(await caches(t), ['default', 'reload']);
  });
  test('keeps no second copy of what is stored', async (t) => {
    assert.deepEqual(await caches(t, { isStored: true }), ['no-store', 'no-store']);
  });
});

describe('a sink that fails', () => {
  for (const length of [266, 30]) {
    test(`ends a download of ${length} bytes at once, without another try`, async (t) => {
      const full = new MatteboxError('storage-full', { name: 'sample.onnx', needed: length });
      const { run, requests } = bench(t, { length, put: () => Promise.reject(full) });
      await assert.rejects(run(), (error) => error === full);
      assert.ok(requests.length <= 3);
    });
  }
});

describe('cancelling', () => {
  for (const length of [266, 30]) {
    describe(`a download of ${length} bytes`, () => {
      test('before it begins asks for nothing', async (t) => {
        const { start, requests, controller } = bench(t, { length });
        controller.abort();
        await assert.rejects(start(), { code: 'cancelled' });
        assert.equal(requests.length, 0);
      });
      test('while it is found out what is here asks for nothing', async (t) => {
        const { start, requests, controller } = bench(t, { length });
        const running = start();
        controller.abort();
        await assert.rejects(running, { code: 'cancelled' });
        assert.equal(requests.length, 0);
      });
      test('in the middle of a body hangs up', async (t) => {
        const { start, requests, controller, progress } = bench(t, { length, fault: () => ({ size: 5, hangsAt: 20 }) });
        const running = start();
        await until(() => progress.length > 3);
        controller.abort();
        await assert.rejects(running, { code: 'cancelled' });
        assert.ok(requests.every(({ signal }) => signal.aborted));
      });
      test('while it waits for another try', async (t) => {
        const { start, requests, controller } = bench(t, { length, fault: () => new TypeError('Failed to fetch') });
        const running = start();
        await until(() => requests.length > 0);
        await settle();
        const before = requests.length;
        controller.abort();
        await assert.rejects(running, { code: 'cancelled' });
        t.mock.timers.tick(60_000);
        await settle();
        assert.equal(requests.length, before);
      });
    });
  }
  test('while a segment is being stored fetches no more of them', async (t) => {
    const { start, requests, order } = bench(t, { put: async (_, controller) => controller.abort() });
    await assert.rejects(start(), { code: 'cancelled' });
    await settle();
    assert.ok(requests.length <= 3 && order.length <= 3, `${requests.length} requests`);
  });
});
