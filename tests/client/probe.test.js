import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import { FLOP } from '../../client/gpu/matmul.js';
import { measureGpu } from '../../client/gpu/matmul-gpu.js';
import { lookAtGpu, lookForAdapter } from '../../client/gpu/probe.js';
import { fakeGpu } from './fake-gpu.js';

/** Real ms, for what never ends; a loaded machine must manage all that does end within it. */
const PATIENCE = 300;
const measure = ({ adapter, seen }, options) => measureGpu(adapter, { now: seen.now, patienceMs: 20_000, ...options });
const near = (value, expected, share) => assert.ok(Math.abs(value / expected - 1) <= share, `${value} instead of ${expected}`);

before(() => {
  // Node has had one only since version 21.
  if (!globalThis.navigator) Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'a browser' }, configurable: true });
});

describe('speed of a GPU', () => {
  for (const gflops of [0.05, 0.3, 5, 80, 400, 5000]) {
    for (const latencyMs of [0.5, 5, 100]) {
      test(`${gflops} GFLOP/s, told ${latencyMs} ms late`, async () => {
        const fake = fakeGpu({ gflops, latencyMs });
        const found = await measure(fake);
        // Where a round is mostly waiting, only a lower bound is known: what was done in the time.
        const done = (fake.seen.rounds.at(-1) * FLOP) / 1e6;
        const least = done / (latencyMs + done / gflops);
        near(found.gflops, found.gflops > gflops * 0.98 ? gflops : least, 0.02);
        assert.equal(fake.seen.open, 0);
      });
    }
  }

  test('stays within its budget on hardware', async () => {
    for (const gflops of [50, 200, 1000, 10_000]) {
      const fake = fakeGpu({ gflops });
      const { ms } = await measure(fake);
      assert.ok(ms <= 50 + fake.seen.rounds.length, `${ms} ms at ${gflops} GFLOP/s`);
    }
  });

  test('a slow one is not asked for more than its first rounds', async () => {
    for (const [gflops, rounds] of [[0.3, [1, 1, 8]], [0.1, [1, 1]]]) {
      const fake = fakeGpu({ gflops });
      await measure(fake);
      assert.deepEqual(fake.seen.rounds, rounds);
    }
  });

  test('a clock that is too coarse to tell', async () => {
    assert.equal(await measure(fakeGpu({ gflops: 10_000, tick: 1000 })), null);
  });
});

describe('a GPU that fails', () => {
  const FAILURES = {
    'probe-failed': [{ device: 'reject' }, { device: 'throw' }, { pipeline: 'reject' }, { map: 'reject' }, { map: 'lost' }, { map: 'error' }],
    'probe-timeout': [{ device: 'never' }, { pipeline: 'never' }, { map: 'never' }],
  };
  for (const [trouble, behaviours] of Object.entries(FAILURES)) {
    for (const behaviour of behaviours) {
      test(`${trouble}: ${JSON.stringify(behaviour)}`, async () => {
        const fake = fakeGpu(behaviour);
        const found = await measure(fake, trouble === 'probe-timeout' ? { patienceMs: PATIENCE } : {});
        assert.equal(found.trouble, trouble);
        if (trouble === 'probe-failed') assert.match(found.cause, /\w/);
        await turn();
        assert.equal(fake.seen.open, 0, 'no device is left open');
      });
    }
  }

  test('a device that opens too late is destroyed, and nothing is done with it', async () => {
    const fake = fakeGpu({ device: 'late' });
    assert.deepEqual(await measure(fake, { patienceMs: 5 }), { trouble: 'probe-timeout' });
    fake.seen.late();
    await turn();
    assert.deepEqual([fake.seen.opened, fake.seen.open, fake.seen.rounds.length], [1, 0, 0]);
  });

  const SPOILT = {
    'all zeros': (c) => c.fill(0),
    'not a number': (c) => c.fill(NaN),
    'one value off by one': (c) => { c[40_000] += 1; },
    'one value off by the last bit of f16': (c) => { c[65_535] *= 1.0005; },
    'two values swapped': (c) => { [c[5], c[70]] = [c[70] + 1, c[5] - 1]; },
    'the last tile left out': (c) => c.fill(0, 65_536 - 32),
    'wrong only under load': (c, round) => { if (round > 2) c[0] += 8; },
  };
  for (const [how, spoil] of Object.entries(SPOILT)) {
    test(`wrong: ${how}`, async () => {
      const fake = fakeGpu({ spoil });
      assert.deepEqual(await measure(fake), { trouble: 'probe-wrong' });
      assert.equal(fake.seen.open, 0);
    });
  }
});

