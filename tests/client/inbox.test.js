import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Inbox } from '../../client/page/inbox.js';

const SITE = new URL('https://mattebox.test/sub/');
const NAME = 'mattebox-inbox /sub/';
const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;

/** Cache Storage with what the service worker put there. @param {{ name: string, text: string, age?: number }[]} photos */
function caches(photos) {
  const entries = new Map(photos.map(({ name, text, age = 0 }, i) => [
    `${SITE.href}inbox/${i}`,
    { text, headers: { 'content-type': 'image/png', 'x-name': encodeURIComponent(name), 'x-shared-at': `${NOW - age}` } },
  ]));
  const cache = {
    keys: async () => [...entries.keys()],
    match: async (key) => entries.has(key) ? new Response(entries.get(key).text, { headers: entries.get(key).headers }) : undefined,
    delete: async (key) => entries.delete(key),
  };
  return { entries, has: async (name) => name === NAME, open: async (name) => (name === NAME ? cache : assert.fail(name)) };
}

/** @returns what reached the page, and the inbox */
function inbox(scope = {}) {
  const told = { photos: [], troubles: [], shortcuts: [] };
  const hooks = {
    onPhotos: (files) => told.photos.push(files),
    onTrouble: (trouble) => told.troubles.push(trouble),
    onShortcut: (name) => told.shortcuts.push(name),
  };
  return { told, inbox: new Inbox(hooks, { site: SITE, caches: caches([]), now: () => NOW, ...scope }) };
}

test('shared photos are handed over together, with their names and types, and are gone afterwards', async () => {
  const storage = caches([{ name: 'Ünder 100 %.png', text: 'one' }, { name: 'two.png', text: 'two' }]);
  const { told, inbox: it } = inbox({ caches: storage });
  await it.start('');
  assert.deepEqual(told.photos.map((files) => files.map(({ name, type }) => [name, type])), [[['Ünder 100 %.png', 'image/png'], ['two.png', 'image/png']]]);
  assert.equal(await told.photos[0][1].text(), 'two');
  assert.equal(storage.entries.size, 0);
});

test('of two pages that look at once, each photo goes to one', async () => {
  const storage = caches([{ name: 'a', text: 'a' }, { name: 'b', text: 'b' }, { name: 'c', text: 'c' }]);
  const pages = [inbox({ caches: storage }), inbox({ caches: storage })];
  await Promise.all(pages.map(({ inbox: it }) => it.start('')));
  const names = pages.flatMap(({ told }) => told.photos.flat().map(({ name }) => name));
  assert.deepEqual(names.toSorted(), ['a', 'b', 'c']);
});

test('what nobody came for within the hour is thrown away', async () => {
  const storage = caches([{ name: 'old', text: 'x', age: HOUR }, { name: 'new', text: 'x', age: HOUR - 1 }]);
  const { told, inbox: it } = inbox({ caches: storage });
  await it.start('');
  assert.deepEqual(told.photos.map((files) => files.map(({ name }) => name)), [['new']]);
  assert.equal(storage.entries.size, 0);
});

test('an empty inbox, one that is blocked and none at all say nothing', async () => {
  const blocked = { has: () => Promise.reject(new DOMException('blocked', 'SecurityError')) };
  for (const storage of [caches([]), blocked, undefined]) {
    const { told, inbox: it } = inbox({ caches: storage });
    await it.start('');
    assert.deepEqual(told, { photos: [], troubles: [], shortcuts: [] });
  }
});

test('files that are opened with the app, those that cannot be read, and shortcuts', async () => {
  let consumer = () => {};
  const { told, inbox: it } = inbox({ launches: { setConsumer: (given) => { consumer = given; } } });
  await it.start('');
  const readable = { getFile: async () => new File(['x'], 'x.png') };
  const gone = { getFile: () => Promise.reject(new DOMException('gone', 'NotFoundError')) };
  for (const launch of [{ files: [readable, gone], targetURL: SITE.href }, { files: [gone] }, { targetURL: `${SITE.href}#stored` }, {}]) consumer(launch);
  await new Promise((resolve) => { setImmediate(resolve); });
  assert.deepEqual(told.photos.map((files) => files.map(({ name }) => name)), [['x.png']]);
  assert.deepEqual(told.troubles, ['unreadable', 'unreadable']);
  assert.deepEqual(told.shortcuts, ['stored']);
});

test('the service worker tells what came of a share by the fragment', async () => {
  for (const fragment of ['#nothing-shared', '#share-failed', '#diagnostics']) {
    const { told, inbox: it } = inbox();
    await it.start(fragment);
    assert.deepEqual([...told.troubles, ...told.shortcuts], [fragment.slice(1)]);
  }
});
