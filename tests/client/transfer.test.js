import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Transfer } from '../../client/page/transfer.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));
const OUTCOME = { stored: true, received: 88, storage: null };

/** A transfer over downloads that are finished by hand, in the order they were started. */
function bench() {
  const calls = [];
  const states = [];
  const done = [];
  const transfer = new Transfer(
    (options) => new Promise((resolve, reject) => calls.push({ ...options, resolve, reject })),
    (state) => states.push(state),
    (...ended) => done.push(ended),
  );
  return { transfer, calls, states, done };
}

test('from start to done', async () => {
  const { transfer, calls, states, done } = bench();
  transfer.start('isnet');
  calls[0].onProgress({ stage: 'downloading', loaded: 40, total: 88 });
  assert.deepEqual([transfer.state.phase, transfer.state.model, transfer.state.loaded, transfer.state.total], ['loading', 'isnet', 40, 88]);
  calls[0].resolve(OUTCOME);
  await settle();
  assert.deepEqual(states.map(({ phase }) => phase), ['loading', 'loading', 'idle']);
  assert.deepEqual(done, [['isnet', OUTCOME]]);
});

test('pause aborts at once and keeps the numbers; resume asks again for the same model', async () => {
  const { transfer, calls, done } = bench();
  transfer.start('isnet');
  calls[0].onProgress({ stage: 'downloading', loaded: 40, total: 88 });
  transfer.pause();
  assert.equal(calls[0].signal.aborted, true);
  calls[0].reject(new Error('cancelled'));
  await settle();
  assert.deepEqual([transfer.state.phase, transfer.state.loaded], ['paused', 40]);
  transfer.resume();
  assert.deepEqual([calls[1].model, transfer.state.phase, transfer.state.loaded], ['isnet', 'loading', 40]);
  calls[1].resolve(OUTCOME);
  await settle();
  assert.equal(done.length, 1);
});

test('a failure is kept with its error, and resume clears it', async () => {
  const { transfer, calls } = bench();
  const error = new Error('network');
  transfer.start('isnet');
  calls[0].onProgress({ stage: 'downloading', loaded: 40, total: 88 });
  calls[0].reject(error);
  await settle();
  assert.deepEqual([transfer.state.phase, transfer.state.error, transfer.state.loaded], ['failed', error, 40]);
  transfer.resume();
  assert.deepEqual([transfer.state.phase, transfer.state.error], ['loading', null]);
});

test('a download that throws before its first await is a failure like any other', async () => {
  const states = [];
  new Transfer(() => { throw new Error('at once'); }, (state) => states.push(state.phase), () => {}).start('isnet');
  await settle();
  assert.deepEqual(states, ['loading', 'failed']);
});

test('stop forgets, and what the aborted attempt still says is dropped', async () => {
  const { transfer, calls, states, done } = bench();
  transfer.start('isnet');
  transfer.stop();
  calls[0].onProgress({ stage: 'downloading', loaded: 80, total: 88 });
  calls[0].resolve(OUTCOME);
  await settle();
  assert.deepEqual([transfer.state.phase, calls[0].signal.aborted, done.length], ['idle', true, 0]);
  assert.deepEqual(states.map(({ phase }) => phase), ['loading', 'idle']);
});

test('another model takes the place of the one that runs', () => {
  const { transfer, calls } = bench();
  transfer.start('isnet');
  transfer.start('birefnet');
  assert.deepEqual([calls[0].signal.aborted, transfer.state.model, transfer.state.loaded], [true, 'birefnet', 0]);
});

test('what does not fit the phase changes nothing', () => {
  const { transfer, calls, states } = bench();
  transfer.pause();
  transfer.resume();
  transfer.stop();
  assert.equal(states.length, 0);
  transfer.start('isnet');
  transfer.resume();
  assert.equal(calls.length, 1);
});
