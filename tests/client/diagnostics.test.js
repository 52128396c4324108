import 'fake-indexeddb/auto';

import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';

import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { openDB } from 'idb';

import { soundEntry } from '../../client/engine/diagnostics-entry.js';
import { Diagnostics } from '../../client/engine/diagnostics.js';

const library = () => import('idb');
const tab = (rest = {}) => new Diagnostics({ library, ...rest });
const entry = (at, rest = {}) => ({ ...soundEntry({ at, kind: 'cutout' }), ...rest });
const times = async (diagnostics) => (await diagnostics.list()).map(({ at }) => at);
const refusing = (name) => ({
  library: async () => ({
    openDB: async () => {
      throw new DOMException('', name);
    },
  }),
});

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe('the ring', () => {
  test('gives back what was added, newest first, without anyone waiting', async () => {
    const diagnostics = tab();
    for (const at of [1, 2, 3]) void diagnostics.add(entry(at));
    assert.deepEqual(await times(diagnostics), [3, 2, 1]);
    const [latest] = await diagnostics.list();
    assert.deepEqual(latest, entry(3));
    assert.equal(diagnostics.trouble, null);
  });

  test('fetches nothing for an entry once it is prepared', async () => {
    let fetched = 0;
    const diagnostics = tab({ library: () => ((fetched += 1), library()) });
    await diagnostics.prepare();
    assert.equal(fetched, 1);
    await diagnostics.add(entry(1));
    assert.deepEqual([fetched, await times(diagnostics)], [1, [1]]);
  });

  test('outlives the page', async () => {
    await tab().add(entry(1, { kind: 'preload', error: { code: 'gpu-lost', details: { reason: 'unknown' } } }));
    assert.deepEqual(await tab().list(), [entry(1, { kind: 'preload', error: { code: 'gpu-lost', details: { reason: 'unknown' } } })]);
  });

  test('is as it was when it was added', async () => {
    const diagnostics = tab();
    const given = entry(1);
    const adding = diagnostics.add(given);
    given.report.reason = 'changed-later';
    await adding;
    assert.equal((await diagnostics.list())[0].report.reason, '');
  });

  test('holds the last 200, those of both tabs together', async () => {
    const tabs = [tab(), tab()];
    await Promise.all(Array.from({ length: 230 }, (_, i) => tabs[i % 2].add(entry(i))));
    const kept = await times(tab());
    assert.equal(kept.length, 200);
    assert.equal(kept[0], 229);
    // Which of two neighbours is written first is the tabs' affair.
    assert.ok(Math.abs(kept.at(-1) - 30) <= 2, `${kept.at(-1)}`);
  });

  test('shows one tab what the other did, and is cleared for both', async () => {
    const [one, two] = [tab(), tab()];
    await one.add(entry(1));
    await two.add(entry(2));
    assert.deepEqual(await times(one), [2, 1]);
    assert.equal(await one.clear(), true);
    assert.deepEqual(await times(two), []);
    await two.add(entry(3));
    assert.deepEqual(await times(one), [3]);
  });

  test('is loaded by nobody but who uses it', async () => {
    let loads = 0;
    const diagnostics = tab({ library: () => (loads++, import('idb')) });
    assert.equal(loads, 0);
    await diagnostics.add(entry(1));
    await diagnostics.add(entry(2));
    assert.equal(loads, 1);
  });

  test('leaves out what is no entry, and what something else has stored', async () => {
    const diagnostics = tab();
    await diagnostics.add(entry(1));
    const database = await openDB('mattebox-diagnostics');
    for (const foreign of ['text', null, 7, [], {}, { at: 'x', kind: 'cutout' }, { at: 5, kind: 'other' }]) await database.add('entries', foreign);
    database.close();
    for (const given of [null, undefined, 'text', { at: NaN, kind: 'cutout' }, entry(1, { kind: 'other' })]) await diagnostics.add(given);
    assert.deepEqual(await times(diagnostics), [1]);
  });
});

