import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import '../../client/messages/errors.js';
import { MatteboxError } from '../../client/shared/errors.js';
import { onDemand } from '../../client/shared/on-demand.js';
import { standIn } from './stand-in.js';
import { joined, settle } from './worker-pair.js';

/** A handler that is finished by hand. */
function byHand() {
  const calls = [];
  const handler = (args, context) => new Promise((resolve, reject) => calls.push({ args, context, resolve, reject }));
  return { calls, handler };
}

test('a call ends with the handler’s result', async () => {
  const { channel } = joined({ double: async ({ n }) => ({ n: n * 2 }) });
  assert.deepEqual(await channel.call('double', { n: 21 }), { n: 42 });
});

test('calls are told apart, in whatever order they end', async () => {
  const { calls, handler } = byHand();
  const { channel } = joined({ wait: handler });
  const results = Promise.all(['a', 'b', 'c'].map((name) => channel.call('wait', name)));
  await settle();
  for (const { args, resolve } of calls.toReversed()) resolve(args.toUpperCase());
  assert.deepEqual(await results, ['A', 'B', 'C']);
});

test('progress comes before the result, to its own call only', async () => {
  const { channel } = joined({
    async count({ to }, { progress }) {
      for (let i = 1; i <= to; i++) progress({ i, to });
    },
  });
  const seen = { two: [], three: [] };
  const two = channel.call('count', { to: 2 }, { onProgress: (event) => seen.two.push(event.i) });
  const three = channel.call('count', { to: 3 }, { onProgress: (event) => seen.three.push(event.i) });
  await two;
  assert.deepEqual(seen.two, [1, 2]);
  await three;
  assert.deepEqual(seen.three, [1, 2, 3]);
  await channel.call('count', { to: 1 });
});

describe('an error arrives as one of ours', () => {
  test('with code, details, sentence and advice', async () => {
    const sent = new MatteboxError('length-mismatch', { name: 'a.onnx', expected: 10, received: 9 });
    const { channel } = joined({ fail: () => Promise.reject(sent) });
    const error = await channel.call('fail', null).catch((caught) => caught);
    assert.ok(error instanceof MatteboxError);
    for (const field of ['code', 'details', 'message', 'advice']) assert.deepEqual(error[field], sent[field]);
  });
  test('also when it was none', async () => {
    const { channel } = joined({ fail: () => Promise.reject(new TypeError('x is null')) });
    await assert.rejects(channel.call('fail', null), { code: 'internal', details: { cause: 'TypeError: x is null' } });
  });
  test('and the worker is ended that could not load a part of itself, for it never can', async () => {
    const load = onDemand(() => import('./no-such-module.js'), 'rare.js');
    const { channel, worker } = joined({ load, wait: () => new Promise(() => {}) });
    const waiting = channel.call('wait', null);
    await assert.rejects(channel.call('load', null), { code: 'network', message: 'The connection failed while rare.js was being downloaded.' });
    await assert.rejects(waiting, { code: 'network' });
    assert.deepEqual([channel.isAlive, worker.isTerminated], [false, true]);
  });
  test('when the handler throws before its first await', async () => {
    const { channel } = joined({ fail: () => { throw new MatteboxError('bad-matte', { reason: 'flat' }); } });
    await assert.rejects(channel.call('fail', null), { code: 'bad-matte' });
  });
  test('when nobody answers to that name', async () => {
    await assert.rejects(joined({}).channel.call('nothing', null), { code: 'internal' });
  });
  test('when the result cannot be sent', async () => {
    const { channel } = joined({ leak: async () => () => 1 });
    await assert.rejects(channel.call('leak', null), { code: 'internal' });
  });
  test('when the arguments cannot be sent', async () => {
    const { channel } = joined({ echo: async (args) => args });
    const error = await channel.call('echo', () => 1).catch((caught) => caught);
    assert.ok(error instanceof MatteboxError);
    assert.equal(error.code, 'internal');
    assert.equal(await channel.call('echo', 1), 1);
  });
});

