import assert from 'node:assert/strict';
import { test } from 'node:test';

import '../../client/messages/errors.js';
import { MatteboxError } from '../../client/shared/errors.js';
import { loadAhead, onDemand } from '../../client/shared/on-demand.js';

test('what is loaded on demand is not loaded before', async () => {
  let count = 0;
  const load = onDemand(async () => ({ count: ++count }), 'part.js');
  assert.equal(count, 0);
  assert.deepEqual(await load(), { count: 1 });
});

test('what cannot be had is told by its name', async () => {
  const missing = onDemand(() => Promise.reject(new TypeError('Failed to fetch')), 'part.js');
  await assert.rejects(missing(), (error) => {
    assert.ok(error instanceof MatteboxError);
    assert.equal(error.code, 'network');
    assert.match(error.message, /part\.js/u);
    return error.details.source === 'script';
  });
});

test('all of it can be had ahead, and what cannot stops nothing else', async () => {
  const loaded = [];
  onDemand(async () => loaded.push('one'), 'one.js');
  onDemand(() => Promise.reject(new TypeError('gone')), 'two.js');
  onDemand(async () => loaded.push('three'), 'three.js');
  await assert.rejects(loadAhead(), ({ code, details }) => code === 'network' && details.source === 'script');
  assert.deepEqual(loaded, ['one', 'three']);
});

test('ahead is what it needs in its turn, too', async () => {
  const loaded = [];
  onDemand(async () => {
    onDemand(async () => loaded.push('inner'), 'inner.js');
    loaded.push('outer');
  }, 'outer.js');
  await loadAhead().catch(() => {});
  assert.deepEqual(loaded, ['outer', 'inner']);
});
