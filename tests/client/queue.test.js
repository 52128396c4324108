import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isSettled, Queue } from '../../client/jobs/queue.js';

const photo = new Blob(['x']);
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A queue over a `run` whose attempts are finished by hand, in the order they were started. */
function bench() {
  const attempts = [];
  const changes = [];
  const queue = new Queue(
    (job, context) => new Promise((resolve, reject) => attempts.push({ job, ...context, resolve, reject })),
    (change) => changes.push(change),
  );
  const state = (id) => queue.jobs.find((job) => job.id === id)?.state;
  return { queue, attempts, changes, state };
}

test('jobs run one by one in the order they were added', async () => {
  const { queue, attempts, state } = bench();
  const a = queue.add(photo, 'a.jpg');
  const b = queue.add(photo, 'b.jpg');
  assert.deepEqual([attempts.length, state(a), state(b)], [1, 'loading', 'queued']);
  attempts[0].resolve('cutout a');
  await settle();
  assert.deepEqual([attempts.length, state(a), state(b)], [2, 'done', 'loading']);
  assert.equal(queue.jobs[0].result, 'cutout a');
  assert.equal(attempts[1].job.name, 'b.jpg');
});

test('the stages of the engine become the states of a job', () => {
  const { queue, attempts, state, changes } = bench();
  const id = queue.add(photo, 'a.jpg');
  const seen = ['downloading', 'preparing', 'decoding', 'running', 'encoding'].map((stage) => {
    attempts[0].onProgress({ stage });
    return state(id);
  });
  assert.deepEqual(seen, ['loading', 'loading', 'decoding', 'running', 'encoding']);
  assert.equal(changes.at(-1).previous.state, 'running');
  assert.equal(changes.at(-1).job.progress.stage, 'encoding');
});

test('a batch goes on after a failure, and retry runs the failed job again', async () => {
  const { queue, attempts, state } = bench();
  const a = queue.add(photo, 'a.jpg');
  const b = queue.add(photo, 'b.jpg');
  const failure = new Error('no');
  attempts[0].reject(failure);
  await settle();
  assert.deepEqual([state(a), state(b)], ['failed', 'loading']);
  assert.equal(queue.jobs[0].error, failure);
  queue.retry(a);
  assert.equal(state(a), 'queued');
  assert.equal(queue.jobs[0].error, null);
  attempts[1].resolve('b');
  await settle();
  assert.equal(attempts[2].job.id, a);
  attempts[2].resolve('a');
  await settle();
  assert.deepEqual([state(a), state(b)], ['done', 'done']);
});

test('a `run` that throws before its first await is a failure like any other', async () => {
  const queue = new Queue(() => { throw new Error('at once'); }, () => {});
  queue.add(photo, 'a.jpg');
  await settle();
  assert.equal(queue.jobs[0].state, 'failed');
});

test('cancelling the running job aborts it at once, starts the next and ignores what comes late', async () => {
  const { queue, attempts, state } = bench();
  const a = queue.add(photo, 'a.jpg');
  const b = queue.add(photo, 'b.jpg');
  attempts[0].onProgress({ stage: 'running' });
  queue.cancel(a);
  assert.equal(attempts[0].signal.aborted, true);
  assert.deepEqual([state(a), state(b)], ['cancelled', 'loading']);
  attempts[0].onProgress({ stage: 'encoding' });
  attempts[0].resolve('too late');
  await settle();
  assert.deepEqual([state(a), state(b), attempts.length], ['cancelled', 'loading', 2]);
  assert.equal(queue.jobs[0].result, null);
});

test('a listener that answers the abort synchronously cannot bring the job back', () => {
  const { queue, attempts, state } = bench();
  const a = queue.add(photo, 'a.jpg');
  attempts[0].signal.addEventListener('abort', () => attempts[0].onProgress({ stage: 'decoding' }));
  queue.cancel(a);
  assert.equal(state(a), 'cancelled');
});

test('a retried job ignores its first attempt', async () => {
  const { queue, attempts } = bench();
  const a = queue.add(photo, 'a.jpg');
  queue.cancel(a);
  queue.retry(a);
  attempts[0].resolve('first');
  await settle();
  assert.equal(queue.jobs[0].state, 'loading');
  attempts[1].resolve('second');
  await settle();
  assert.equal(queue.jobs[0].result, 'second');
});

test('cancelling a waiting job keeps it from running; settled jobs cannot be cancelled', async () => {
  const { queue, attempts, state } = bench();
  const a = queue.add(photo, 'a.jpg');
  const b = queue.add(photo, 'b.jpg');
  queue.cancel(b);
  attempts[0].resolve('a');
  await settle();
  queue.cancel(a);
  assert.deepEqual([state(a), state(b), attempts.length], ['done', 'cancelled', 1]);
});

