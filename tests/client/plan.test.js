import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { after, attemptKey, isMendable, plan, threadCount } from '../../client/engine/plan.js';

const MOST = 16;
const FIT = { verdict: 'fit', reason: 'hardware-adapter', detail: {} };
const DEGRADED = { verdict: 'degraded', reason: 'fallback-adapter', detail: {} };
const UNFIT = { verdict: 'unfit', reason: 'limit-too-low', detail: {} };

/** A plan for a model on both backends, on an isolated page with four cores, but for what is given. */
const planned = (given = {}) =>
  plan({
    requested: 'auto', threads: undefined, environment: { cores: 4, sharedMemory: true }, backends: ['webgpu', 'wasm'], verdict: FIT, jspi: true, known: {}, ...given,
  });
const keys = ({ attempts }) => attempts.map(attemptKey);
const refusals = ({ refused }) => refused.map(({ backend, build, threads, outcome, code }) => [backend, build, threads, outcome, code]);

const GPU_FIRST = ['jspi', 'asyncify', 'wasm×4', 'wasm×1'];
const CPU_ONLY = ['wasm×4', 'wasm×1'];

describe('without a GPU to look at', () => {
  const REASON = { auto: 'only-backend', wasm: 'requested', webgpu: 'backend-not-offered' };
  for (const requested of ['auto', 'wasm', 'webgpu']) {
    for (const sharedMemory of [true, false]) {
      test(`${requested}, ${sharedMemory ? 'shared memory' : 'none'}: every number of cores with every number of threads`, () => {
        for (const cores of [1, 2, 16, 96]) {
          for (const threads of [undefined, 0, 1, 2, 16, 64]) {
            const made = planned({ requested, threads, environment: { cores, sharedMemory }, backends: ['wasm'], verdict: null });
            const first = sharedMemory ? Math.min(Math.max(threads ?? cores, 1), MOST) : 1;
            assert.deepEqual(made.attempts, [first, 1].map((count) => ({ backend: 'wasm', build: 'wasm', threads: count })), `${threads} of ${cores}`);
            assert.deepEqual(refusals(made), requested === 'webgpu' ? [['webgpu', null, 0, 'refused', 'backend-not-offered']] : []);
            assert.equal(made.reason, REASON[requested]);
          }
        }
      });
    }
  }
});

describe('what is judged decides', () => {
  const cases = [
    ['auto', FIT, GPU_FIRST, 'hardware-adapter', []],
    ['auto', DEGRADED, CPU_ONLY, 'fallback-adapter', ['fallback-adapter']],
    ['auto', UNFIT, CPU_ONLY, 'limit-too-low', ['limit-too-low']],
    ['auto', null, CPU_ONLY, 'no-webgpu', ['no-webgpu']],
    ['webgpu', FIT, GPU_FIRST, 'requested', []],
    ['webgpu', DEGRADED, GPU_FIRST, 'requested', []],
    ['webgpu', UNFIT, CPU_ONLY, 'limit-too-low', ['limit-too-low']],
    ['wasm', FIT, CPU_ONLY, 'requested', []],
  ];
  for (const [requested, verdict, expected, reason, refused] of cases) {
    test(`${requested}, ${verdict?.verdict ?? 'nobody looked'}`, () => {
      const made = planned({ requested, verdict });
      assert.deepEqual([keys(made), made.reason, made.refused.map(({ code }) => code)], [expected, reason, refused]);
    });
  }
  test('a runtime that needs suspending is left out where nothing can be suspended', () => {
    assert.deepEqual(keys(planned({ jspi: false })), ['asyncify', ...CPU_ONLY]);
  });
  test('a model that runs on a GPU only has no attempt without one', () => {
    const only = { backends: ['webgpu'] };
    assert.deepEqual(keys(planned(only)), ['jspi', 'asyncify']);
    assert.deepEqual(keys(planned({ ...only, verdict: DEGRADED })), []);
    assert.deepEqual(keys(planned({ ...only, requested: 'wasm' })), ['jspi', 'asyncify'], 'what it cannot do is not insisted on');
  });
});

