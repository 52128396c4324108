import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Gpu } from '../../client/gpu/device.js';

/** @param {import('node:test').TestContext} t @param {{ features: string[], info?: object, limits?: Record<string, number> }} adapter @returns what a device of it was asked for with */
async function askedOf(t, { features, info, limits = {} }, requirements) {
  let asked;
  const device = { lost: new Promise(() => {}), addEventListener() {} };
  const adapter = { info, limits, features: new Set(features), requestDevice: async (given) => { asked = given; return device; } };
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { gpu: { requestAdapter: async () => adapter } } });
  t.after(() => (before ? Object.defineProperty(globalThis, 'navigator', before) : Reflect.deleteProperty(globalThis, 'navigator')));
  await Gpu.open(requirements);
  return asked;
}

describe('a device is asked for', () => {
  const both = ['shader-f16', 'subgroups', 'timestamp-query'];
  const cases = [
    ['with what kernels gain from', { features: both, info: { subgroupMinSize: 32 } }, ['shader-f16', 'subgroups']],
    ['with subgroups of 8 lanes', { features: both, info: { subgroupMinSize: 8 } }, ['shader-f16', 'subgroups']],
    ['without subgroups of 4 lanes, in which attention is computed wrongly', { features: both, info: { subgroupMinSize: 4 } }, ['shader-f16']],
    ['with subgroups of which the browser tells nothing', { features: both, info: {} }, ['shader-f16', 'subgroups']],
    ['with subgroups where the adapter tells nothing of itself', { features: ['subgroups'] }, ['subgroups']],
    ['with nothing that is not there', { features: [], info: { subgroupMinSize: 4 } }, []],
  ];
  for (const [what, adapter, wanted] of cases) test(what, async (t) => assert.deepEqual((await askedOf(t, adapter)).requiredFeatures, wanted));

  test('with the model\u2019s limits, or the adapter\u2019s where kernels are tiled by them', async (t) => {
    const limits = { maxBufferSize: 2 ** 30, maxStorageBuffersPerShaderStage: 10, maxBindGroups: 8 };
    const { requiredLimits } = await askedOf(t, { features: [], limits }, { features: [], limits: { maxBufferSize: 2 ** 28, maxBindGroups: 4 } });
    assert.deepEqual(requiredLimits, { maxBufferSize: 2 ** 30, maxStorageBuffersPerShaderStage: 10, maxBindGroups: 4 });
  });
});
