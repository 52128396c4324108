import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

import { until } from './worker-pair.js';

const SCOPE = 'https://mattebox.test/sub/';
const TEMPLATE = readFileSync(new URL('../../server/templates/sw.js', import.meta.url), 'utf8');
const SHELL = 'mattebox-shell-new-1 /sub/';
const FILES = ['./', 'api.js', 'catalog.json', ...Array.from({ length: 40 }, (_, i) => `assets/new/file-${i}.js`)];
const WORDS = ['assets/new/messages/de/first.js', 'assets/new/messages/fr/first.js'];
const table = (paths) => Object.fromEntries(paths.map((path) => [path, 'sha256-x']));

/** The template as the server fills it in, in a browser whose caches are maps. */
function worker({ shells = {}, fails = () => false } = {}) {
  const kept = new Map(Object.entries(shells).map(([name, urls]) => [name, new Set(urls)]));
  const seen = { listed: [], requests: [], most: 0 };
  const open = async (name) => {
    if (!kept.has(name)) kept.set(name, new Set());
    return {
      keys: async () => (seen.listed.push(name), [...kept.get(name)].map((url) => ({ url }))),
      put: async (url) => void kept.get(name).add(String(url)),
    };
  };
  let under = 0;
  const fetching = async (url, options = {}) => {
    if (String(url) === 'data:,') throw new TypeError('refused');
    seen.requests.push([String(url), options.priority]);
    under += 1;
    seen.most = Math.max(seen.most, under);
    await new Promise((resolve) => { setImmediate(resolve); });
    under -= 1;
    return { ok: !fails(String(url)), status: 200, headers: { get: () => 'closed' } };
  };
  const listeners = {};
  const self = { addEventListener: (type, listener) => { listeners[type] = listener; }, registration: { scope: SCOPE }, clients: { matchAll: async () => [{ url: SCOPE }] }, skipWaiting: async () => {} };
  const filled = TEMPLATE.replace('{{ version }}', 'new-1').replace('{{ files | tojson }}', JSON.stringify(table(FILES))).replace('{{ languages | tojson }}', JSON.stringify(table(WORDS)))
    .replace('{{ policies | tojson }}', '{}').replace('{{ closed | tojson }}', '"closed"');
  vm.runInNewContext(filled, { self, caches: { open, keys: async () => [...kept.keys()], match: async () => undefined, delete: async (name) => kept.delete(name) }, fetch: fetching, URL, Response, AbortSignal });
  const install = () => new Promise((resolve, reject) => { listeners.install({ waitUntil: (work) => work.then(resolve, reject) }); });
  const ask = (data) => new Promise((resolve) => { listeners.message({ data, ports: [{ postMessage: resolve }], waitUntil() {} }); });
  return { install, ask, kept, seen, paths: () => [...kept.get(SHELL)].map((url) => url.slice(SCOPE.length) || './') };
}

test('the shell is fetched a few files at a time, the documents last', async () => {
  const { install, paths, seen } = worker();
  await install();
  assert.deepEqual(paths().toSorted(), FILES.toSorted());
  assert.ok(seen.most > 1 && seen.most <= 8, `${seen.most} at a time`);
  assert.ok(seen.requests.every(([, priority]) => priority === 'low'));
  assert.deepEqual(seen.requests.slice(-3).map(([url]) => url), [SCOPE, `${SCOPE}api.js`, `${SCOPE}catalog.json`]);
});

test('what is here already is not fetched again, and a language that an earlier release kept is kept', async () => {
  const { install, paths, seen } = worker({
    shells: { [SHELL]: FILES.slice(3).map((path) => SCOPE + path), 'mattebox-shell-old-1 /sub/': [`${SCOPE}assets/old/messages/de/first.js`], 'mattebox-shell-old-1 /other/': [`${SCOPE}assets/old/messages/fr/first.js`] },
  });
  await install();
  assert.equal(seen.requests.length, 4);
  assert.ok(paths().includes(WORDS[0]) && !paths().includes(WORDS[1]));
  // Before and after, each shell of this site once.
  assert.deepEqual(seen.listed, [SHELL, 'mattebox-shell-old-1 /sub/', SHELL, 'mattebox-shell-old-1 /sub/']);
});

test('a file that cannot be had fails the install, and what came is kept for the next try', async () => {
  const { install, paths } = worker({ fails: (url) => url.endsWith('file-3.js') });
  await assert.rejects(install(), /file-3\.js/);
  await until(() => paths().length === 39);
  assert.deepEqual(['assets/new/file-3.js', 'catalog.json'].filter((path) => paths().includes(path)), []);
});

test('looks take turns: what is missing is fetched by one of them, and other releases are removed', async () => {
  const shells = { [SHELL]: FILES.slice(0, -1).map((path) => new URL(path, SCOPE).href), 'mattebox-shell-old-1 /sub/': [`${SCOPE}assets/old/file.js`] };
  const { ask, kept, seen } = worker({ shells });
  const told = await Promise.all([1, 2, 3].map(() => ask({ ask: 'state', release: 'new-1', language: 'en' })));
  assert.deepEqual(told.map(({ isWhole }) => isWhole), [true, true, true]);
  assert.deepEqual(seen.requests.map(([url]) => url), [SCOPE + FILES.at(-1)]);
  assert.deepEqual([...kept.keys()], [SHELL]);
});
