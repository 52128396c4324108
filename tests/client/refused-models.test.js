import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { refusalsOf, refusalWords } from '../../client/ui/refused-models.js';

const MEMORY = { model: 'edgetam', code: 'memory', detail: { need: 2048, have: 1024 } };
const FEATURE = { code: 'missing-feature', detail: { name: 'shader-f16' } };

/** Notes what was asked. */
function engine({ refusals = [MEMORY], generator = { id: 'sd-turbo', why: FEATURE } } = {}) {
  const asked = [];
  return {
    asked,
    segmenter: () => ({ offered: async () => { asked.push('offered'); }, refusals: async () => { asked.push('refusals'); return refusals; } }),
    offeredGenerator: async () => { asked.push('generator'); return generator; },
  };
}

describe('models of other tasks that cannot run here', () => {
  test('are told by task, once it is known what is offered', async () => {
    const asking = engine();
    assert.deepEqual(await refusalsOf(asking, [{ task: 'segment' }, { task: 'generate' }]), [MEMORY, { model: 'sd-turbo', ...FEATURE }]);
    assert.deepEqual(asking.asked, ['offered', 'refusals', 'generator']);
  });
  test('what is not installed is not asked for', async () => {
    const asking = engine();
    assert.deepEqual(await refusalsOf(asking, []), []);
    assert.deepEqual(asking.asked, []);
  });
  test('one that can run is no refusal', async () => assert.deepEqual(await refusalsOf(engine({ refusals: [], generator: { id: 'sd-turbo', why: null } }), [{ task: 'segment' }, { task: 'generate' }]), []));
  test('room that is missing is said where the download is asked for', async () => assert.deepEqual(await refusalsOf(engine({ refusals: [], generator: { id: 'sd-turbo', why: { code: 'storage-full', detail: { needed: 9, available: 1 } } } }), [{ task: 'generate' }]), []));
  test('the number is said', () => assert.match(refusalWords(MEMORY, true), /2\.15\sGB/u));
  test('what the graphics card lacks is said as everywhere', () => assert.match(refusalWords({ model: 'sd-turbo', ...FEATURE }, true), /shader-f16/u));
  test('a reason that has no words is none', () => assert.equal(refusalWords({ model: 'x', code: 'something-new', detail: {} }, true).length > 0, true));
});
