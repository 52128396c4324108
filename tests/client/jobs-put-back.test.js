import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { bench, settle } from './job-bench.js';

const names = ({ list }) => list().map(({ name }) => name);

describe('jobs that are put back', () => {
  test('are as they were, each in its place', async () => {
    const all = bench();
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => all.add(name));
    all.attempts[0].resolve('cutout a');
    await settle();
    all.jobs.hold('model');
    all.jobs.restart(b);
    const taken = all.jobs.take([d, a, b]);
    assert.deepEqual([names(all), taken.map(({ job }) => job.name)], [['c'], ['a', 'b', 'd']]);
    all.jobs.putBack(taken);
    assert.deepEqual(all.list().map(({ id, state, result }) => [id, state, result]), [[a, 'done', 'cutout a'], [b, 'queued', null], [c, 'queued', null], [d, 'queued', null]]);
  });

  test('tell what they come before, so that they are shown there', () => {
    const all = bench();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => all.add(name));
    const taken = all.jobs.take([a, b]);
    all.changes.length = 0;
    all.jobs.putBack(taken);
    assert.deepEqual(all.changes.filter(({ type }) => type === 'added').map(({ job, next }) => [job.id, next]), [[b, c], [a, b]]);
  });

  test('come last where what they came before is gone', () => {
    const all = bench();
    const [a, b] = ['a', 'b', 'c'].map((name) => all.add(name));
    const taken = all.jobs.take([a]);
    all.jobs.remove(b);
    all.jobs.putBack(taken);
    assert.deepEqual(names(all), ['c', 'a']);
  });

  test('run again where they were under way', () => {
    const all = bench();
    const a = all.add('a');
    const taken = all.jobs.take([a]);
    assert.equal(all.attempts[0].signal.aborted, true);
    all.jobs.putBack(taken);
    assert.deepEqual([all.attempts.length, all.state(a)], [2, 'loading']);
  });

  test('what is not there cannot be taken', () => {
    const all = bench();
    assert.deepEqual(all.jobs.take(['job-9']), []);
  });
});
