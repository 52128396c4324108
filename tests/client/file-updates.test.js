import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FileUpdates } from '../../client/jobs/file-updates.js';

const SOON = 5;
const pause = (ms = 4 * SOON) => new Promise((resolve) => { setTimeout(resolve, ms); });
const wish = (key) => ({ output: {}, key });
const photo = (id, key, state = 'done') => ({ id, state, input: new Blob(), result: state === 'done' ? { made: { key } } : null });

/** A updates whose work ends when the test says so, and all that it tells. */
function bench(urgency = () => 1) {
  const said = [];
  const open = [];
  const pending = new Set();
  const hooks = {
    finish: (job, wanted, { signal }) => new Promise((resolve, reject) => {
      open.push({ id: job.id, key: wanted.key, signal, end: () => resolve({ made: wanted }), fail: (error) => reject(error) });
    }),
    urgency,
    onPending: (id, isPending) => (isPending ? pending.add(id) : pending.delete(id)),
    onStart: (id) => said.push(`start ${id}`),
    onDone: (id, { made }) => said.push(`done ${id} ${made.key}`),
    onFail: (id, error) => said.push(`fail ${id} ${error.message}`),
    onStop: (id) => said.push(`stop ${id}`),
    onCount: (left) => said.push(`left ${left}`),
    onRest: (done) => said.push(`rest ${done}`),
  };
  return { updates: new FileUpdates(wish('a'), hooks, SOON), said, open, pending };
}

test('photos that are as wanted are left alone', async () => {
  const { updates, said } = bench();
  updates.follow([photo('1', 'a'), photo('2', 'a', 'running')]);
  updates.want(wish('a'));
  await pause();
  assert.deepEqual(said, []);
});

test('one at a time, the most urgent first', async () => {
  const { updates, said, open } = bench((id) => Number(id === '3'));
  updates.follow(['1', '2', '3'].map((id) => photo(id, 'a')));
  updates.want(wish('b'));
  await pause();
  assert.deepEqual(open.map(({ id }) => id), ['3']);
  for (const expected of ['3', '1', '2']) {
    assert.equal(open.at(-1).id, expected);
    open.at(-1).end();
    await pause(1);
  }
  assert.deepEqual(said, ['left 3', 'start 3', 'done 3 b', 'left 2', 'start 1', 'done 1 b', 'left 1', 'start 2', 'done 2 b', 'left 0', 'rest 3']);
});

test('a slider on its way starts nothing, and only where it ends counts', async () => {
  const { updates, open } = bench();
  updates.follow([photo('1', 'a')]);
  for (const key of ['b', 'c', 'd']) updates.want(wish(key));
  await pause();
  assert.deepEqual(open.map(({ key }) => key), ['d']);
});

test('the newest wish wins over what is under way', async () => {
  const { updates, said, open } = bench();
  updates.follow([photo('1', 'a')]);
  updates.want(wish('b'));
  await pause();
  updates.want(wish('c'));
  assert.equal(open[0].signal.aborted, true);
  open[0].end();
  await pause();
  open[1].end();
  await pause(1);
  assert.deepEqual(said.filter((words) => words.startsWith('done')), ['done 1 c']);
});

test('back to what it was: nothing to do', async () => {
  const { updates, said, open } = bench();
  updates.follow([photo('1', 'a')]);
  updates.want(wish('b'));
  updates.want(wish('a'));
  await pause();
  assert.deepEqual(open, []);
  assert.deepEqual(said, ['left 1', 'left 0']);
});

test('a failure is told once, the next photo goes on, and it can be tried again', async () => {
  const { updates, said, open } = bench();
  updates.follow([photo('1', 'a'), photo('2', 'a')]);
  updates.want(wish('b'));
  await pause();
  open[0].fail(new Error('no memory'));
  await pause(1);
  open[1].end();
  await pause();
  assert.deepEqual(open.map(({ id }) => id), ['1', '2']);
  assert.ok(said.includes('fail 1 no memory'));
  updates.retry('1');
  await pause(1);
  open[2].end();
  await pause(1);
  assert.ok(said.includes('done 1 b'));
});

test('another wish tries again what failed', async () => {
  const { updates, open } = bench();
  updates.follow([photo('1', 'a')]);
  updates.want(wish('b'));
  await pause();
  open[0].fail(new Error('no'));
  await pause(1);
  updates.want(wish('c'));
  await pause();
  assert.deepEqual(open.map(({ key }) => key), ['b', 'c']);
});

test('a photo that is removed is given up', async () => {
  const { updates, open } = bench();
  updates.follow([photo('1', 'a'), photo('2', 'a')]);
  updates.want(wish('b'));
  await pause();
  updates.follow([photo('2', 'a')]);
  assert.equal(open[0].signal.aborted, true);
  assert.equal(open[1].id, '2');
});

test('a photo that was begun before the wish is finished once it is done', async () => {
  const { updates, open } = bench();
  updates.follow([photo('1', 'a', 'running')]);
  updates.want(wish('b'));
  await pause();
  assert.deepEqual(open, []);
  updates.follow([photo('1', 'a')]);
  assert.deepEqual(open.map(({ id }) => id), ['1']);
});

test('who waits is told when all is as wanted, also when it is already', async () => {
  const { updates, open } = bench();
  await updates.settled();
  updates.follow([photo('1', 'a')]);
  updates.want(wish('b'));
  let isSettled = false;
  void updates.settled().then(() => { isSettled = true; });
  await pause();
  assert.equal(isSettled, false);
  open[0].end();
  await pause(1);
  assert.equal(isSettled, true);
});

test('a file that is not as wanted is told at once, and again when it is, or never will be', async () => {
  const { updates, open, pending } = bench();
  updates.follow([photo('1', 'a'), photo('2', 'a'), photo('3', 'a', 'running')]);
  updates.want(wish('b'));
  assert.deepEqual([...pending], ['1', '2']);
  updates.follow([photo('1', 'a'), photo('2', 'a'), photo('3', 'a')]);
  assert.deepEqual([...pending], ['1', '2', '3']);
  await pause();
  open[0].end();
  await pause(1);
  assert.deepEqual([...pending], ['2', '3']);
  open[1].fail(new Error('no'));
  await pause(1);
  assert.deepEqual([...pending], ['3']);
  updates.retry('2');
  assert.deepEqual([...pending], ['3', '2']);
  updates.want(wish('a'));
  assert.deepEqual([...pending], ['1']);
});

test('while it is not known what is wanted, nothing is as wanted, and nothing is begun', async () => {
  const { updates, open, pending } = bench();
  updates.follow([photo('1', 'a')]);
  updates.want(null);
  let isSettled = false;
  void updates.settled().then(() => { isSettled = true; });
  await pause();
  assert.deepEqual([[...pending], open, isSettled], [['1'], [], false]);
  updates.want(wish('a'));
  await pause();
  assert.deepEqual([[...pending], open, isSettled], [[], [], true]);
});

test('what somebody waits for is next, even where another would have been', async () => {
  const urgencies = { 1: 1, 2: 1, 3: 0 };
  const { updates, open } = bench((id) => urgencies[id]);
  updates.follow(['1', '2', '3'].map((id) => photo(id, 'a')));
  updates.want(wish('b'));
  await pause();
  urgencies[3] = 2;
  for (let i = 0; i < 3; i++) {
    open.at(-1).end();
    await pause(1);
  }
  assert.deepEqual(open.map(({ id }) => id), ['1', '3', '2']);
});
