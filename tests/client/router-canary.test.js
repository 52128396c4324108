import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { MatteboxError } from '../../client/shared/errors.js';
import { INFERENCE, site } from './site.js';

describe('a canary that was passed on the CPU', () => {
  const memoryStorage = () => {
    const kept = new Map();
    return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key) };
  };
  const told = ({ canary, ms }) => [canary, ms.canary];
  test('is not run again at the next visit, and the report says so', async (t) => {
    const localStorage = memoryStorage();
    const visit = () => site(t, { page: { localStorage } });
    const first = visit();
    assert.deepEqual(told((await first.cut()).report), ['passed', 12]);
    assert.deepEqual(told((await first.cut()).report), ['passed', 0], 'the session has been up since');
    const second = visit();
    assert.deepEqual(told((await second.cut()).report), ['remembered', 0]);
    assert.deepEqual(second.argsOf('inference prepare').map(({ isPassed }) => isPassed), [true]);
    // Nothing has run yet, so nothing is promised.
    assert.deepEqual(second.stages.filter(({ stage }) => stage === 'running'), [{ stage: 'running' }]);
    await second.engine.measure();
    assert.deepEqual(told((await visit().cut()).report), ['passed', 12]);
  });
  test('is run again after a failure', async (t) => {
    const localStorage = memoryStorage();
    await site(t, { page: { localStorage } }).cut();
    let photos = 0;
    const cutout = (args, context) => (photos++ === 0 ? Promise.reject(new MatteboxError('bad-matte', { reason: 'not finite' })) : INFERENCE.cutout(args, context));
    const { cut, argsOf } = site(t, { inference: { cutout }, page: { localStorage } });
    const { report } = await cut();
    assert.deepEqual(argsOf('inference prepare').map(({ threads, isPassed }) => [threads, isPassed]), [[2, true], [1, false]]);
    assert.equal(report.canary, 'passed');
  });
});
