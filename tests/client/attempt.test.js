import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Attempt } from '../../client/jobs/attempt.js';

/** An attempt under way, what it has told, and the ways to end its work. */
function started(previous = null) {
  const told = [];
  const attempt = new Attempt(previous);
  let watch;
  let end;
  const over = attempt.run((given) => {
    watch = given;
    return new Promise((resolve, reject) => {
      end = { resolve, reject };
    });
  }, {
    onProgress: (event) => told.push(['progress', event]),
    onDone: (result) => told.push(['done', result, attempt.isCurrent]),
    onFail: (error) => told.push(['failed', error, attempt.isCurrent]),
  });
  return { attempt, told, over, watch, ...end };
}

describe('an attempt', () => {
  it('hands on progress, then the result, and is over', async () => {
    const { attempt, told, over, watch, resolve } = started();
    watch.onProgress(1);
    resolve('cutout');
    await over;
    watch.onProgress(2);
    assert.deepEqual(told, [['progress', 1], ['done', 'cutout', false]]);
    assert.equal(attempt.signal.aborted, false);
  });

  it('hands on what it failed with', async () => {
    const { told, over, reject } = started();
    const error = new Error('lost');
    reject(error);
    await over;
    assert.deepEqual(told, [['failed', error, false]]);
  });

  it('fails where the work throws before it is a promise', async () => {
    const told = [];
    await new Attempt().run(() => { throw new RangeError('at once'); }, { onFail: (error) => told.push(error.message) });
    assert.deepEqual(told, ['at once']);
  });

  it('stops the work when it is given up, and drops what that still reports', async () => {
    const { attempt, told, over, watch, resolve } = started();
    // As a worker does: it reports from within the abort, and then ends all the same.
    watch.signal.addEventListener('abort', () => watch.onProgress('late'));
    attempt.giveUp();
    assert.equal(watch.signal.aborted, true);
    resolve('too late');
    await over;
    assert.deepEqual(told, []);
  });

  it('is given up by the one that takes its place', async () => {
    const first = started();
    const second = started(first.attempt);
    assert.deepEqual([first.attempt.isCurrent, second.attempt.isCurrent], [false, true]);
    first.reject(new Error('aborted'));
    second.resolve('newer');
    await Promise.all([first.over, second.over]);
    assert.deepEqual([first.told, second.told], [[], [['done', 'newer', false]]]);
  });

  it('is not aborted after its end', async () => {
    const { attempt, over, resolve } = started();
    resolve();
    await over;
    attempt.giveUp();
    assert.equal(attempt.signal.aborted, false);
  });

  it('lets what a handler throws be seen', async () => {
    await assert.rejects(new Attempt().run(async () => 1, { onDone: () => { throw new Error('a bug'); } }), /a bug/);
  });
});
