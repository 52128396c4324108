import assert from 'node:assert/strict';
import { test } from 'node:test';

import '../../client/page/left-out.js';
import { Receiving } from '../../client/page/receiving.js';
import { standIn } from './stand-in.js';

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13);

/** @param {string} name @param {Uint8Array} [bytes] */
const photo = (name, bytes = PNG) => new File([bytes], name, { lastModified: 1_700_000_000_000 });

function pending() {
  let resolve;
  const promise = new Promise((done) => { resolve = done; });
  return { promise, resolve };
}

/** What is said of those that are left out is loaded before it is said. */
const told = () => new Promise((later) => { setTimeout(later); });

/** A list of photos, and what is said beside it. @param {Promise<unknown>} [areBack] */
function bench(areBack = Promise.resolve()) {
  const [list, said, notices] = [[], [], new Map()];
  const receiving = new Receiving({
    notices: { show: (key, _, words, action) => notices.set(key, { ...words, action }), hide: (key) => notices.delete(key) },
    announcer: { say: (words) => said.push(words), added: (count) => said.push(count) },
  }, {
    onPhoto: (file, folder) => list.push({ name: file.name, folder, modified: file.lastModified, input: file }),
    onAll: () => {},
    known: () => list,
    areBack,
  });
  return { receiving, list, said, notices, names: () => list.map(({ name }) => name) };
}

test('a photo that comes while photos come back is told where it is one of them', async () => {
  const { promise, resolve } = pending();
  const { receiving, list, notices, names } = bench(promise);
  const taking = receiving.take({ files: [photo('a.png'), photo('new.png')] });
  await new Promise((later) => { setTimeout(later); });
  assert.deepEqual(names(), []);
  list.push({ name: 'a.png', folder: '', modified: 1_700_000_000_000, input: new Blob([PNG]) });
  resolve();
  await taking;
  assert.deepEqual(names(), ['a.png', 'new.png']);
  await told();
  assert.equal(notices.get('again').title, '1 photo is here already: a.png.');
});

test('what comes at once twice is there once, and once more when it is wished', async (t) => {
  const { receiving, notices, names } = bench();
  // Each photo takes so long that the page may draw before the next.
  let now = 0;
  standIn(t, { document: { createElement: () => ({ setAttribute() {}, append() {} }) }, performance: { now: () => (now += 20) } });
  const many = Array.from({ length: 40 }, (_, n) => `${n}.png`);
  await Promise.all([receiving.take({ files: many.map((name) => photo(name)) }), receiving.take({ files: many.map((name) => photo(name)) })]);
  assert.deepEqual(names(), many);
  await told();
  notices.get('again').action.act();
  assert.deepEqual(names(), [...many, ...many]);
});

test('the same name with other bytes is another photo', async () => {
  const { receiving, names } = bench();
  await receiving.take({ files: [photo('a.png'), photo('a.png', Uint8Array.of(...PNG, 1)), photo('a.png', Uint8Array.of(...PNG.slice(0, -1), 1))] });
  assert.deepEqual(names(), ['a.png', 'a.png', 'a.png']);
});

test('nothing that was on its way comes after a fresh start', async () => {
  const { promise, resolve } = pending();
  const { receiving, said, names } = bench(promise);
  const taking = receiving.take({ files: [photo('a.png')] });
  receiving.stop();
  resolve();
  await taking;
  assert.deepEqual([names(), said], [[], []]);
});

test('one that cannot be taken in leaves the way to those that come after', async () => {
  const { receiving, names } = bench();
  await assert.rejects(receiving.take({ files: [null] }));
  await receiving.take({ files: [photo('b.png')] });
  assert.deepEqual(names(), ['b.png']);
});
