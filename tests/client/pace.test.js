import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { begun, ended, NO_PACE, remainingMs } from '../../client/page/pace.js';

/** Photos that took so long, one after the other, the first from `at` on. */
function after(times, at = 0) {
  let [pace, now] = [NO_PACE, at];
  for (const ms of times) {
    pace = begun(pace, now, 'decoding');
    now += ms;
    pace = ended(pace, now, true);
  }
  return pace;
}

describe('the time that is left', () => {
  test('is not known before two photos are done', () => {
    assert.deepEqual([[], [4000]].map((times) => remainingMs(after(times), 10, 0)), [null, null]);
    assert.equal(remainingMs(after([4000, 4000]), 10, 8000), 40_000);
  });

  test('is none where nothing is left', () => assert.equal(remainingMs(after([4000, 4000]), 0, 8000), null));

  test('is not bent by one photo that took very long, or no time', () => {
    assert.equal(remainingMs(after([4000, 90_000, 4200, 3800, 5]), 10, 0), 40_000);
  });

  test('follows photos of another kind once most of the latest are', () => {
    const small = Array.from({ length: 30 }, () => 1000);
    const large = Array.from({ length: 5 }, () => 8000);
    assert.equal(remainingMs(after([...small, ...large]), 1, 0), 8000);
  });

  test('becomes less while one is under way, but not beyond what that one should take', () => {
    const pace = begun(after([4000, 4000]), 8000, 'decoding');
    assert.deepEqual([9000, 12_000, 60_000].map((at) => remainingMs(pace, 3, at)), [11_000, 8000, 8000]);
  });
});

describe('what a photo took', () => {
  test('does not hold the time in which the model was brought up for the first one', () => {
    let pace = begun(NO_PACE, 0, 'loading');
    pace = begun(pace, 30_000, 'decoding');
    pace = ended(begun(pace, 31_000, 'running'), 32_000, true);
    assert.deepEqual(pace.times, [2000]);
    assert.equal(begun(pace, 40_000, 'loading').since, 40_000);
  });

  test('is nothing where it failed or was cancelled', () => {
    const pace = ended(begun(after([2000]), 2000, 'running'), 2001, false);
    assert.deepEqual([pace.times, pace.since], [[2000], null]);
  });
});