describe('a database that cannot be had', () => {
  test('none at all: memory', async () => {
    delete globalThis.indexedDB;
    const diagnostics = tab();
    for (const at of [1, 2]) await diagnostics.add(entry(at));
    assert.deepEqual(await times(diagnostics), [2, 1]);
    assert.equal(diagnostics.trouble, 'no-indexeddb');
    assert.equal(await diagnostics.clear(), true);
    assert.deepEqual(await times(diagnostics), []);
  });

  test('its very name throws: memory', async () => {
    const real = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB');
    Object.defineProperty(globalThis, 'indexedDB', {
      configurable: true,
      get() {
        throw new DOMException('', 'SecurityError');
      },
    });
    try {
      const diagnostics = tab();
      await diagnostics.add(entry(1));
      assert.deepEqual(await times(diagnostics), [1]);
      assert.equal(diagnostics.trouble, 'no-indexeddb');
    } finally {
      Object.defineProperty(globalThis, 'indexedDB', real);
    }
  });

  for (const [name, trouble] of [
    ['QuotaExceededError', 'storage-full'],
    ['SecurityError', 'storage-failed'],
    ['InvalidStateError', 'storage-failed'],
    ['UnknownError', 'storage-failed'],
  ]) {
    test(`${name}: memory, no more than fits, and the reason`, async () => {
      const diagnostics = tab(refusing(name));
      for (let at = 0; at < 210; at++) void diagnostics.add(entry(at));
      const kept = await times(diagnostics);
      assert.deepEqual([kept.length, kept[0], kept.at(-1)], [200, 209, 10]);
      assert.equal(diagnostics.trouble, trouble);
      assert.equal(await diagnostics.clear(), false);
      assert.deepEqual(await times(diagnostics), []);
    });
  }

  test('its module does not come: memory', async () => {
    const diagnostics = tab({ library: () => Promise.reject(new TypeError('Failed to fetch')) });
    await diagnostics.add(entry(1));
    assert.deepEqual(await times(diagnostics), [1]);
    assert.equal(diagnostics.trouble, 'storage-failed');
  });

  test('it never answers: memory, and nobody waits twice', async () => {
    let asked = 0;
    const silent = () => (asked++, new Promise(() => {}));
    const diagnostics = tab({ library: async () => ({ openDB: silent }), patienceMs: 20 });
    for (const at of [1, 2, 3]) void diagnostics.add(entry(at));
    assert.deepEqual(await times(diagnostics), [3, 2, 1]);
    assert.deepEqual([diagnostics.trouble, asked], ['storage-slow', 1]);
  });

  test('it comes back: both are listed', async () => {
    let fails = true;
    const diagnostics = tab({ library: () => (fails ? Promise.reject(new TypeError()) : import('idb')) });
    await diagnostics.add(entry(1));
    fails = false;
    await diagnostics.add(entry(2));
    assert.deepEqual(await times(diagnostics), [2, 1]);
    assert.equal(diagnostics.trouble, null);
  });

  test('full from one entry to the next: the reason is not lost', async () => {
    const diagnostics = tab();
    await diagnostics.add(entry(1));
    const { add } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('', 'QuotaExceededError');
    };
    try {
      await diagnostics.add(entry(2));
      assert.equal(diagnostics.trouble, 'storage-full');
      assert.deepEqual(await times(diagnostics), [2, 1]);
    } finally {
      IDBObjectStore.prototype.add = add;
    }
  });
});

describe('another tab changes the database', () => {
  test('a newer version of the page is let through at once, and this tab goes on from memory', async () => {
    const diagnostics = tab();
    await diagnostics.add(entry(1));
    let blocked = false;
    const newer = await openDB('mattebox-diagnostics', 2, { blocked: () => (blocked = true) });
    assert.equal(blocked, false);
    await diagnostics.add(entry(2));
    assert.deepEqual(await times(diagnostics), [2]);
    assert.equal(diagnostics.trouble, 'storage-failed');
    newer.close();
  });

  test('a connection that was closed is opened again', async () => {
    const opened = [];
    const diagnostics = tab({ library: async () => ({ openDB: async (...args) => (opened.push(await openDB(...args)), opened.at(-1)) }) });
    await diagnostics.add(entry(1));
    opened[0].close();
    await diagnostics.add(entry(2));
    assert.deepEqual(await times(diagnostics), [2, 1]);
    assert.deepEqual([opened.length, diagnostics.trouble], [2, null]);
  });

  test('a person deletes the site’s data: it starts over', async () => {
    const diagnostics = tab();
    await diagnostics.add(entry(1));
    await (await library()).deleteDB('mattebox-diagnostics');
    assert.deepEqual(await times(diagnostics), []);
    await diagnostics.add(entry(2));
    assert.deepEqual(await times(diagnostics), [2]);
  });
});
