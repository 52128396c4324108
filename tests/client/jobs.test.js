import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Jobs } from '../../client/jobs/jobs.js';
import { isSettled, isUnderWay } from '../../client/jobs/kinds.js';
import { MatteboxError } from '../../client/shared/errors.js';
import { bench, photo, settle } from './job-bench.js';

test('jobs run one by one in the order they were added', async () => {
  const { add, list, attempts, state } = bench();
  const a = add('a.jpg');
  const b = add('b.jpg');
  assert.deepEqual([attempts.length, state(a), state(b)], [1, 'loading', 'queued']);
  attempts[0].resolve('cutout a');
  await settle();
  assert.deepEqual([attempts.length, state(a), state(b)], [2, 'done', 'loading']);
  assert.equal(list()[0].result, 'cutout a');
  assert.equal(attempts[1].job.name, 'b.jpg');
});

test('the stages of the engine become the states of a job', () => {
  const { add, attempts, state, changes } = bench();
  const id = add('a.jpg');
  const seen = ['downloading', 'preparing', 'decoding', 'running', 'encoding'].map((stage) => {
    attempts[0].onProgress({ stage });
    return state(id);
  });
  assert.deepEqual(seen, ['loading', 'loading', 'decoding', 'running', 'encoding']);
  assert.equal(changes.at(-1).previous.state, 'running');
  assert.equal(changes.at(-1).job.progress.stage, 'encoding');
});

test('a batch goes on after a failure, and retry runs the failed job again', async () => {
  const { jobs, add, list, attempts, state } = bench();
  const a = add('a.jpg');
  const b = add('b.jpg');
  const failure = new MatteboxError('network', { name: 'a' });
  attempts[0].reject(failure);
  await settle();
  assert.deepEqual([state(a), state(b)], ['failed', 'loading']);
  assert.deepEqual([list()[0].error.code, list()[0].error.details], ['network', { name: 'a' }]);
  jobs.retry(a);
  assert.equal(state(a), 'queued');
  assert.equal(list()[0].error, null);
  attempts[1].resolve('b');
  await settle();
  assert.equal(attempts[2].job.id, a);
  attempts[2].resolve('a');
  await settle();
  assert.deepEqual([state(a), state(b)], ['done', 'done']);
});

test('a `run` that throws before its first await is a failure like any other', async () => {
  const jobs = new Jobs({ cutout: () => { throw new Error('at once'); } }, () => {});
  jobs.add('cutout', { name: 'a.jpg' }, photo);
  await settle();
  assert.equal(jobs.of('cutout')[0].state, 'failed');
});

test('cancelling the running job aborts it at once, starts the next and ignores what comes late', async () => {
  const { jobs, add, list, attempts, state } = bench();
  const a = add('a.jpg');
  const b = add('b.jpg');
  attempts[0].onProgress({ stage: 'running' });
  jobs.cancel(a);
  assert.equal(attempts[0].signal.aborted, true);
  assert.deepEqual([state(a), state(b)], ['cancelled', 'loading']);
  attempts[0].onProgress({ stage: 'encoding' });
  attempts[0].resolve('too late');
  await settle();
  assert.deepEqual([state(a), state(b), attempts.length], ['cancelled', 'loading', 2]);
  assert.equal(list()[0].result, null);
});

test('a listener that answers the abort synchronously cannot bring the job back', () => {
  const { jobs, add, attempts, state } = bench();
  const a = add('a.jpg');
  attempts[0].signal.addEventListener('abort', () => attempts[0].onProgress({ stage: 'decoding' }));
  jobs.cancel(a);
  assert.equal(state(a), 'cancelled');
});

test('a retried job ignores its first attempt', async () => {
  const { jobs, add, list, attempts } = bench();
  const a = add('a.jpg');
  jobs.cancel(a);
  jobs.retry(a);
  attempts[0].resolve('first');
  await settle();
  assert.equal(list()[0].state, 'loading');
  attempts[1].resolve('second');
  await settle();
  assert.equal(list()[0].result, 'second');
});

test('cancelling a waiting job keeps it from running; settled jobs cannot be cancelled', async () => {
  const { jobs, add, attempts, state } = bench();
  const a = add('a.jpg');
  const b = add('b.jpg');
  jobs.cancel(b);
  attempts[0].resolve('a');
  await settle();
  jobs.cancel(a);
  assert.deepEqual([state(a), state(b), attempts.length], ['done', 'cancelled', 1]);
});

test('retry leaves jobs alone that are done or under way', async () => {
  const { jobs, add, attempts, state } = bench();
  const a = add('a.jpg');
  jobs.retry(a);
  assert.equal(state(a), 'loading');
  attempts[0].resolve('a');
  await settle();
  jobs.retry(a);
  assert.deepEqual([state(a), attempts.length], ['done', 1]);
});

test('removing the running job aborts it and starts the next', () => {
  const { jobs, add, attempts, changes } = bench();
  const a = add('a.jpg');
  add('b.jpg');
  jobs.remove(a);
  assert.equal(attempts[0].signal.aborted, true);
  assert.equal(attempts.length, 2);
  assert.deepEqual(changes.filter(({ type }) => type === 'removed').map(({ job }) => job.id), [a]);
  jobs.remove(a);
  assert.equal(changes.filter(({ type }) => type === 'removed').length, 1);
});

