import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Jobs } from '../../client/jobs/jobs.js';
import { MatteboxError } from '../../client/shared/errors.js';
import { bench, photo, settle } from './job-bench.js';

test('a job is plain JSON, whatever it has met', async () => {
  const { jobs, add, attempts } = bench();
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']) add(name, { reduce: name === 'd.jpg' });
  attempts[0].resolve('cutout a');
  await settle();
  attempts[1].reject(new MatteboxError('network', { name: 'model.onnx' }));
  await settle();
  attempts[2].onProgress({ stage: 'downloading', loaded: 4, total: 8 });
  assert.deepEqual(JSON.parse(JSON.stringify(jobs)), jobs.toJSON());
  assert.deepEqual(jobs.toJSON().map(({ state, error }) => [state, error?.code ?? null]), [['done', null], ['failed', 'network'], ['loading', null], ['queued', null]]);
});

test('jobs of an earlier visit: what was under way is queued again, what was settled or paused stays so', async () => {
  const before = bench();
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) before.add(name);
  before.attempts[0].resolve('cutout a');
  await settle();
  before.attempts[1].onProgress({ stage: 'running' });
  before.jobs.add('download', { model: 'isnet' });
  before.attempts[2].onProgress({ stage: 'downloading', loaded: 4, total: 8 });
  before.jobs.pause('job-4');
  const { jobs, add, list, attempts, state } = bench();
  jobs.hold('model');
  for (const job of JSON.parse(JSON.stringify(before.jobs))) jobs.restore(job, { input: photo, result: job.state === 'done' ? 'cutout a' : null });
  assert.deepEqual(list().map((job) => [job.name, job.state, job.progress, job.result]), [['a.jpg', 'done', null, 'cutout a'], ['b.jpg', 'queued', null, null], ['c.jpg', 'queued', null, null]]);
  assert.deepEqual([jobs.of('download')[0].state, jobs.of('download')[0].progress.loaded, attempts.length], ['paused', 4, 0]);
  assert.equal(add('d.jpg'), 'job-5');
  jobs.release('model');
  assert.deepEqual([state('job-2'), attempts[0].job.name], ['loading', 'b.jpg']);
});

test('each lane runs one job at a time, beside the other; holding one does not hold the other', async () => {
  const kinds = { cutout: { lane: 'model', stages: {} }, file: { lane: 'pixels', stages: { encoding: 'encoding' } } };
  const { jobs, attempts, state } = bench(kinds);
  const [a, b, c, d] = ['cutout', 'cutout', 'file', 'file'].map((kind) => jobs.add(kind, {}));
  assert.deepEqual([a, b, c, d].map(state), ['loading', 'queued', 'loading', 'queued']);
  attempts[1].onProgress({ stage: 'encoding' });
  assert.equal(state(c), 'encoding');
  jobs.hold('model');
  attempts[0].resolve();
  attempts[1].resolve();
  await settle();
  assert.deepEqual([a, b, c, d].map(state), ['done', 'queued', 'done', 'loading']);
});

test('a kind without a lane neither waits nor keeps others waiting', () => {
  const { jobs, add, state } = bench();
  const warming = jobs.add('warm-up', {});
  const a = add('a.jpg');
  jobs.hold('model');
  const download = jobs.add('download', { model: 'isnet' });
  assert.deepEqual([warming, a, download].map(state), ['loading', 'loading', 'loading']);
});

test('a download that is paused aborts at once, keeps its numbers and goes on from them', async () => {
  const { jobs, attempts, state } = bench();
  const id = jobs.add('download', { model: 'isnet' });
  attempts[0].onProgress({ stage: 'downloading', loaded: 40, total: 88 });
  jobs.pause(id);
  assert.equal(attempts[0].signal.aborted, true);
  attempts[0].reject(new Error('cancelled'));
  await settle();
  const [paused] = jobs.of('download');
  assert.deepEqual([paused.state, paused.progress.loaded], ['paused', 40]);
  jobs.retry(id);
  const [again] = jobs.of('download');
  assert.deepEqual([again.state, again.progress.loaded, attempts[1].job.model], ['loading', 40, 'isnet']);
  attempts[1].resolve('stored');
  await settle();
  assert.equal(state(id), 'done');
});

test('a download that failed keeps its numbers and tells why, until it is tried again', async () => {
  const { jobs, attempts } = bench();
  const id = jobs.add('download', { model: 'isnet' });
  attempts[0].onProgress({ stage: 'downloading', loaded: 40, total: 88 });
  attempts[0].reject(new MatteboxError('network', { name: 'isnet' }));
  await settle();
  const [failed] = jobs.of('download');
  assert.deepEqual([failed.state, failed.error.code, failed.progress.loaded], ['failed', 'network', 40]);
  jobs.retry(id);
  const [again] = jobs.of('download');
  assert.deepEqual([again.state, again.error, again.progress.loaded], ['loading', null, 40]);
});

test('only what is under way can be paused', async () => {
  const { jobs, add, attempts, state } = bench();
  const a = add('a.jpg');
  const b = add('b.jpg');
  jobs.pause(b);
  attempts[0].resolve();
  await settle();
  jobs.pause(a);
  assert.deepEqual([state(a), state(b)], ['done', 'loading']);
});

test('a listener that removes the job as it starts has the last word', () => {
  const attempts = [];
  const jobs = new Jobs({ cutout: (job) => new Promise(() => attempts.push(job.name)) }, ({ type, job }) => {
    if (type === 'added' && job.name === 'a.jpg') jobs.remove(job.id);
  });
  jobs.add('cutout', { name: 'a.jpg' }, photo);
  jobs.add('cutout', { name: 'b.jpg' }, photo);
  assert.deepEqual(attempts, ['b.jpg']);
});
