import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Watchdog } from '../../client/engine/watchdog.js';
import { standIn } from './stand-in.js';

/** A clock that only moves when told to; `nap` passes time in which no timer runs. */
function clock(t) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  standIn(t, { performance: { now: () => now } });
  const pass = (ms, step = 500) => {
    for (let left = ms; left > 0; left -= step) {
      now += Math.min(step, left);
      t.mock.timers.tick(Math.min(step, left));
    }
  };
  return { pass, nap: (ms) => { now += ms; } };
}

test('a stage that takes too long is given up, once', (t) => {
  const { pass } = clock(t);
  const expired = [];
  new Watchdog((...stage) => expired.push(stage)).watch('creating', 3000);
  pass(2500);
  assert.deepEqual(expired, []);
  pass(60_000);
  assert.deepEqual(expired, [['creating', 3000]]);
});

test('the next stage has its own time', (t) => {
  const { pass } = clock(t);
  const expired = [];
  const watchdog = new Watchdog((...stage) => expired.push(stage));
  watchdog.watch('creating', 3000);
  pass(2500);
  watchdog.watch('canary', 3000);
  pass(2500);
  assert.deepEqual(expired, []);
  watchdog.stop();
  pass(60_000);
  assert.deepEqual(expired, []);
});

test('time in which the device slept does not count', (t) => {
  const { pass, nap } = clock(t);
  const expired = [];
  new Watchdog((...stage) => expired.push(stage)).watch('running', 10_000);
  pass(2000);
  nap(8 * 3600_000);
  pass(2000);
  assert.deepEqual(expired, []);
  pass(8000);
  assert.deepEqual(expired, [['running', 10_000]]);
});