test('retry leaves jobs alone that are done or under way', async () => {
  const { queue, attempts, state } = bench();
  const a = queue.add(photo, 'a.jpg');
  queue.retry(a);
  assert.equal(state(a), 'loading');
  attempts[0].resolve('a');
  await settle();
  queue.retry(a);
  assert.deepEqual([state(a), attempts.length], ['done', 1]);
});

test('removing the running job aborts it and starts the next', () => {
  const { queue, attempts, changes } = bench();
  const a = queue.add(photo, 'a.jpg');
  queue.add(photo, 'b.jpg');
  queue.remove(a);
  assert.equal(attempts[0].signal.aborted, true);
  assert.equal(attempts.length, 2);
  assert.deepEqual(changes.filter(({ type }) => type === 'removed').map(({ job }) => job.id), [a]);
  queue.remove(a);
  assert.equal(changes.filter(({ type }) => type === 'removed').length, 1);
});

test('a held queue starts nothing, lets the running job finish and goes on when released', async () => {
  const { queue, attempts, state } = bench();
  const a = queue.add(photo, 'a.jpg');
  queue.hold();
  const b = queue.add(photo, 'b.jpg');
  attempts[0].resolve('a');
  await settle();
  assert.deepEqual([queue.held, state(a), state(b)], [true, 'done', 'queued']);
  queue.release();
  assert.deepEqual([queue.held, state(b)], [false, 'loading']);
});

test('a job that is started over keeps its place, and its first attempt no longer counts', async () => {
  const { queue, attempts, state } = bench();
  const a = queue.add(photo, 'a.jpg');
  const b = queue.add(photo, 'b.jpg');
  queue.hold();
  queue.restart(a);
  queue.restart(b);
  assert.deepEqual([attempts[0].signal.aborted, attempts.length, state(a)], [true, 1, 'queued']);
  queue.release();
  attempts[0].reject(new Error('late'));
  attempts[1].resolve('a');
  await settle();
  assert.deepEqual([attempts[1].job.name, state(a), state(b)], ['a.jpg', 'done', 'loading']);
});

test('clear aborts and removes everything, and the queue can be used again', async () => {
  const { queue, attempts, changes } = bench();
  queue.add(photo, 'a.jpg');
  queue.add(photo, 'b.jpg');
  queue.clear();
  assert.equal(attempts[0].signal.aborted, true);
  assert.deepEqual([queue.jobs.length, attempts.length], [0, 1]);
  assert.equal(changes.filter(({ type }) => type === 'removed').length, 2);
  queue.add(photo, 'c.jpg');
  attempts[1].resolve('c');
  await settle();
  assert.deepEqual(queue.jobs.map(({ name, state }) => [name, state]), [['c.jpg', 'done']]);
});

test('jobs are values: a change makes a new one', () => {
  const { queue, attempts } = bench();
  queue.add(photo, 'a.jpg');
  const [before] = queue.jobs;
  attempts[0].onProgress({ stage: 'running', expectedMs: 1200 });
  assert.equal(Object.isFrozen(before), true);
  assert.equal(before.state, 'loading');
  assert.deepEqual(queue.jobs[0].progress, { stage: 'running', expectedMs: 1200 });
});

test('done, failed and cancelled are settled', () => {
  const states = ['queued', 'loading', 'decoding', 'running', 'encoding', 'done', 'failed', 'cancelled'];
  assert.deepEqual(states.filter(isSettled), ['done', 'failed', 'cancelled']);
});

test('a job that is done can hold another result, and no other job can', async () => {
  const { queue, attempts, changes } = bench();
  const id = queue.add(photo, 'a.jpg');
  queue.amend(id, 'too early');
  attempts[0].resolve('first');
  await settle();
  queue.amend(id, 'second');
  queue.amend('job-9', 'gone');
  assert.equal(queue.jobs[0].result, 'second');
  assert.deepEqual([changes.at(-1).previous.result, changes.at(-1).job.state], ['first', 'done']);
});

test('a photo that was too large is tried again at a smaller size, and stays so', async () => {
  const { queue, attempts } = bench();
  const id = queue.add(photo, 'a.jpg');
  assert.equal(attempts[0].job.reduce, false);
  for (const how of [{ reduce: true }, undefined]) {
    attempts.at(-1).reject(new Error('too large'));
    await settle();
    queue.retry(id, how);
    assert.equal(attempts.at(-1).job.reduce, true);
  }
});
