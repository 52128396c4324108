import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { plan } from '../../client/inference/plan.js';

const MOST = 16;

const REASON = { auto: 'only-backend', wasm: 'requested', webgpu: 'backend-not-offered' };

/** Every number of cores with every number of threads, none included. */
function* numbers() {
  for (const cores of [1, 2, 16, 96]) for (const threads of [undefined, 0, 1, 2, 16, 64]) yield { cores, threads };
}

describe('every combination of wish and surroundings has its attempts', () => {
  for (const requested of ['auto', 'wasm', 'webgpu']) {
    for (const sharedMemory of [true, false]) {
      test(`${requested}, ${sharedMemory ? 'shared memory' : 'none'}`, () => {
        for (const { cores, threads } of numbers()) {
          const { attempts, refused, reason } = plan({ requested, threads, environment: { cores, sharedMemory } });
          const wanted = threads ?? cores;
          const counts = sharedMemory && wanted > 1 ? [Math.min(wanted, MOST), 1] : [1];
          assert.deepEqual(attempts, counts.map((count) => ({ backend: 'wasm', build: 'wasm', threads: count })), `${threads} of ${cores}`);
          const refusal = { backend: 'webgpu', build: null, outcome: 'refused', code: 'backend-not-offered' };
          assert.deepEqual(refused, requested === 'webgpu' ? [refusal] : []);
          assert.equal(reason, REASON[requested]);
        }
      });
    }
  }
});
