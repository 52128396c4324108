import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Models, pickModel } from '../../client/page/models.js';

const MB = 1e6;
const graph = (bytes) => ({ role: 'graph', bytes });
const plain = (id, title, files) => ({ id, title, files, parts: [{ model: id, role: 'detail', files }] });
const CATALOG = { default: 'small', models: [plain('small', 'Small', [graph(2 * MB)]), plain('large', 'Large', [graph(MB), { role: 'external-data', bytes: 87 * MB }])] };

/** The engine's half, with what each model costs. */
function source(costs, catalog = CATALOG) {
  return {
    catalog: async () => catalog,
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

test('each model is offered with its cost and its speed here', async () => {
  const models = new Models(source({ small: 0, large: 88 * MB }));
  await models.load();
  assert.equal(models.chosen.id, 'small');
  assert.deepEqual(models.choices.map(({ model, offer, speedMs }) => [model.id, offer.download, speedMs]), [['small', 0, null], ['large', 88 * MB, 2900]]);
});

test('what a model is made of: its files, or the models it puts together', async () => {
  const [small, large] = CATALOG.models;
  const pair = { id: 'pair', title: 'Pair', files: [...large.files, ...small.files], parts: [large.parts[0], { ...small.parts[0], role: 'presence' }] };
  const gone = { ...pair, id: 'gone', parts: pair.parts.map((part) => ({ ...part, model: `${part.model}-x` })) };
  const models = new Models(source({}, { ...CATALOG, models: [small, large, pair, gone] }));
  await models.load();
  assert.deepEqual(models.choices.map(({ contents }) => contents), [
    [{ name: 'graph', bytes: 2 * MB }],
    [{ name: 'graph', bytes: MB }, { name: 'external-data', bytes: 87 * MB }],
    [{ name: 'Large', bytes: 88 * MB }, { name: 'Small', bytes: 2 * MB }],
    [{ name: 'large-x', bytes: 88 * MB }, { name: 'small-x', bytes: 2 * MB }],
  ]);
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