describe('abort', () => {
  test('before the call: nothing is posted', async () => {
    const { worker, channel } = joined({ wait: byHand().handler });
    await assert.rejects(channel.call('wait', null, { signal: AbortSignal.abort() }), { code: 'cancelled' });
    assert.equal(worker.posted.length, 0);
  });

  test('during the call: it is rejected at once and the handler is told', async () => {
    const { calls, handler } = byHand();
    const { channel } = joined({ wait: handler });
    const [first, second] = [new AbortController(), new AbortController()];
    const aborted = channel.call('wait', 1, { signal: first.signal });
    const other = channel.call('wait', 2, { signal: second.signal });
    await settle();
    first.abort();
    // Before any message could have come back: the handlers have not been told yet.
    await assert.rejects(aborted, { code: 'cancelled' });
    assert.equal(calls[0].context.signal.aborted, false);
    await settle();
    assert.deepEqual(calls.map(({ context }) => context.signal.aborted), [true, false]);
    calls[1].resolve('done');
    assert.equal(await other, 'done');
  });

  test('what the handler still says is ignored', async () => {
    const { calls, handler } = byHand();
    const { channel } = joined({ wait: handler });
    for (const [i, end] of [(call) => call.resolve('late'), (call) => call.reject(new Error('late'))].entries()) {
      const controller = new AbortController();
      const seen = [];
      const aborted = channel.call('wait', null, { signal: controller.signal, onProgress: (event) => seen.push(event) });
      await settle();
      controller.abort();
      await assert.rejects(aborted, { code: 'cancelled' });
      calls[i].context.progress('late');
      end(calls[i]);
      await settle();
      assert.deepEqual(seen, []);
    }
    assert.equal(channel.isAlive, true);
  });

  test('after the end: nothing happens', async () => {
    const { worker, channel } = joined({ echo: async (args) => args });
    const controller = new AbortController();
    assert.equal(await channel.call('echo', 5, { signal: controller.signal }), 5);
    controller.abort();
    await settle();
    assert.deepEqual(worker.posted.map(({ type }) => type), ['call']);
  });
});

describe('a worker that is gone', () => {
  const endings = {
    'after a crash': [({ worker }) => worker.crash('boom'), 'boom'],
    'whose script could not be loaded': [({ worker }) => worker.crash(), 'its script could not be loaded'],
    'whose message could not be read': [({ worker }) => worker.garble(), 'a message could not be read'],
    'because it was ended': [({ channel }) => channel.end(), 'terminated'],
  };
  for (const [name, [happen, cause]] of Object.entries(endings)) {
    test(`${name}: every open call and every later one fails`, async () => {
      const pair = joined({ wait: byHand().handler });
      const open = [pair.channel.call('wait', 1), pair.channel.call('wait', 2)];
      await settle();
      happen(pair);
      for (const call of [...open, pair.channel.call('wait', 3)]) {
        await assert.rejects(call, { code: 'worker-crashed', details: { realm: 'inference', cause } });
      }
      assert.equal(pair.channel.isAlive, false);
      assert.equal(pair.worker.isTerminated, true);
      assert.equal(pair.worker.posted.length, 2);
    });
  }

  test('the crash is not reported a second time by the browser', () => {
    assert.equal(joined({}).worker.crash('boom').defaultPrevented, true);
  });

  test('the first reason is kept', async () => {
    const { worker, channel } = joined({});
    channel.end(new MatteboxError('out-of-memory'));
    worker.crash('boom');
    channel.end();
    await assert.rejects(channel.call('anything', null), { code: 'out-of-memory' });
  });

  test('an abort afterwards still says cancelled', async () => {
    const { channel } = joined({});
    channel.end();
    await assert.rejects(channel.call('anything', null, { signal: AbortSignal.abort() }), { code: 'cancelled' });
  });
});

test('buffers are handed over in both directions, not copied', async () => {
  let kept;
  const { channel } = joined({
    async grow({ buffer }, { transfer }) {
      kept = new ArrayBuffer(buffer.byteLength * 2);
      transfer(kept);
      return { grown: kept };
    },
  });
  const mine = new ArrayBuffer(8);
  const { grown } = await channel.call('grow', { buffer: mine }, { transfer: [mine] });
  assert.deepEqual([mine.byteLength, kept.byteLength, grown.byteLength], [0, 0, 16]);
});

test('without a transfer list a buffer stays usable', async () => {
  const { channel } = joined({ size: async ({ buffer }) => buffer.byteLength });
  const mine = new ArrayBuffer(8);
  assert.equal(await channel.call('size', { buffer: mine }), 8);
  assert.equal(mine.byteLength, 8);
});

test('a worker that is gone without a word is found out by the lock it let go of', async (t) => {
  /** Who holds or awaits each lock, in order; the first has it. @type {Map<string, (() => void)[]>} */
  const queues = new Map();
  const locks = {
    async request(name, work) {
      const queue = queues.get(name) ?? [];
      queues.set(name, queue);
      queue.push(work);
      if (queue.length === 1) work();
    },
  };
  standIn(t, { navigator: { locks } });
  const { handler } = byHand();
  const { channel } = joined({ wait: handler });
  const waiting = channel.call('wait', null).catch((error) => error);
  await settle();
  const [[, queue]] = queues;
  assert.deepEqual([queues.size, queue.length, channel.isAlive], [1, 2, true], 'held by the worker, awaited by the page');
  queue[1]();
  const error = await waiting;
  assert.deepEqual([error.code, error.details, channel.isAlive], ['worker-crashed', { realm: 'inference', cause: 'gone' }, false]);
});
