import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

import { until } from './worker-pair.js';

const SCOPE = 'https://mattebox.test/sub/';
const TEMPLATE = ['sw.js', 'sw-share.js'].map((name) => readFileSync(new URL(`../../server/templates/${name}`, import.meta.url), 'utf8')).join('\n');
const SHELL = 'mattebox-shell-new-1 /sub/';
const FILES = ['./', 'api.js', 'catalog.json', 'assets/new/shell.archive', 'runtime/1/a.mjs', 'runtime/1/b.mjs'];
const WORDS = ['assets/new/shell.de.archive', 'assets/new/shell.fr.archive'];
const table = (paths) => Object.fromEntries(paths.map((path) => [path, 'sha256-x']));

/** The template as the server fills it in, in a browser whose caches are maps; `bodies` by path, empty for all else. */
function worker({ shells = {}, bodies = {}, fails = () => false, active = null, locks = undefined } = {}) {
  const kept = new Map(Object.entries(shells).map(([name, urls]) => [name, new Set(urls)]));
  const seen = { listed: [], requests: [], read: [], turns: [] };
  const open = async (name) => {
    if (!kept.has(name)) kept.set(name, new Set());
    return {
      keys: async () => (seen.listed.push(name), [...kept.get(name)].map((url) => ({ url }))),
      put: async (url) => void kept.get(name).add(String(url)),
    };
  };
  const match = async (url) => {
    const body = bodies[url.slice(SCOPE.length)];
    if (!body || ![...kept.values()].some((urls) => urls.has(url))) return undefined;
    seen.read.push(url);
    return new Response(body);
  };
  const fetching = async (asked, options = {}) => {
    const url = String(asked.url ?? asked);
    if (url === 'data:,') throw new TypeError('refused');
    seen.requests.push([url, options.priority]);
    await new Promise((resolve) => { setImmediate(resolve); });
    return { ok: !fails(url), status: 200, headers: { get: () => 'closed' } };
  };
  const listeners = {};
  const self = { addEventListener: (type, listener) => { listeners[type] ??= listener; }, registration: { scope: SCOPE, active }, clients: { matchAll: async () => [{ url: SCOPE }], claim: async () => void seen.turns.push('claimed') }, skipWaiting: async () => void seen.turns.push('skips waiting') };
  const filled = TEMPLATE.replace('{{ version }}', 'new-1').replace('{{ files | tojson }}', JSON.stringify(table(FILES))).replace('{{ languages | tojson }}', JSON.stringify(table(WORDS)))
    .replace('{{ policies | tojson }}', '{}').replace('{{ closed | tojson }}', '"closed"');
  vm.runInNewContext(filled, { self, caches: { open, keys: async () => [...kept.keys()], match, delete: async (name) => kept.delete(name) }, fetch: fetching, URL, Response, AbortSignal, TextDecoder, navigator: { locks }, setTimeout: (act, ms) => { if (ms < 2000) setImmediate(act); } });
  const install = () => new Promise((resolve, reject) => { listeners.install({ waitUntil: (work) => work.then(resolve, reject) }); });
  const activate = () => new Promise((resolve) => { listeners.activate({ waitUntil: (work) => work.then(resolve) }); });
  const ask = (data) => new Promise((resolve) => { listeners.message({ data, ports: [{ postMessage: resolve }], waitUntil() {} }); });
  const get = (path, asked = {}) => new Promise((resolve) => { listeners.fetch({ request: { url: SCOPE + path, method: 'GET', mode: 'cors', ...asked }, respondWith: resolve }); });
  return { install, activate, ask, get, kept, seen, paths: () => [...kept.get(SHELL)].map((url) => url.slice(SCOPE.length) || './') };
}

test('the shell is fetched behind what the page asks for, the documents last', async () => {
  const { install, paths, seen } = worker();
  await install();
  assert.deepEqual(paths().toSorted(), FILES.toSorted());
  assert.ok(seen.requests.every(([, priority]) => priority === 'low'));
  assert.deepEqual(seen.requests.slice(-3).map(([url]) => url), [SCOPE, `${SCOPE}api.js`, `${SCOPE}catalog.json`]);
});

/** An archive as server/shell.py packs it, by hand. */
const archive = (files) => `${JSON.stringify({ headers: [{ 'Content-Type': 'text/javascript', 'X-Realm': 'closed' }, { 'Content-Type': 'text/javascript', 'X-Realm': 'model' }], files: files.map(([name, text, kind = 0]) => [name, Buffer.byteLength(text), kind]) })}\n${files.map(([, text]) => text).join('')}`;

