import assert from 'node:assert/strict';
import { test } from 'node:test';

import { choicesOf, qualityOf } from '../../client/page/choices.js';
import { after, first, MB, offer, offers } from './page-states.js';

const graph = (bytes) => ({ role: 'graph', bytes });
const plain = (id, title, files) => ({ id, title, files, parts: [{ model: id, role: 'detail', files }] });
const SMALL = plain('small', 'Small', [graph(2 * MB)]);
const LARGE = plain('large', 'Large', [graph(MB), { role: 'external-data', bytes: 87 * MB }]);
const speeds = () => ({ large: { medianMs: 2900, runs: 2 } });
const known = (models) => after(first(), { type: 'catalog', catalog: { default: 'small', models }, model: null }, offers({ small: offer('small', 0), large: offer('large', 88 * MB) }));

test('each model is offered with its cost and its speed here', () => {
  assert.deepEqual(choicesOf(known([SMALL, LARGE]), speeds).map(({ model, offer: { download }, speedMs }) => [model.id, download, speedMs]), [['small', 0, null], ['large', 88 * MB, 2900]]);
});

test('a tier has a plain word, and one that two models have does not tell them apart', () => {
  const all = [{ id: 'a', tier: 'instant' }, { id: 'b', tier: 'fast' }, { id: 'c', tier: 'fast' }, { id: 'd', tier: 'best' }, { id: 'e', tier: 'of its own' }];
  assert.deepEqual(all.map((model) => qualityOf(all, model)), [
    { quality: 'quick', isShared: false },
    { quality: 'finer', isShared: true },
    { quality: 'finer', isShared: true },
    { quality: 'finest', isShared: false },
    { quality: null, isShared: false },
  ]);
});

test('where nothing can be chosen, nobody asks how fast models are', () => {
  choicesOf(known([SMALL]), () => assert.fail('asked'));
});

test('one whose cost is not known is offered all the same', () => {
  assert.equal(choicesOf(after(known([SMALL, LARGE]), offers({ small: offer('small', 0), large: null })), speeds)[1].offer, null);
});

test('what a model is made of: its files, or the models it puts together', () => {
  const pair = { id: 'pair', title: 'Pair', files: [...LARGE.files, ...SMALL.files], parts: [{ ...LARGE.parts[0], title: 'Large' }, { ...SMALL.parts[0], title: 'Small', role: 'presence' }] };
  const untitled = { ...pair, id: 'untitled', parts: pair.parts.map((part) => ({ ...part, title: undefined })) };
  assert.deepEqual(choicesOf(known([SMALL, LARGE, pair, untitled]), speeds).map(({ contents }) => contents), [
    [{ name: 'graph', bytes: 2 * MB }],
    [{ name: 'graph', bytes: MB }, { name: 'external-data', bytes: 87 * MB }],
    [{ name: 'Large', bytes: 88 * MB }, { name: 'Small', bytes: 2 * MB }],
    [{ name: 'large', bytes: 88 * MB }, { name: 'small', bytes: 2 * MB }],
  ]);
});
