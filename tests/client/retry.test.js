import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { retryAfter, retrying } from '../../client/delivery/retry.js';
import { MatteboxError } from '../../client/shared/errors.js';
import { hurry } from './file-server.js';
import { settle } from './worker-pair.js';

const failure = (code, details) => new MatteboxError(code, { name: 'a.onnx', ...details });

/** How often work is tried that fails in these ways, the last one for ever. */
async function tries(t, ...ways) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const firsts = [];
  const work = async (isFirst) => {
    firsts.push(isFirst);
    throw ways[Math.min(firsts.length, ways.length) - 1];
  };
  const thrown = await hurry(t, retrying(new AbortController().signal, work)).catch((error) => error);
  assert.deepEqual(firsts, firsts.map((_, i) => i === 0));
  return { count: firsts.length, thrown };
}

describe('what may pass is tried again, then told', () => {
  const cases = [
    ['network', {}, 6],
    ['http-status', { status: 503 }, 4],
    ['http-status', { status: 429 }, 4],
    ['http-status', { status: 408 }, 4],
    ['length-mismatch', {}, 3],
    ['range-mismatch', {}, 3],
    ['model-corrupt', {}, 3],
  ];
  for (const [code, details, count] of cases) {
    test(`${code} ${details.status ?? ''}: ${count} tries`, async (t) => {
      const error = failure(code, details);
      assert.deepEqual(await tries(t, error), { count, thrown: error });
    });
  }
});

describe('what stays is told at once', () => {
  const cases = [
    failure('http-status', { status: 404 }),
    failure('http-status', { status: 403 }),
    failure('http-status', { status: 503, retryAfterMs: 31_000 }),
    failure('file-changed'),
    failure('storage-full'),
    new TypeError('x is null'),
  ];
  for (const error of cases) {
    test(`${error.code ?? error.name} ${error.details?.status ?? ''}`, async (t) => assert.deepEqual(await tries(t, error), { count: 1, thrown: error }));
  }
});

test('each kind of failure has its own number of tries', async (t) => {
  const { count, thrown } = await tries(t, failure('network'), failure('length-mismatch'), failure('network'), failure('model-corrupt'));
  assert.deepEqual([count, thrown.code], [6, 'model-corrupt']);
});

test('it waits longer each time, and as long as the server says', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(Math, 'random', () => 0.5);
  const times = [];
  let now = 0;
  const errors = [failure('network'), failure('network'), failure('http-status', { status: 503, retryAfterMs: 7000 })];
  const done = retrying(new AbortController().signal, async () => {
    times.push(now);
    if (errors.length) throw errors.shift();
    return 'there';
  });
  while (times.length < 4) {
    await settle();
    t.mock.timers.tick(100);
    now += 100;
  }
  assert.equal(await done, 'there');
  assert.deepEqual(times.map((time, i) => time - (times[i - 1] ?? 0)), [0, 500, 1000, 7000]);
});

test('many browsers do not come back in one instant', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (const [random, early, late] of [[0, 300, 80], [0.999, 600, 100]]) {
    t.mock.method(Math, 'random', () => random);
    let count = 0;
    const done = retrying(new AbortController().signal, async () => {
      if (count++ === 0) throw failure('network');
    });
    await settle();
    t.mock.timers.tick(early);
    await settle();
    assert.equal(count, 1, `${early} ms is too early`);
    t.mock.timers.tick(late);
    await done;
    assert.equal(count, 2);
  }
});

test('an abort ends the waiting', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const controller = new AbortController();
  let count = 0;
  const done = retrying(controller.signal, () => {
    count++;
    return Promise.reject(failure('network'));
  });
  await settle();
  controller.abort();
  await assert.rejects(done, { code: 'cancelled' });
  t.mock.timers.tick(60_000);
  await settle();
  assert.equal(count, 1);
});

test('Retry-After is a number of seconds or a date', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1, 12) });
  const cases = { 5: 5000, '0.5': 500, 'Thu, 01 Jan 2026 12:00:10 GMT': 10_000, 'Thu, 01 Jan 2026 11:00:00 GMT': undefined, soon: undefined, 0: undefined, '-3': undefined };
  for (const [header, ms] of Object.entries(cases)) assert.equal(retryAfter(header), ms, header);
  assert.equal(retryAfter(null), undefined);
  assert.equal(retryAfter(''), undefined);
});
