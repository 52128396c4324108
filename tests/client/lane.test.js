import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Lane, orCancelled } from '../../client/jobs/lane.js';
import { settle } from './worker-pair.js';

/** Work that is finished by hand, and a note of what has begun. */
function bench() {
  const line = new Lane();
  const begun = [];
  const finish = {};
  const enter = (name, signal) => line.enter(signal, () => {
    begun.push(name);
    return new Promise((resolve, reject) => (finish[name] = { resolve, reject }));
  });
  return { enter, begun, finish };
}

test('one at a time, in the order they came', async () => {
  const { enter, begun, finish } = bench();
  const all = ['a', 'b', 'c'].map((name) => enter(name));
  for (const [i, name] of ['a', 'b', 'c'].entries()) {
    await settle();
    assert.equal(begun.length, i + 1);
    finish[name].resolve(name.toUpperCase());
  }
  assert.deepEqual(await Promise.all(all), ['A', 'B', 'C']);
});

test('a failure is its own only', async () => {
  const { enter, begun, finish } = bench();
  const [a, b] = [enter('a'), enter('b')];
  await settle();
  finish.a.reject(new Error('no'));
  await assert.rejects(a, /no/);
  await settle();
  assert.deepEqual(begun, ['a', 'b']);
  finish.b.resolve(1);
  assert.equal(await b, 1);
});

test('whoever is cancelled leaves at once, is never begun and lets nobody pass', async () => {
  const { enter, begun, finish } = bench();
  const controller = new AbortController();
  const a = enter('a');
  const b = enter('b', controller.signal);
  const c = enter('c');
  await settle();
  controller.abort();
  await assert.rejects(b, { code: 'cancelled' });
  await assert.rejects(enter('d', AbortSignal.abort()), { code: 'cancelled' });
  await settle();
  assert.deepEqual(begun, ['a']);
  finish.a.resolve();
  await a;
  await settle();
  assert.deepEqual(begun, ['a', 'c']);
  finish.c.resolve();
  await c;
});

describe('waiting for something no longer than wanted', () => {
  test('its result or its error, without an abort', async () => {
    assert.equal(await orCancelled(Promise.resolve(5)), 5);
    assert.equal(await orCancelled(Promise.resolve(5), new AbortController().signal), 5);
    await assert.rejects(orCancelled(Promise.reject(new Error('no')), new AbortController().signal), /no/);
  });
  test('cancelled, even when it is there already', async () => {
    await assert.rejects(orCancelled(Promise.resolve(5), AbortSignal.abort()), { code: 'cancelled' });
    const controller = new AbortController();
    const waiting = orCancelled(new Promise(() => {}), controller.signal);
    controller.abort();
    await assert.rejects(waiting, { code: 'cancelled' });
  });
  test('what fails afterwards bothers nobody', async (t) => {
    const unhandled = [];
    const note = (reason) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    t.after(() => process.off('unhandledRejection', note));
    let fail;
    await assert.rejects(orCancelled(new Promise((_, reject) => (fail = reject)), AbortSignal.abort()), { code: 'cancelled' });
    fail(new Error('late'));
    await settle();
    assert.deepEqual(unhandled, []);
  });
});
