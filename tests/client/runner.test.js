import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { canaryPlanes } from '../../client/runtime/canary.js';
import { Runner } from '../../client/tasks/matting.js';

const PIXELS = { data: new Uint8ClampedArray(6 * 4 * 4).fill(51), width: 6, height: 4 };
const input = (size) => ({ name: 'photo', shape: [1, 3, size, size], layout: 'NCHW', dtype: 'float32', resize: 'lanczos3', scale: 255, mean: [0, 0, 0], std: [1, 1, 1] });
const output = (size) => ({ name: 'matte', shape: [1, 1, size, size], dtype: 'float32', range: 'probability', normalise: 'none' });

/** A part whose graph gives the red plane, and whose canary is therefore known. */
function part(model, role, size, files = [`${model}.onnx`], dimensions = {}) {
  const planes = canaryPlanes(size, size, 3);
  const canary = { recipe: 'blocks-v1', seed: 3, grid: 1, samples: [planes[(size >> 1) * size + (size >> 1)] / 255], tolerance: { mean: 1e-6, max: 1e-6 } };
  return { model, role, files: files.map((name) => ({ role: 'graph', name, sha256: `sha of ${name}` })), dimensions, input: input(size), output: output(size), canary };
}

const PLAIN = { id: 'plain', parts: [part('plain', 'detail', 4)], fusion: null };
const BOTH = {
  id: 'both',
  parts: [part('fine', 'detail', 8, ['fine.onnx'], { height: 8, width: 8 }), part('sure', 'presence', 4)],
  fusion: { rule: 'presence', threshold: 0.5 },
};

/**
 * A runtime whose sessions give the red plane, and what was done with it, in order.
 * `told` what a model's graph gives instead, `inputs` what it takes instead.
 */
function runtimeOf(model, told = {}, inputs = {}) {
  const done = [];
  const session = ({ input: given, output: taken, model: name }) => ({
    inputs: [{ name: given.name, type: given.dtype, shape: (inputs[name] ?? given).shape }],
    outputs: [{ name: taken.name, type: taken.dtype, shape: taken.shape }],
    run: async (tensor) => {
      done.push(`run ${name}`);
      const red = tensor.slice(0, tensor.length / 3);
      return { data: told[name]?.(red, done.filter((each) => each === `run ${name}`).length) ?? red, dims: taken.shape };
    },
  });
  const runtime = {
    async createSession(id, files, dimensions) {
      done.push(`create ${id} of ${files.map(({ name }) => name)} ${JSON.stringify(dimensions)}`);
      return session(model.parts.find((each) => each.model === id));
    },
  };
  const read = async ({ name }) => (done.push(`read ${name}`), new ArrayBuffer(1));
  return { done, load: (isGpu = false) => Runner.load(runtime, model, { isGpu, read }) };
}

test('parts are read and created one after the other, each at its own size', async () => {
  const { done, load } = runtimeOf(BOTH);
  await load();
  assert.deepEqual(done, ['read fine.onnx', 'create fine of fine.onnx {"height":8,"width":8}', 'read sure.onnx', 'create sure of sure.onnx {}']);
});

test('a part that is not what the catalog says is refused by its model’s name, and nothing further is read', async () => {
  const { done, load } = runtimeOf(BOTH, {}, { fine: input(16) });
  await assert.rejects(load(), ({ code, details }) => code === 'model-interface' && details.model === 'fine' && details.what === 'input shape');
  assert.deepEqual(done.filter((each) => each.startsWith('read')), ['read fine.onnx']);
});

describe('the check', () => {
  test('is each part’s own, once on the CPU', async () => {
    const { done, load } = runtimeOf(BOTH);
    const { canary, first, run } = await (await load()).check();
    assert.deepEqual(done.slice(4), ['run fine', 'run sure']);
    assert.ok(canary >= first && first === run);
  });
  test('is done twice on the GPU, whose first run tells nothing of its speed', async () => {
    const { done, load } = runtimeOf(BOTH);
    await (await load(true)).check();
    assert.deepEqual(done.slice(4), ['run fine', 'run fine', 'run sure', 'run sure']);
  });
  for (const name of ['fine', 'sure']) {
    test(`names the part that fails it: ${name}`, async () => {
      const { load } = runtimeOf(BOTH, { [name]: (red) => red.map((value) => 1 - value) });
      await assert.rejects((await load()).check(), ({ code, details }) => code === 'canary-mismatch' && details.model === name);
    });
  }
});

describe('a photo', () => {
  test('goes through the one part of a plain model', async () => {
    const { load } = runtimeOf(PLAIN);
    const { matte, columns, rows, ms } = await (await load()).matte(PIXELS);
    assert.deepEqual([columns, rows, matte.length], [4, 4, 16]);
    assert.ok(matte.every((value) => Math.abs(value - 0.2) < 1e-6));
    assert.ok(ms.pre >= 0 && ms.run >= 0);
  });
  test('goes through every part, and one matte comes out, of the detail’s size', async () => {
    const { done, load } = runtimeOf(BOTH, { fine: (red) => red.fill(0), sure: (red) => red.fill(0.8) });
    const { matte, columns, rows } = await (await load()).matte(PIXELS);
    assert.deepEqual(done.slice(4), ['run fine', 'run sure']);
    assert.deepEqual([columns, rows, matte.length], [8, 8, 64]);
    assert.ok(matte.every((value) => Math.abs(value - 0.4) < 1e-6));
  });
  test('whose matte is all one value is no reason for doubt on the CPU', async () => {
    const { done, load } = runtimeOf(PLAIN, { plain: (red) => red.fill(0) });
    await (await load()).matte(PIXELS);
    assert.deepEqual(done.slice(2), ['run plain']);
  });
  test('whose matte is all one value has a GPU checked again', async () => {
    // Sound for the canary, which comes first; then nothing but one value.
    const { load } = runtimeOf(BOTH, { fine: (red, times) => (times > 2 ? red.fill(0) : red) });
    const runner = await load(true);
    await runner.check();
    await assert.rejects(runner.matte(PIXELS), { code: 'canary-mismatch' });
  });
  test('that a part makes nothing of fails', async () => {
    const { load } = runtimeOf(BOTH, { sure: (red) => red.fill(NaN) });
    await assert.rejects((await load()).matte(PIXELS), { code: 'bad-matte' });
  });
});
