import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { MatteboxError } from '../../client/shared/errors.js';
import { bench, settle } from './job-bench.js';

describe('a photo that is made once more', () => {
  /** One that is done, and another that waits. */
  async function again() {
    const all = bench();
    const id = all.add('a.jpg');
    all.attempts[0].resolve('first');
    await settle();
    all.jobs.redo(id, { ownAlpha: 'ignore' });
    const job = () => all.list()[0];
    return { ...all, id, job };
  }

  test('keeps its place and what it has until there is another', async () => {
    const { add, attempts, job } = await again();
    add('b.jpg');
    assert.deepEqual([job().state, job().result, job().isAgain, attempts[1].job.ownAlpha], ['loading', 'first', true, 'ignore']);
    attempts[1].resolve('second');
    await settle();
    assert.deepEqual([job().state, job().result, job().isAgain, job().error], ['done', 'second', false, null]);
  });

  test('is done with what it had where that fails, and says why', async () => {
    const { jobs, attempts, job, id } = await again();
    attempts[1].reject(new MatteboxError('network', { name: 'a' }));
    await settle();
    assert.deepEqual([job().state, job().result, job().isAgain, job().error.code], ['done', 'first', false, 'network']);
    jobs.redo(id);
    assert.deepEqual([job().state, job().error], ['loading', null]);
  });

  test('is done with what it had where that is cancelled, in its turn or before', async () => {
    const { jobs, attempts, job, id } = await again();
    jobs.cancel(id);
    assert.deepEqual([job().state, job().result, job().isAgain, attempts[1].signal.aborted], ['done', 'first', false, true]);
    jobs.hold('model');
    jobs.redo(id);
    assert.equal(job().state, 'queued');
    jobs.cancel(id);
    assert.deepEqual([job().state, job().result, job().isAgain], ['done', 'first', false]);
  });

  test('is done with what it had where its file is lost meanwhile', async () => {
    const { jobs, job, id } = await again();
    jobs.hold('model');
    jobs.restart(id);
    jobs.fail(id, new MatteboxError('corrupt-image', {}));
    assert.deepEqual([job().state, job().result, job().error.code], ['done', 'first', 'corrupt-image']);
  });

  test('can be finished otherwise while it waits', async () => {
    const { jobs, job, id } = await again();
    jobs.hold('model');
    jobs.restart(id);
    jobs.amend(id, 'first, on white');
    assert.deepEqual([job().state, job().result], ['queued', 'first, on white']);
  });

  test('only what is done can be made once more', () => {
    const { jobs, add, state } = bench();
    const id = add('a.jpg');
    jobs.redo(id);
    jobs.redo('job-9');
    assert.equal(state(id), 'loading');
  });

  test('in the turns that they were given, behind what has not been done yet', async () => {
    const { jobs, add, attempts } = bench();
    const ids = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => add(name));
    for (const at of [0, 1, 2]) {
      attempts[at].resolve('made');
      await settle();
    }
    jobs.hold('model');
    for (const [turn, id] of [ids[2], ids[0], ids[1]].entries()) jobs.redo(id, {}, turn + 1);
    add('new.jpg');
    jobs.release('model');
    for (const at of [3, 4, 5]) {
      attempts[at].resolve('made');
      await settle();
    }
    assert.deepEqual(attempts.slice(3).map(({ job }) => job.name), ['new.jpg', 'c.jpg', 'a.jpg', 'b.jpg']);
  });

  test('one that was written before there were turns has the first', () => {
    const { jobs, add, list } = bench();
    jobs.hold('model');
    const id = add('a.jpg');
    const { turn, ...old } = jobs.toJSON().find((job) => job.id === id);
    jobs.clear('cutout');
    jobs.restore(old, { input: new Blob(), result: null });
    assert.deepEqual([turn, list()[0].turn], [0, 0]);
  });
});