const requesting = (requestAdapter) => ({ requestAdapter });

describe('looking for an adapter', () => {
  for (const [how, gpu, trouble] of [
    ['none in this browser', undefined, 'no-webgpu'],
    ['null', requesting(async () => null), 'no-adapter'],
    ['rejecting', requesting(async () => { throw new Error('blocked'); }), 'adapter-failed'],
    ['throwing', requesting(() => { throw new Error('blocked'); }), 'adapter-failed'],
    ['never', requesting(() => new Promise(() => {})), 'adapter-timeout'],
    ['an adapter that cannot be described', requesting(async () => ({ get info() { throw new Error('gone'); } })), 'adapter-failed'],
  ]) {
    test(how, async () => {
      assert.deepEqual(await lookForAdapter(gpu, PATIENCE), { trouble });
      const { ms, ...findings } = await lookAtGpu({ gpu, adapterMs: PATIENCE });
      assert.ok(ms >= 0);
      assert.deepEqual(findings, { trouble, adapter: null, key: '', jspi: typeof WebAssembly.Suspending === 'function', gpu: null, cpu: null, remembered: false });
    });
  }
});

describe('looking at a GPU', () => {
  const CPU = { gflops: 20, ms: 1 };
  const look = async (behaviour, options) => {
    const fake = fakeGpu(behaviour);
    const onGpu = (adapter) => measureGpu(adapter, { now: fake.seen.now, patienceMs: 20_000 });
    const findings = await lookAtGpu({ gpu: requesting(async () => fake.adapter), onGpu, onCpu: () => CPU, ...options });
    return { findings, fake };
  };

  test('hardware is measured, and the CPU beside it', async () => {
    const { findings, fake } = await look({ gflops: 300 });
    near(findings.gpu.gflops, 300, 0.05);
    assert.deepEqual([findings.cpu, findings.trouble, findings.remembered, fake.seen.opened, fake.seen.open], [CPU, null, false, 1, 0]);
    assert.ok(findings.key.startsWith(`${navigator.userAgent}|intel|`));
  });

  test('what is known of the same browser and adapter is not measured again', async () => {
    const { findings: first } = await look();
    for (const gpu of [first.gpu, { trouble: 'probe-wrong' }, null]) {
      const { findings, fake } = await look({}, { known: { key: first.key, gpu, cpu: null } });
      assert.deepEqual([findings.remembered, findings.gpu, findings.cpu, fake.seen.opened], [true, gpu, null, 0]);
    }
  });

  test('another adapter is', async () => {
    const { findings: first } = await look();
    const { findings, fake } = await look({ info: { vendor: 'amd' } }, { known: { ...first, gpu: { gflops: 1, ms: 1 } } });
    assert.deepEqual([findings.remembered, fake.seen.opened], [false, 1]);
    near(findings.gpu.gflops, 200, 0.05);
  });

  for (const behaviour of [{ info: { vendor: 'google', isFallbackAdapter: true } }, { info: { description: 'llvmpipe' } }, { maxBufferSize: 0 }]) {
    test(`not measured: ${JSON.stringify(behaviour)}`, async () => {
      const { findings, fake } = await look(behaviour);
      assert.deepEqual([findings.trouble, findings.gpu, findings.cpu, fake.seen.opened], [null, null, null, 0]);
    });
  }

  test('when the GPU fails, the CPU need not be measured', async () => {
    const { findings } = await look({ map: 'reject' });
    assert.deepEqual([findings.gpu.trouble, findings.cpu], ['probe-failed', null]);
  });
});
