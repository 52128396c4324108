import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { SessionPool } from '../../client/runtime/session-pool.js';
import { findTask, TASKS } from '../../client/tasks/index.js';
import { fromHalves } from '../../client/runtime/float16.js';
import { graph, startRuntime } from './runtime.js';

/** One new row, and one new file. */
const ROWS = { ...TASKS, pointing: () => import('./pointing.js') };

const half = (name, shape) => ({ name, dtype: 'float16', shape });
const PARTS = {
  looking: {
    inputs: [{ name: 'picture', dtype: 'float32', shape: [1, 3, 6, 6] }],
    outputs: [half('features', [1, 2, 6, 6])],
    canary: { recipe: 'grey', seed: 25, samples: [...fromHalves(graph('looking').runs.at(-1).outputs.features.data)] },
  },
  picking: {
    inputs: [half('features', [1, 2, 6, 6]), { name: 'points', dtype: 'int64', shape: ['points', 2] }, { name: 'labels', dtype: 'int32', shape: ['points'] }],
    outputs: [{ name: 'mask', dtype: 'float32', shape: [6, 6] }, { name: 'count', dtype: 'int64', shape: [1] }],
    canary: { recipe: 'even', seed: 50, samples: [...graph('picking').runs.at(-1).outputs.mask.data] },
  },
};
const TOLERANCE = { looking: { mean: 1e-3, max: 1e-2 }, picking: { mean: 1e-6, max: 1e-6 } };

/** The catalog's entry, after a `change` to its parts. */
function modelOf(change = () => {}) {
  const parts = Object.entries(structuredClone(PARTS)).map(([role, { canary, ...part }]) => ({
    model: role, role, dimensions: {}, files: [{ role: 'graph', name: `${role}.onnx`, bytes: 500 }], ...part, canary: { ...canary, tolerance: TOLERANCE[role] },
  }));
  change(Object.fromEntries(parts.map((part) => [part.role, part])));
  return { id: 'made', task: 'pointing', parts };
}

const runtime = await startRuntime();
/** A device with room for so many bytes of weights, and what is read on it. */
function hostOf(room) {
  const read = [];
  const pool = new SessionPool(room);
  const host = { runtime, pool, isGpu: false, read: async ({ name }) => (read.push(name), graph(name.slice(0, -5)).bytes) };
  return { read, pool, open: async (model) => (await findTask(model, ROWS)).load(model, host) };
}

/** Points of a golden run, as a person gives them. */
const listOf = ({ points: { data }, labels }) => [...labels.data].map((label, i) => [Number(data[i * 2]), Number(data[i * 2 + 1]), label]);

test('a model whose task only a later version knows', async () => {
  await assert.rejects(findTask({ id: 'new', task: 'dreaming' }), { code: 'catalog-invalid' });
  await assert.rejects(findTask({ id: 'new', task: 'toString' }), { code: 'catalog-invalid' });
});

test('a task whose script cannot be had is the engine’s failure', async () => {
  const away = { dreaming: () => Promise.reject(new TypeError('Failed to fetch dynamically imported module')) };
  await assert.rejects(findTask({ id: 'new', task: 'dreaming' }, away), { code: 'runtime-failed' });
});

for (const room of [1000, 500]) {
  test(`two parts with tensors of four types give what native ONNX Runtime gives, with room for ${room / 500}`, async () => {
    const { read, pool, open } = hostOf(room);
    const task = await open(modelOf());
    const { inputs: { picture } } = graph('looking').runs[0];
    const steps = [];
    for (const { inputs, outputs } of graph('picking').runs.slice(0, 2)) {
      const { mask, count } = await task.run({ picture, points: listOf(inputs) }, (step) => steps.push(step.done / step.of));
      assert.equal(count, Number(outputs.count.data[0]));
      // Features are halves: a step of one of them may differ.
      assert.ok(outputs.mask.data.every((value, i) => Math.abs(value - mask[i]) < 2e-3));
    }
    assert.deepEqual(steps, [0, 0.5, 0, 0.5]);
    assert.deepEqual(read, room === 1000 ? ['looking.onnx', 'picking.onnx'] : ['looking.onnx', 'picking.onnx', 'looking.onnx', 'picking.onnx']);
    assert.deepEqual(pool.keys, room === 1000 ? ['looking {}', 'picking {}'] : ['picking {}']);
    await task.dispose();
    assert.deepEqual(pool.keys, []);
  });
}

describe('the check', () => {
  const check = async (change) => (await hostOf(500).open(modelOf(change))).check();
  test('is each part’s own, one up at a time', async () => {
    const { canary, first, run } = await check();
    assert.ok(canary >= first && first === run && first > 0);
  });
  for (const role of ['looking', 'picking']) {
    test(`names the part that gives something else: ${role}`, async () => {
      const wrong = (parts) => (parts[role].canary.seed += 5);
      await assert.rejects(check(wrong), ({ code, details }) => code === 'canary-mismatch' && details.model === role);
    });
    test(`holds ${role} to its own tolerance`, async () => {
      const off = (tolerance) => (parts) => {
        parts[role].canary.samples[0] += 0.1;
        parts[role].canary.tolerance = tolerance;
      };
      await assert.rejects(check(off(TOLERANCE[role])), ({ code, details }) => code === 'canary-mismatch' && details.model === role);
      await check(off({ mean: 0.1, max: 0.11 }));
    });
  }
});

describe('every input and output is held against the catalog', () => {
  const cases = {
    'another type of the second input': ['picking', ({ inputs }) => (inputs[1].dtype = 'int32'), 'input type', 'points'],
    'another name of it': ['picking', ({ inputs }) => (inputs[1].name = 'dots'), 'inputs', undefined],
    'another shape of the third input': ['picking', ({ inputs }) => (inputs[2].shape = [1]), 'input shape', 'labels'],
    'another type of the second output': ['picking', ({ outputs }) => (outputs[1].dtype = 'float32'), 'output type', 'count'],
    'an output that nobody told of': ['picking', ({ outputs }) => outputs.pop(), 'outputs', undefined],
    'halves that are none': ['looking', ({ outputs }) => (outputs[0].dtype = 'float32'), 'output type', 'features'],
  };
  for (const [name, [role, change, what, tensor]] of Object.entries(cases)) {
    test(name, async () => {
      const { open } = hostOf(1000);
      const task = await open(modelOf((parts) => change(parts[role])));
      await assert.rejects(task.check(), ({ code, details }) => {
        assert.deepEqual([code, details.model, details.what, details.tensor], ['model-interface', role, what, tensor]);
        return true;
      });
    });
  }
});
