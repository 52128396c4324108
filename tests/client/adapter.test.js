import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { LEAST, MARGIN, classify, describeAdapter, identity, isSoftware } from '../../client/gpu/adapter.js';

const { adapters } = JSON.parse(readFileSync(new URL('adapters.json', import.meta.url), 'utf8'));
const MIB = 2 ** 20;
const needs = (bytes) => ({ memory_mib: 1, webgpu: { features: [], limits: { maxStorageBufferBindingSize: bytes, maxBufferSize: bytes } } });
/** As in model_store/catalog.toml. */
const MODELS = { u2netp: needs(50 * MIB), isnet: needs(128 * MIB) };

const HARDWARE = { vendor: 'intel', architecture: 'gen-12lp', device: '', description: '', fallback: false, features: ['shader-f16'], limits: { ...LEAST } };
const found = (adapter = {}, more = {}) => ({
  trouble: null, adapter: { ...HARDWARE, ...adapter }, key: 'k', jspi: true, gpu: { gflops: 400, ms: 20 }, cpu: { gflops: 20, ms: 40 }, remembered: false, ms: 1, ...more,
});
const verdict = (...args) => Object.values(classify(...args)).slice(0, 2);

describe('recorded adapters', () => {
  test('there are enough of them, each with its source', () => {
    assert.ok(adapters.length >= 30, `${adapters.length}`);
    for (const { name, source, given } of adapters) assert.ok(name && source && given, name);
    const vendors = new Set(adapters.map(({ adapter }) => adapter.vendor));
    for (const vendor of ['intel', 'amd', 'nvidia', 'apple', 'qualcomm', 'arm', 'google', 'mesa', 'microsoft', '']) assert.ok(vendors.has(vendor), vendor);
  });

  for (const { name, adapter, gpu = null, cpu = null, threads = 4, expected } of adapters) {
    test(name, () => {
      const limits = { ...LEAST, ...adapter.limits };
      for (const [model, requirements] of Object.entries(MODELS)) {
        const findings = { ...found(), adapter: { ...adapter, limits }, gpu, cpu };
        assert.deepEqual(verdict(findings, requirements, threads), expected[model], model);
      }
    });
  }
});

describe('a verdict and its numbers', () => {
  for (const trouble of ['no-webgpu', 'no-adapter', 'adapter-failed', 'adapter-timeout']) {
    test(trouble, () => assert.deepEqual(verdict(found({}, { trouble, adapter: null, gpu: null, cpu: null }), MODELS.u2netp, 1), ['unfit', trouble]));
  }

  for (const trouble of ['probe-failed', 'probe-timeout', 'probe-wrong']) {
    test(trouble, () => {
      const findings = found({}, { gpu: { trouble, cause: 'why' }, cpu: null });
      assert.deepEqual(classify(findings, MODELS.u2netp, 1), { verdict: 'unfit', reason: trouble, detail: { cause: 'why' } });
    });
  }

  test('a feature that is missing', () => {
    const requirements = { memory_mib: 1, webgpu: { features: ['subgroups'], limits: {} } };
    assert.deepEqual(classify(found(), requirements, 1), { verdict: 'unfit', reason: 'missing-feature', detail: { name: 'subgroups' } });
    assert.equal(classify(found({ features: ['subgroups'] }), requirements, 1).verdict, 'fit');
  });

  test('a limit one byte too low, and just enough', () => {
    const need = 400 * MIB;
    const limits = (have) => ({ limits: { ...LEAST, maxBufferSize: have, maxStorageBufferBindingSize: have } });
    const { reason, detail } = classify(found(limits(need - 1)), needs(need), 1);
    assert.deepEqual([reason, detail], ['limit-too-low', { name: 'maxBufferSize', need, have: need - 1 }]);
    assert.equal(classify(found(limits(need)), needs(need), 1).verdict, 'fit');
  });

  test('a limit that this browser does not know', () => {
    const requirements = { memory_mib: 1, webgpu: { features: [], limits: { maxOfTomorrow: 1 } } };
    assert.deepEqual(classify(found(), requirements, 1).detail, { name: 'maxOfTomorrow', need: 1, have: null });
  });

  test('of an alignment, less is better', () => {
    const requirements = { memory_mib: 1, webgpu: { features: [], limits: { minStorageBufferOffsetAlignment: 64 } } };
    const aligned = (bytes) => found({ limits: { ...LEAST, minStorageBufferOffsetAlignment: bytes } });
    assert.equal(classify(aligned(32), requirements, 1).verdict, 'fit');
    assert.equal(classify(aligned(256), requirements, 1).reason, 'limit-too-low');
  });

  test('what the specification asks of every adapter is asked whatever the model needs', () => {
    const limits = { ...LEAST, maxStorageBuffersPerShaderStage: 4 };
    for (const requirements of [MODELS.u2netp, { memory_mib: 1 }]) assert.equal(classify(found({ limits }), requirements, 1).reason, 'limit-too-low');
  });

  test('unfit comes before degraded: it could not be forced either', () => {
    const adapter = { fallback: true, limits: { ...LEAST, maxBufferSize: 0 } };
    assert.deepEqual(verdict(found(adapter, { gpu: null, cpu: null }), MODELS.u2netp, 1), ['unfit', 'nonsense-limits']);
  });

  test('a GPU must beat all threads by a margin', () => {
    const at = (factor, threads) => classify(found({}, { gpu: { gflops: 20 * threads * factor, ms: 20 } }), MODELS.u2netp, threads);
    for (const threads of [1, 2, 16]) {
      assert.deepEqual([at(MARGIN, threads).verdict, at(MARGIN, threads).reason], ['fit', 'hardware-adapter']);
      const { verdict: worth, reason, detail } = at(MARGIN * 0.99, threads);
      assert.deepEqual([worth, reason], ['degraded', 'slow-adapter']);
      assert.deepEqual(Object.keys(detail), ['gpu', 'cpu', 'threads', 'factor', 'margin']);
    }
  });

  test('what was not measured is found out by running', () => {
    for (const more of [{ gpu: null, cpu: null }, { cpu: null }]) assert.equal(classify(found({}, more), MODELS.u2netp, 8).verdict, 'fit');
  });
});