describe('what this device has shown decides', () => {
  const took = (runMs) => ({ runMs, failure: null });
  const broke = (code, count = 1, isFresh = false) => ({ runMs: null, failure: { code, at: 1, count, isFresh } });

  test('between two that have run, the faster goes first', () => {
    const slower = planned({ known: { jspi: took(900), 'wasm×4': took(500) } });
    assert.deepEqual([keys(slower), slower.reason, slower.refused[0].code], [CPU_ONLY, 'learned-slower', 'learned-slower']);
    const faster = planned({ known: { jspi: took(200), 'wasm×4': took(500) } });
    assert.deepEqual([keys(faster), faster.reason], [GPU_FIRST, 'learned-faster']);
  });
  test('nothing is concluded from one alone, or from another number of threads', () => {
    for (const known of [{ jspi: took(900) }, { 'wasm×4': took(1) }, { jspi: took(900), 'wasm×2': took(1) }]) {
      assert.deepEqual([keys(planned({ known })), planned({ known }).reason], [GPU_FIRST, 'hardware-adapter']);
    }
  });
  for (const code of ['canary-mismatch', 'too-slow', 'timed-out', 'gpu-failed', 'bad-matte']) {
    test(`${code} once is enough`, () => {
      const made = planned({ known: { jspi: broke(code) } });
      assert.deepEqual([keys(made), made.reason, made.refused[0].code], [CPU_ONLY, 'failed-before', 'failed-before']);
    });
  }
  for (const code of ['gpu-lost', 'out-of-memory', 'worker-crashed']) {
    test(`${code} may be a moment's, and counts from the second time`, () => {
      assert.deepEqual(keys(planned({ known: { jspi: broke(code, 1) } })), GPU_FIRST);
      assert.deepEqual(keys(planned({ known: { jspi: broke(code, 2) } })), CPU_ONLY);
    });
  }
  test('a runtime that did not start is left out, and the other build goes first', () => {
    assert.deepEqual(keys(planned({ known: { jspi: broke('runtime-failed') } })), ['asyncify', ...CPU_ONLY]);
  });
  test('threads that hung are not started again, and that is on record', () => {
    const made = planned({ verdict: UNFIT, known: { 'wasm×4': broke('timed-out') } });
    assert.deepEqual(keys(made), ['wasm×1', 'wasm×1']);
    assert.deepEqual(refusals(made), [['webgpu', null, 0, 'refused', 'limit-too-low'], ['wasm', 'wasm', 4, 'refused', 'failed-before']]);
  });
  test('one thread is never refused: nothing comes after it', () => {
    const environment = { cores: 1, sharedMemory: true };
    assert.deepEqual(keys(planned({ verdict: UNFIT, environment, known: { 'wasm×1': broke('timed-out', 9) } })), ['wasm×1', 'wasm×1']);
  });
  test('who asks for the GPU gets it again, but not for each photo of a batch', () => {
    const remembered = broke('canary-mismatch');
    const fresh = broke('canary-mismatch', 1, true);
    assert.deepEqual(keys(planned({ requested: 'webgpu', known: { jspi: remembered, asyncify: remembered } })), GPU_FIRST);
    const again = planned({ requested: 'webgpu', known: { jspi: fresh, asyncify: fresh } });
    assert.deepEqual([keys(again), again.reason], [CPU_ONLY, 'failed-before']);
  });
});

describe('after a failure', () => {
  const left = (attempts, code) => after(attempts, code).map(attemptKey);
  const { attempts } = planned();

  test('a runtime that did not start may start as the other build', () => {
    assert.deepEqual(left(attempts, 'runtime-failed'), ['asyncify', ...CPU_ONLY]);
  });
  for (const code of ['gpu-lost', 'gpu-failed', 'gpu-unavailable', 'canary-mismatch', 'too-slow', 'timed-out', 'session-failed', 'worker-crashed']) {
    test(`${code} on a GPU is so under either build`, () => {
      assert.deepEqual(left(attempts, code), CPU_ONLY);
    });
  }
  test('threads may have been to blame for anything', () => {
    for (const code of ['timed-out', 'session-failed', 'canary-mismatch']) assert.deepEqual(left(attempts.slice(2), code), ['wasm×1']);
  });
  test('the same is tried again only for what a fresh worker may mend', () => {
    const single = planned({ environment: { cores: 1, sharedMemory: false }, verdict: UNFIT }).attempts;
    for (const code of ['runtime-failed', 'worker-crashed']) assert.deepEqual(left(single, code), ['wasm×1']);
    for (const code of ['session-failed', 'canary-mismatch', 'timed-out', 'out-of-memory']) assert.deepEqual(left(single, code), []);
  });
  test('photos, the network and the person are no fault of an attempt', () => {
    for (const code of ['corrupt-image', 'network', 'cancelled', 'model-interface', 'encode-failed']) assert.equal(isMendable(code), false, code);
    for (const code of ['gpu-lost', 'timed-out', 'worker-crashed']) assert.equal(isMendable(code), true, code);
  });
});

test('threads: what is wished, within what there is', () => {
  assert.equal(threadCount({ cores: 8, sharedMemory: true }), 8);
  assert.equal(threadCount({ cores: 8, sharedMemory: false }), 1);
  assert.equal(threadCount({ cores: 64, sharedMemory: true }), MOST);
  assert.equal(threadCount({ cores: 8, sharedMemory: true }, 3), 3);
});
