import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Models, pickModel, recallModel, rememberModel } from '../../client/models.js';

const CATALOG = { default: 'small', models: [{ id: 'small', title: 'Small' }, { id: 'large', title: 'Large' }] };
const MB = 1e6;

/** The engine's half, with what each model costs. */
function source(costs) {
  return {
    catalog: async () => CATALOG,
    offer: async ({ model }) => {
      if (costs[model] instanceof Error) throw costs[model];
      return { download: costs[model], parts: [], ready: false, model: { id: model } };
    },
    speeds: () => ({ large: { medianMs: 2900, runs: 2 } }),
  };
}

test('the address rules over memory, memory over the catalog; what is not installed does not count', () => {
  assert.equal(pickModel(CATALOG, 'large', 'small'), 'large');
  assert.equal(pickModel(CATALOG, undefined, 'large'), 'large');
  assert.equal(pickModel(CATALOG, 'gone', 'large'), 'large');
  assert.equal(pickModel(CATALOG, undefined, 'gone'), 'small');
  assert.equal(pickModel(CATALOG, undefined, null), 'small');
});

test('the choice is remembered, and blocked site data is survived', () => {
  const kept = new Map();
  const memory = () => ({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) });
  const blocked = () => { throw new Error('SecurityError'); };
  assert.equal(recallModel(memory), null);
  rememberModel('large', memory);
  assert.equal(recallModel(memory), 'large');
  rememberModel('large', blocked);
  assert.equal(recallModel(blocked), null);
});

test('each model is offered with its cost and its speed here', async () => {
  const models = new Models(source({ small: 0, large: 88 * MB }));
  await models.load();
  assert.equal(models.chosen.id, 'small');
  assert.deepEqual(models.choices.map(({ model, offer, speedMs }) => [model.id, offer.download, speedMs]), [['small', 0, null], ['large', 88 * MB, 2900]]);
});

test('only the chosen model has to be known', async () => {
  const models = new Models(source({ small: 0, large: new Error('no') }));
  await models.load();
  assert.equal(models.offerOf('large'), null);
  await assert.rejects(new Models(source({ small: new Error('no'), large: 0 })).load(), /no/u);
});

test('the way out of a question is another model that needs none', async () => {
  const models = new Models(source({ small: 5 * MB, large: 88 * MB }));
  await models.load('large');
  assert.equal(models.unasked(8 * MB).id, 'small');
  assert.equal(models.unasked(4 * MB), null);
  models.choose('small');
  assert.equal(models.unasked(8 * MB), null);
});
