import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { blankReport } from '../../client/engine/report.js';
import { MatteboxError } from '../../client/shared/errors.js';
import { FOUND, INFERENCE, site } from './site.js';
import { until } from './worker-pair.js';

const memoryStorage = () => {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key) };
};
const told = ({ canary, ms }) => [canary, ms.canary];

describe('a canary that was passed on the CPU', () => {
  test('is not run again at the next visit, and the report says so', async (t) => {
    const localStorage = memoryStorage();
    const visit = () => site(t, { page: { localStorage } });
    const first = visit();
    assert.deepEqual(told((await first.cut()).report), ['passed', 12]);
    assert.deepEqual(told((await first.cut()).report), ['passed', 0], 'the session has been up since');
    const second = visit();
    assert.deepEqual(told((await second.cut()).report), ['remembered', 0]);
    assert.deepEqual(second.argsOf('inference prepare').map(({ canary }) => canary), ['remembered']);
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
    assert.deepEqual(argsOf('inference prepare').map(({ threads, canary }) => [threads, canary]), [[2, 'remembered'], [1, 'run']]);
    assert.equal(report.canary, 'passed');
  });
});

describe('where what is shown can be taken back', () => {
  const wrong = () => Promise.reject(new MatteboxError('canary-mismatch', { model: 'u2netp', mean: 1, max: 1 }));
  /** A site, and photos whose caller can take them back: what was taken back is in `withdrawn`. */
  function revocable(t, given) {
    t.mock.timers.reset();
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const made = site(t, given);
    const withdrawn = [];
    const show = (name, choice) => made.cut(choice, undefined, {}, (error) => withdrawn.push([name, error.code, error.details.model, error.details.reason]));
    const order = () => made.calls.map(({ call }) => call.replace('inference ', '')).filter((call) => ['cutout', 'prove'].includes(call));
    /** Until something is so, while the time passes for which nothing is to be done. */
    const rest = (isSo) => until(() => isSo() || void t.mock.timers.tick(100));
    return { ...made, withdrawn, show, order, rest };
  }

  test('the photo goes first, and the test follows when nothing else is to be done', async (t) => {
    const localStorage = memoryStorage();
    const { show, order, argsOf, cut, rest } = revocable(t, { page: { localStorage } });
    assert.deepEqual(told((await show('one')).report), ['later', 0]);
    assert.deepEqual(argsOf('inference prepare').map(({ canary }) => canary), ['later']);
    await rest(() => order().length === 2);
    assert.deepEqual(told((await cut()).report), ['passed', 0]);
    assert.deepEqual(order(), ['cutout', 'prove', 'cutout']);
    assert.deepEqual(told((await revocable(t, { page: { localStorage } }).show('later')).report), ['remembered', 0]);
  });
  test('it comes before the second photo at the latest', async (t) => {
    const { show, order } = revocable(t);
    const reports = await Promise.all([show('one'), show('two'), show('three')]);
    assert.deepEqual(reports.map(({ report }) => told(report)), [['later', 0], ['passed', 12], ['passed', 0]]);
    assert.deepEqual(order(), ['cutout', 'prove', 'cutout', 'cutout']);
  });
  test('getting ready shows nothing that could be taken back, so that the first photo still goes first', async (t) => {
    const { engine, show, order, rest } = revocable(t);
    const report = blankReport();
    await engine.preload({ backend: 'auto' }, { onProgress() {}, onWithdraw() {} }, report);
    assert.equal(report.canary, 'later');
    assert.deepEqual(told((await show('one')).report), ['later', 0]);
    await rest(() => order().length === 2);
    assert.deepEqual(order(), ['cutout', 'prove']);
  });
  test('a photo that waits for no proof need not be one that was worked on', async (t) => {
    let photos = 0;
    const cutout = (args, context) => (photos++ === 0 ? Promise.reject(new MatteboxError('corrupt-image', {})) : INFERENCE.cutout(args, context));
    const { show, order } = revocable(t, { inference: { cutout } });
    await assert.rejects(show('broken'), { code: 'corrupt-image' });
    assert.deepEqual(told((await show('whole')).report), ['later', 0]);
    assert.deepEqual(order(), ['cutout', 'cutout']);
  });
  test('who cannot take anything back gets nothing without a proof', async (t) => {
    const { show, cut, preload, order, argsOf } = revocable(t);
    await show('one');
    assert.equal((await preload()).canary, 'passed');
    assert.deepEqual(order(), ['cutout', 'prove']);
    await cut({ model: 'u2net' });
    assert.deepEqual(argsOf('inference prepare').map(({ canary }) => canary), ['later', 'run']);
  });
  test('where the test fails, it is taken back, and the next one is tested first, in another way', async (t) => {
    const localStorage = memoryStorage();
    const { show, withdrawn, argsOf, workers, rest } = revocable(t, { inference: { prove: wrong }, page: { localStorage } });
    await show('one');
    await rest(() => withdrawn.length > 0);
    assert.deepEqual(withdrawn, [['one', 'withdrawn', 'u2netp', 'canary-mismatch']]);
    assert.ok(workers.inference[0].isTerminated);
    const { report } = await show('again');
    assert.deepEqual(report.attempts.map(({ threads, outcome, code }) => [threads, outcome, code]), [[2, 'failed', 'canary-mismatch'], [1, 'ran', null]]);
    assert.deepEqual(told(report), ['passed', 0]);
    assert.deepEqual(argsOf('inference prepare').map(({ threads, canary }) => [threads, canary]), [[2, 'later'], [1, 'run']]);
    assert.equal(withdrawn.length, 1);
    // At the next visit, too.
    const next = revocable(t, { page: { localStorage } });
    await next.show('one');
    assert.deepEqual(next.argsOf('inference prepare').map(({ canary }) => canary), ['run']);
  });
  test('a second photo that finds it wrong is not lost itself', async (t) => {
    const { show, withdrawn } = revocable(t, { inference: { prove: wrong } });
    const [, second] = await Promise.all([show('one'), show('two')]);
    assert.deepEqual(withdrawn.map(([name]) => name), ['one']);
    assert.deepEqual(second.report.attempts.map(({ threads, outcome, code }) => [threads, outcome, code]), [[2, 'failed', 'canary-mismatch'], [1, 'ran', null]]);
    assert.equal(second.report.canary, 'passed');
  });
  test('another model waits until what the first one gave is proven', async (t) => {
    const { show, withdrawn, calls } = revocable(t, { inference: { prove: wrong } });
    const [, second] = await Promise.all([show('one'), show('two', { model: 'u2net' })]);
    assert.deepEqual(withdrawn, [['one', 'withdrawn', 'u2netp', 'canary-mismatch']]);
    assert.equal(second.report.canary, 'later');
    assert.deepEqual(calls.map(({ call }) => call).filter((call) => /prepare|prove/.test(call)), ['inference prepare', 'inference prove', 'inference prepare']);
  });
  test('a session that ended before its test is made once more for it', async (t) => {
    const { show, argsOf, withdrawn, workers, rest } = revocable(t);
    await show('one');
    workers.inference[0].crash('gone');
    await rest(() => argsOf('inference prepare').length === 2);
    assert.deepEqual(argsOf('inference prepare').map(({ canary }) => canary), ['later', 'run']);
    assert.deepEqual(withdrawn, []);
  });
  test('a GPU is proven first', async (t) => {
    const { argsOf, show } = revocable(t, { inference: { judge: async () => FOUND } });
    const { report } = await show('one', { model: 'both', backend: 'webgpu' });
    assert.deepEqual([report.backend, report.canary], ['webgpu', 'passed']);
    assert.deepEqual(argsOf('inference prepare').map(({ canary }) => canary), ['run']);
  });
});
