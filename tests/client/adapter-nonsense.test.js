import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import { LEAST, classify, describeAdapter, identity, isSoftware, nonsense } from '../../client/gpu/adapter.js';

const REQUIREMENTS = { memory_mib: 1, webgpu: { features: ['shader-f16'], limits: { maxBufferSize: 2 ** 28 } } };
const LIMITS = Object.keys(LEAST);

const anything = fc.anything({ withNullPrototype: true, withBigInt: true });
const absurd = fc.oneof(
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 2 ** 64 * 1.01, Number.MAX_VALUE, Number.MIN_VALUE, undefined, null, '65536', true),
  fc.integer({ max: -1 }),
  fc.double({ min: 1, max: 1e9, noInteger: true }),
);
const name = fc.oneof(fc.string(), fc.constantFrom('', 'intel', 'SwiftShader', 'warp', 'software'));
const sane = fc.record(Object.fromEntries(LIMITS.map((limit) => [limit, fc.integer({ min: LEAST[limit], max: LEAST[limit] * 16 })])));
const adapter = fc.record({
  vendor: name, architecture: name, device: name, description: name, fallback: fc.constantFrom(true, false, null),
  features: fc.array(fc.constantFrom('shader-f16', 'subgroups')), limits: sane,
});
const speed = fc.record({ gflops: fc.double({ min: 0.01, max: 1e5, noNaN: true }), ms: fc.nat() });
const threads = fc.integer({ min: 1, max: 128 });
const findings = (described, gpu = null, cpu = null) => ({ trouble: null, adapter: described, key: '', jspi: true, gpu, cpu, remembered: false, ms: 0 });

describe('nonsense', () => {
  test('one absurd limit is enough, whatever the rest says', () => {
    fc.assert(fc.property(adapter, fc.constantFrom(...LIMITS), absurd, threads, (described, limit, value, count) => {
      const broken = { ...described, limits: { ...described.limits, [limit]: value } };
      const { verdict, reason, detail } = classify(findings(broken), REQUIREMENTS, count);
      assert.deepEqual([verdict, reason, detail.name], ['unfit', 'nonsense-limits', limit]);
    }));
  });

  test('a workgroup larger than any chip', () => {
    for (const limits of [{ maxComputeInvocationsPerWorkgroup: 4_294_967_295 }, { maxComputeWorkgroupStorageSize: 2 ** 40 }]) {
      assert.equal(nonsense({ ...LEAST, ...limits })?.name, Object.keys(limits)[0]);
    }
  });

  test('"as many as you like" is what some browsers hand on, and no nonsense', () => {
    for (const value of [4_294_967_295, Number.MAX_SAFE_INTEGER, 2 ** 64]) {
      assert.equal(nonsense({ ...LEAST, maxBindingsPerBindGroup: value, maxBufferSize: value, maxStorageBuffersPerShaderStage: value }), null);
    }
  });

  test('limits inherited from Object.prototype are no limits', () => {
    const { maxBindGroups, ...rest } = LEAST;
    assert.equal(maxBindGroups, 4);
    assert.equal(nonsense(Object.assign(Object.create({ maxBindGroups: 4 }), rest))?.name, 'maxBindGroups');
  });
});

describe('hostile adapters', () => {
  test('whatever is described gives one of three verdicts, and is fit only with every need met', () => {
    const described = fc.record({
      vendor: name, architecture: name, device: name, description: name, fallback: fc.constantFrom(true, false, null), features: fc.array(name),
      limits: fc.dictionary(fc.oneof(fc.constantFrom(...LIMITS), fc.string()), fc.oneof(fc.double(), fc.integer())),
    });
    fc.assert(fc.property(fc.oneof(described, adapter), threads, (any, count) => {
      const { verdict } = classify(findings(any), REQUIREMENTS, count);
      assert.ok(['fit', 'degraded', 'unfit'].includes(verdict));
      if (verdict === 'unfit') return;
      assert.ok(any.features.includes('shader-f16'));
      for (const limit of LIMITS) assert.ok(any.limits[limit] >= Math.max(LEAST[limit], REQUIREMENTS.webgpu.limits[limit] ?? 0));
      assert.equal(verdict === 'degraded', isSoftware(any) !== null);
    }));
  });

  test('whatever an adapter holds, its description is plain and can be sent', () => {
    const words = fc.constantFrom('vendor', 'architecture', 'device', 'description', 'isFallbackAdapter');
    const weird = fc.record({
      info: fc.dictionary(words, anything), limits: fc.dictionary(fc.string(), anything), features: fc.array(fc.string()), isFallbackAdapter: anything,
    });
    fc.assert(fc.property(weird, (any) => {
      const described = describeAdapter(any);
      for (const key of ['vendor', 'architecture', 'device', 'description']) assert.equal(typeof described[key], 'string');
      assert.ok([true, false, null].includes(described.fallback));
      for (const value of Object.values(described.limits)) assert.equal(typeof value, 'number');
      assert.deepEqual(structuredClone(described), described);
      assert.equal(identity(described), identity(structuredClone(described)));
    }));
  });
});

describe('speed', () => {
  test('a faster GPU is never worth less, and more threads never make it worth more', () => {
    const RANK = ['unfit', 'degraded', 'fit'];
    const rank = (...given) => RANK.indexOf(classify(...given).verdict);
    fc.assert(fc.property(adapter, speed, speed, fc.double({ min: 1, max: 100, noNaN: true }), threads, threads, (described, gpu, cpu, factor, some, more) => {
      const faster = { ...gpu, gflops: gpu.gflops * factor };
      assert.ok(rank(findings(described, faster, cpu), REQUIREMENTS, some) >= rank(findings(described, gpu, cpu), REQUIREMENTS, some));
      assert.ok(rank(findings(described, gpu, cpu), REQUIREMENTS, some + more) <= rank(findings(described, gpu, cpu), REQUIREMENTS, some));
    }));
  });
});