test('a file of a tree comes from the archive of its release and language, with its own headers', async () => {
  const old = 'mattebox-shell-old-1 /sub/';
  const bodies = {
    'assets/new/shell.archive': archive([['main.js', 'größer\n{}'], ['workers/model.js', 'new model', 1], ['empty.js', '']]),
    'assets/new/shell.de.archive': archive([['messages/de/first.js', 'hallo']]),
    'assets/old/shell.archive': archive([['main.js', 'old']]),
    'runtime/1/a.mjs': 'glue',
  };
  const { get, seen } = worker({ bodies, shells: { [SHELL]: [...FILES, WORDS[0]].map((path) => SCOPE + path), [old]: [`${SCOPE}assets/old/shell.archive`] } });
  const answers = await Promise.all(['assets/new/main.js', 'assets/new/workers/model.js', 'assets/new/empty.js', 'assets/new/messages/de/first.js', 'assets/old/main.js', 'runtime/1/a.mjs'].map((path) => get(path)));
  assert.deepEqual(await Promise.all(answers.map((answer) => answer.text())), ['größer\n{}', 'new model', '', 'hallo', 'old', 'glue']);
  assert.deepEqual(answers.slice(0, 5).map(({ headers }) => headers.get('x-realm')), ['closed', 'model', 'closed', 'closed', 'closed']);
  assert.deepEqual(seen.requests, []);
  // Each archive is read once, however many ask.
  assert.equal(seen.read.length, 4);
});

test('what no archive holds, and what is asked of one that is gone, comes from the network', async () => {
  const { get, seen, kept } = worker({ bodies: { 'assets/new/shell.archive': archive([['main.js', '']]) }, shells: { [SHELL]: [] } });
  const asked = ['assets/new/main.js', 'assets/new/icon.svg', 'assets/new/main.js?probe', 'assets/other/main.js', 'assets/new/messages/fr/first.js'];
  await Promise.all(asked.map((path) => get(path)));
  kept.get(SHELL).add(`${SCOPE}assets/new/shell.archive`);
  assert.equal(await (await get('assets/new/main.js')).text(), '');
  await get('assets/new/main.js?more');
  assert.deepEqual(seen.requests.map(([url]) => url.slice(SCOPE.length)).toSorted(), [...asked, 'assets/new/main.js?more'].toSorted());
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
  const { install, paths } = worker({ fails: (url) => url.endsWith('shell.archive') });
  await assert.rejects(install(), /shell\.archive/);
  await until(() => paths().length === 2);
  assert.deepEqual(paths(), ['runtime/1/a.mjs', 'runtime/1/b.mjs']);
});

test('another worker is followed when no part of a page is being loaded, and parts then wait until pages have changed', async () => {
  let loading = 3;
  const asked = [];
  const { install, activate, seen } = worker({
    active: {},
    locks: {
      request: async (name, { ifAvailable }, held) => {
        asked.push([name, ifAvailable]);
        if (loading-- > 0) return held(null);
        seen.turns.push('held');
        await held({ name });
        return seen.turns.push('let go');
      },
    },
  });
  await install();
  assert.deepEqual(seen.turns, ['held', 'skips waiting']);
  assert.deepEqual(asked, Array.from({ length: 4 }, () => ['mattebox-loading', true]));
  await activate();
  await until(() => seen.turns.length === 4);
  assert.deepEqual(seen.turns, ['held', 'skips waiting', 'claimed', 'let go']);
});

for (const [what, request, tries] of [
  ['a page that never stops loading', async (_name, _how, held) => held(null), 300],
  ['locks that are refused', async () => { throw new Error('SecurityError'); }, 1],
]) {
  test(`${what} does not keep a release back`, async () => {
    let count = 0;
    const { install, seen } = worker({ active: {}, locks: { request: (...given) => { count += 1; return request(...given); } } });
    await install();
    assert.deepEqual([seen.turns, count], [['skips waiting'], tries]);
  });
}

for (const [what, given] of [['the first worker of all', { locks: { request: () => assert.fail() } }], ['a browser without locks', { active: {} }]]) {
  test(`${what} waits for nobody`, async () => {
    const { install, seen } = worker(given);
    await install();
    assert.deepEqual(seen.turns, ['skips waiting']);
  });
}

test('looks take turns: what is missing is fetched by one of them, and other releases are removed', async () => {
  const shells = { [SHELL]: FILES.slice(0, -1).map((path) => new URL(path, SCOPE).href), 'mattebox-shell-old-1 /sub/': [`${SCOPE}assets/old/file.js`] };
  const { ask, kept, seen } = worker({ shells });
  const told = await Promise.all([1, 2, 3].map(() => ask({ ask: 'state', release: 'new-1', language: 'en' })));
  assert.deepEqual(told.map(({ isWhole }) => isWhole), [true, true, true]);
  assert.deepEqual(seen.requests.map(([url]) => url), [SCOPE + FILES.at(-1)]);
  assert.deepEqual([...kept.keys()], [SHELL]);
});