describe('software by name', () => {
  const named = (words) => isSoftware({ ...HARDWARE, fallback: null, ...words });
  const SOFTWARE = {
    'SwiftShader Device (Subzero)': 'SwiftShader', 'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device))': 'SwiftShader',
    'llvmpipe (LLVM 15.0.6, 256 bits)': 'llvmpipe', 'lavapipe (LLVM 17)': 'lavapipe', softpipe: 'softpipe', 'Software Rasterizer': 'software rasterizer', 'Apple Software Renderer': 'software rasterizer',
    'Microsoft Basic Render Driver': 'Microsoft Basic Render Driver', 'Microsoft Basic Render Adapter': 'Microsoft Basic Render Driver',
    WARP: 'WARP', 'Direct3D_WARP': 'WARP', 'Microsoft-WARP-Device': 'WARP',
  };
  for (const [description, name] of Object.entries(SOFTWARE)) test(description, () => assert.deepEqual(named({ description }), { name }));

  for (const description of ['Warpspeed 3000', 'TimeWarp', 'Swift Graphics', 'Softpiped', 'lava', 'Microsoft Surface SQ3 Adreno', 'Basic Render', '']) {
    test(`not software: "${description}"`, () => assert.equal(named({ description }), null));
  }

  test('words of two fields do not make a name', () => assert.equal(named({ vendor: 'microsoft', architecture: 'basic', device: 'render' }), null));
  test('a fallback adapter without any name', () => {
    assert.deepEqual(named({ vendor: '', architecture: '', fallback: true }), { name: 'fallback adapter' });
  });
  test('an unknown fallback adapter by what it says', () => assert.deepEqual(isSoftware({ ...HARDWARE, fallback: true }), { name: 'gen-12lp' }));
});

/** As in a browser: attributes are enumerable getters of the class (Web IDL, 3.7.6), not values of the object. */
const getters = Object.entries({ maxBindGroups: 4, maxOfTomorrow: 'many' }).map(([name, value]) => [name, { get: () => value, enumerable: true }]);
const limitsOfClass = Object.create(Object.create({}, Object.fromEntries(getters)));
const gpuAdapter = (info, more) => ({ info, limits: limitsOfClass, features: new Set(['b', 'a']), ...more });

describe('describing', () => {
  for (const [name, info, more, fallback] of [
    ['the flag in its new place', { isFallbackAdapter: true }, {}, true],
    ['the flag in its old place', {}, { isFallbackAdapter: true }, true],
    ['either of them', { isFallbackAdapter: false }, { isFallbackAdapter: true }, true],
    ['neither of them', { isFallbackAdapter: false }, { isFallbackAdapter: undefined }, false],
    ['no such flag', {}, {}, null],
    ['a flag that is null, as some browsers left it', {}, { isFallbackAdapter: null }, null],
  ]) {
    test(name, () => assert.equal(describeAdapter(gpuAdapter(info, more)).fallback, fallback));
  }

  test('plain values, whatever the objects are', () => {
    const description = describeAdapter(gpuAdapter({ vendor: 'intel', architecture: 12, device: undefined }));
    assert.deepEqual(description, { vendor: 'intel', architecture: '', device: '', description: '', fallback: null, features: ['a', 'b'], limits: { maxBindGroups: 4 } });
    assert.deepEqual(structuredClone(description), description);
  });

  test('an adapter from before `info`', () => {
    assert.equal(describeAdapter({ limits: {}, features: new Set() }).vendor, '');
    assert.deepEqual(describeAdapter({}).limits, {});
  });
});

describe('identity', () => {
  const same = identity(HARDWARE);
  test('does not hang on the order of things', () => {
    const limits = Object.fromEntries(Object.entries(LEAST).reverse());
    assert.equal(identity({ ...HARDWARE, limits, features: ['shader-f16'] }), same);
    assert.equal(identity({ ...HARDWARE, vendor: ' Intel' }), same);
  });
  for (const [what, change] of Object.entries({
    name: { architecture: 'gen-9' }, flag: { fallback: true }, 'unknown flag': { fallback: null }, feature: { features: [] },
    limit: { limits: { ...LEAST, maxBindGroups: 8 } },
    'limit that is no number': { limits: { ...LEAST, maxBindGroups: Infinity } },
  })) {
    test(`another ${what}, another identity`, () => assert.notEqual(identity({ ...HARDWARE, ...change }), same));
  }
});