test('a held lane starts nothing, lets the running job finish and goes on when released', async () => {
  const { jobs, add, attempts, state } = bench();
  const a = add('a.jpg');
  jobs.hold('model');
  const b = add('b.jpg');
  attempts[0].resolve('a');
  await settle();
  assert.deepEqual([state(a), state(b)], ['done', 'queued']);
  jobs.release('model');
  assert.equal(state(b), 'loading');
});

test('a job that is started over keeps its place, and its first attempt no longer counts', async () => {
  const { jobs, add, attempts, state } = bench();
  const a = add('a.jpg');
  const b = add('b.jpg');
  jobs.hold('model');
  jobs.restart(a);
  jobs.restart(b);
  assert.deepEqual([attempts[0].signal.aborted, attempts.length, state(a)], [true, 1, 'queued']);
  jobs.release('model');
  attempts[0].reject(new Error('late'));
  attempts[1].resolve('a');
  await settle();
  assert.deepEqual([attempts[1].job.name, state(a), state(b)], ['a.jpg', 'done', 'loading']);
});

test('clear aborts and removes everything, and the lane can be used again', async () => {
  const { jobs, add, list, attempts, changes } = bench();
  add('a.jpg');
  add('b.jpg');
  jobs.clear('cutout');
  assert.equal(attempts[0].signal.aborted, true);
  assert.deepEqual([list().length, attempts.length], [0, 1]);
  assert.equal(changes.filter(({ type }) => type === 'removed').length, 2);
  add('c.jpg');
  attempts[1].resolve('c');
  await settle();
  assert.deepEqual(list().map(({ name, state }) => [name, state]), [['c.jpg', 'done']]);
});

test('jobs are values: a change makes a new one', () => {
  const { add, list, attempts } = bench();
  add('a.jpg');
  const [before] = list();
  attempts[0].onProgress({ stage: 'running', expectedMs: 1200 });
  assert.equal(Object.isFrozen(before), true);
  assert.equal(before.state, 'loading');
  assert.deepEqual(list()[0].progress, { stage: 'running', expectedMs: 1200 });
});

test('done, failed and cancelled are settled', () => {
  const states = ['queued', 'loading', 'decoding', 'running', 'encoding', 'paused', 'done', 'failed', 'cancelled'];
  assert.deepEqual(states.filter(isSettled), ['done', 'failed', 'cancelled']);
  assert.deepEqual(states.filter(isUnderWay), ['loading', 'decoding', 'running', 'encoding']);
});

test('a job that is done can hold another result, and no other job can', async () => {
  const { jobs, add, list, attempts, changes } = bench();
  const id = add('a.jpg');
  jobs.amend(id, 'too early');
  attempts[0].resolve('first');
  await settle();
  jobs.amend(id, 'second');
  jobs.amend('job-9', 'gone');
  assert.equal(list()[0].result, 'second');
  assert.deepEqual([changes.at(-1).previous.result, changes.at(-1).job.state], ['first', 'done']);
});

test('what came of a job is taken back: where it is done, and where more is being made of it', async () => {
  const { jobs, add, list, attempts, state } = bench();
  const [done, underWay, waiting] = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => add(name));
  attempts[0].resolve('first');
  await settle();
  jobs.amend(underWay, 'a preview');
  for (const id of [waiting, done, underWay, 'job-9']) jobs.withdraw(id, new MatteboxError('withdrawn', { model: 'u2netp' }));
  assert.ok(attempts[1].signal.aborted);
  assert.deepEqual([done, underWay].map(state), ['failed', 'failed']);
  assert.deepEqual(list().map(({ result }) => result), [null, null, null]);
  assert.deepEqual(list().map(({ error }) => error?.code), ['withdrawn', 'withdrawn', undefined]);
  assert.equal(state(waiting), 'loading', 'its turn has come');
  jobs.retry(done);
  assert.equal(state(done), 'queued');
});

test('what is taken back while it is made once more is made from nothing', async () => {
  const { jobs, add, list, attempts } = bench();
  const id = add('a.jpg');
  attempts[0].resolve('first');
  await settle();
  jobs.redo(id);
  jobs.withdraw(id, new MatteboxError('withdrawn', { model: 'u2netp' }));
  assert.deepEqual([list()[0].result, list()[0].isAgain, list()[0].state], [null, false, 'loading']);
  attempts[1].resolve('second');
  await settle();
  assert.deepEqual([list()[0].result, list()[0].state], ['second', 'done']);
});

test('a photo that was too large is tried again at a smaller size, and stays so', async () => {
  const { jobs, add, attempts } = bench();
  const id = add('a.jpg');
  assert.equal(attempts[0].job.reduce, false);
  jobs.revise(id, { reduce: true });
  for (let i = 0; i < 2; i++) {
    attempts.at(-1).reject(new Error('too large'));
    await settle();
    jobs.retry(id);
    assert.equal(attempts.at(-1).job.reduce, true);
  }
});
