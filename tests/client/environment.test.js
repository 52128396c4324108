import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { environment, tryStorage } from '../../client/engine/environment.js';

const CACHELESS = { isSecureContext: true, crossOriginIsolated: true, navigator: { hardwareConcurrency: 8 }, SharedArrayBuffer };
const BEST = { ...CACHELESS, caches: {} };

test('a secure, isolated page with all it needs loses nothing', () => {
  assert.deepEqual(environment(BEST), {
    secure: true, isolated: true, sharedMemory: true, cores: 8, threads: 8, cacheStorage: true, walls: { page: 'unknown', inference: 'unknown', delivery: 'unknown' }, losses: [],
  });
});

describe('what is missing, and what it costs', () => {
  const cases = {
    // Browsers withhold isolation and storage from an insecure context: one cause, one loss.
    'plain http': [{ navigator: BEST.navigator }, ['insecure-context'], 1],
    'no isolation headers': [{ ...BEST, crossOriginIsolated: false }, ['not-isolated'], 1],
    'no Cache Storage': [CACHELESS, ['no-cache-storage'], 8],
    'Cache Storage there and undefined': [{ ...BEST, caches: undefined }, ['no-cache-storage'], 8],
    'neither isolation nor storage': [{ ...CACHELESS, crossOriginIsolated: false }, ['not-isolated', 'no-cache-storage'], 1],
    'isolated, but no shared memory': [{ ...BEST, SharedArrayBuffer: undefined }, [], 1],
    'one core': [{ ...BEST, navigator: { hardwareConcurrency: 1 } }, ['one-core'], 1],
    'a browser that hides its cores': [{ ...BEST, navigator: {} }, ['one-core'], 1],
    'a browser that says 0 cores': [{ ...BEST, navigator: { hardwareConcurrency: 0 } }, ['one-core'], 1],
    nothing: [{}, ['insecure-context', 'one-core'], 1],
  };
  for (const [name, [scope, losses, threads]] of Object.entries(cases)) {
    test(name, () => {
      const found = environment(scope);
      assert.deepEqual([found.losses, found.threads], [losses, threads]);
    });
  }
});

test('a storage that lets nobody in is none', async () => {
  const blocked = { ...BEST, caches: { has: () => Promise.reject(new DOMException('denied', 'SecurityError')) } };
  const open = { ...BEST, caches: { has: async () => false } };
  for (const scope of [blocked, open, {}]) await tryStorage(scope);
  assert.deepEqual(environment(blocked).losses, ['no-cache-storage']);
  assert.deepEqual(environment(open).losses, []);
});

test('without an argument it is this page’s own', () => {
  assert.deepEqual(environment(), environment(globalThis));
});
