import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';

import { MatteboxError } from '../../client/shared/errors.js';
import { SessionPool } from '../../client/runtime/session-pool.js';
import { canaryPlanes } from '../../client/tasks/matting-canary.js';
import { load as loadMatting } from '../../client/tasks/matting.js';
import { golden } from './golden.js';

const PIXELS = { data: new Uint8ClampedArray(6 * 4 * 4).fill(51), width: 6, height: 4 };
const input = (size) => ({ name: 'photo', shape: [1, 3, size, size], layout: 'NCHW', dtype: 'float32', resize: 'lanczos3', scale: 255, mean: [0, 0, 0], std: [1, 1, 1] });
const output = (size) => ({ name: 'matte', shape: [1, 1, size, size], dtype: 'float32', range: 'probability', normalise: 'none' });

/** A part whose graph gives the red plane, and whose canary is therefore known. */
function part(model, role, size, files = [`${model}.onnx`], dimensions = {}) {
  const planes = canaryPlanes(size, size, 3);
  const canary = { recipe: 'blocks-v1', seed: 3, grid: 1, samples: [planes[(size >> 1) * size + (size >> 1)] / 255], tolerance: { mean: 1e-6, max: 1e-6 } };
  return { model, role, files: files.map((name) => ({ role: 'graph', name, bytes: 100, sha256: `sha of ${name}` })), dimensions, inputs: [input(size)], outputs: [output(size)], canary };
}

const PLAIN = { id: 'plain', parts: [part('plain', 'detail', 4)], fusion: null };
const BOTH = {
  id: 'both',
  parts: [part('fine', 'detail', 8, ['fine.onnx'], { height: 8, width: 8 }), part('sure', 'presence', 4)],
  fusion: { rule: 'presence', threshold: 0.5 },
};

/**
 * A runtime whose sessions give the red plane, and what was done with it, in order.
 * `told` what a model's graph gives instead, `inputs` what it takes instead, `room` bytes of files, `meet` is given each file that is read.
 */
function runtimeOf(model, told = {}, inputs = {}, room = 1000, meet = () => {}) {
  const done = [];
  const session = ({ inputs: [given], outputs: [made], model: name }) => ({
    inputs: [{ name: given.name, type: given.dtype, shape: (inputs[name] ?? given).shape }],
    outputs: [{ name: made.name, type: made.dtype, shape: made.shape }],
    run: async ({ photo }) => {
      assert.deepEqual([photo.type, photo.dims], ['float32', given.shape]);
      done.push(`run ${name}`);
      const red = photo.data.slice(0, photo.data.length / 3);
      const data = told[name]?.(red, done.filter((each) => each === `run ${name}`).length) ?? red;
      return { matte: { type: 'float32', dims: data.dims ?? made.shape, data } };
    },
    release: async () => void done.push(`free ${name}`),
  });
  const runtime = {
    async createSession(id, files, dimensions) {
      done.push(`create ${id} of ${files.map(({ name }) => name)} ${JSON.stringify(dimensions)}`);
      return session(model.parts.find((each) => each.model === id));
    },
  };
  const read = async (file) => {
    done.push(`read ${file.name}`);
    meet(file);
    return new ArrayBuffer(1);
  };
  return { done, load: (isGpu = false, isLazy = false) => loadMatting(model, { runtime, pool: new SessionPool(room), isGpu, isLazy, read }) };
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
  test('draws the canary at the model’s size', async () => {
    const { width, height, seed, sha256 } = golden('canary')[0];
    const plain = structuredClone(PLAIN);
    // Scale 1, mean 0 and std 1: the tensor is the picture itself.
    Object.assign(plain.parts[0].inputs[0], { shape: [1, 3, height, width], scale: 1 });
    Object.assign(plain.parts[0].outputs[0], { shape: [1, 1, height, width] });
    Object.assign(plain.parts[0].canary, { seed, samples: [0.5], tolerance: { mean: 1, max: 1 } });
    let drawn;
    const { load } = runtimeOf(plain, { plain: (red) => ((drawn = red), null) });
    await (await load()).check();
    assert.equal(createHash('sha256').update(canaryPlanes(width, height, seed)).digest('hex'), sha256);
    assert.deepEqual(Uint8ClampedArray.from(drawn), canaryPlanes(width, height, seed).slice(0, width * height));
  });
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
    const { matte, columns, rows, ms } = await (await load()).run(PIXELS);
    assert.deepEqual([columns, rows, matte.length], [4, 4, 16]);
    assert.ok(matte.every((value) => Math.abs(value - 0.2) < 1e-6));
    assert.ok(ms.pre >= 0 && ms.run >= 0);
  });
  test('goes through every part, and one matte comes out, of the detail’s size', async () => {
    const { done, load } = runtimeOf(BOTH, { fine: (red) => red.fill(0), sure: (red) => red.fill(0.8) });
    const { matte, columns, rows } = await (await load()).run(PIXELS);
    assert.deepEqual(done.slice(4), ['run fine', 'run sure']);
    assert.deepEqual([columns, rows, matte.length], [8, 8, 64]);
    assert.ok(matte.every((value) => Math.abs(value - 0.4) < 1e-6));
  });
  test('whose matte is all one value is no reason for doubt on the CPU', async () => {
    const { done, load } = runtimeOf(PLAIN, { plain: (red) => red.fill(0) });
    await (await load()).run(PIXELS);
    assert.deepEqual(done.slice(2), ['run plain']);
  });
  test('whose matte is all one value has a GPU checked again', async () => {
    // Sound for the canary, which comes first; then nothing but one value.
    const { load } = runtimeOf(BOTH, { fine: (red, times) => (times > 2 ? red.fill(0) : red) });
    const task = await load(true);
    await task.check();
    await assert.rejects(task.run(PIXELS), { code: 'canary-mismatch' });
  });
  test('tells how far it is, in parts', async () => {
    const steps = [];
    await (await runtimeOf(BOTH).load()).run(PIXELS, (step) => steps.push(step));
    assert.deepEqual(steps, [{ done: 0, of: 2 }, { done: 1, of: 2 }]);
  });
  test('is given early where somebody wants it: the part that tells what is there runs first, and the others come up after it', async () => {
    const { done, load } = runtimeOf(BOTH, { fine: (red) => red.fill(0), sure: (red) => red.fill(0.8) });
    const task = await load(false, true);
    assert.deepEqual(done, ['read sure.onnx', 'create sure of sure.onnx {}']);
    const early = async ({ matte, columns, rows }) => void done.push(`early ${columns} x ${rows}, ${matte[0].toFixed(1)}`);
    const { matte, ms } = await task.run(PIXELS, undefined, early);
    assert.deepEqual(done.slice(2), ['run sure', 'early 4 x 4, 0.8', 'read fine.onnx', 'create fine of fine.onnx {"height":8,"width":8}', 'run fine']);
    assert.ok(ms.create > 0 && matte.every((value) => Math.abs(value - 0.4) < 1e-6), 'the same as otherwise');
    const next = await task.run(PIXELS, undefined, early);
    assert.deepEqual([done.slice(7), next.ms.create], [['run sure', 'early 4 x 4, 0.8', 'run fine'], 0]);
  });
  test('finds the files of what is not up read, where nothing else was to be done', async () => {
    const { done, load } = runtimeOf(BOTH);
    const task = await load(false, true);
    for (let i = 0; i < 2; i++) task.expect();
    assert.deepEqual(done.slice(2), ['read fine.onnx']);
    await task.run(PIXELS, undefined, async () => {});
    assert.deepEqual(done.slice(3), ['run sure', 'create fine of fine.onnx {"height":8,"width":8}', 'run fine']);
    task.expect();
    assert.equal(done.length, 6, 'all is up');
  });
  test('finds a file read again that could not be read ahead of it', async () => {
    const errors = [new MatteboxError('model-corrupt', { name: 'fine.onnx' })];
    const { done, load } = runtimeOf(BOTH, {}, {}, 1000, ({ name }) => { if (name === 'fine.onnx' && errors.length > 0) throw errors.shift(); });
    const task = await load(false, true);
    task.expect();
    await assert.rejects(task.run(PIXELS, undefined, async () => {}), { code: 'model-corrupt' });
    await task.run(PIXELS, undefined, async () => {});
    assert.deepEqual(done.filter((each) => each.startsWith('read fine')).length, 2);
  });
  test('finds all parts up where they were brought up meanwhile', async () => {
    const { done, load } = runtimeOf(BOTH);
    const task = await load(false, true);
    for (let i = 0; i < 2; i++) await task.open();
    assert.deepEqual(done.slice(2), ['read fine.onnx', 'create fine of fine.onnx {"height":8,"width":8}']);
  });
  test('is not given early by a model of one part', async () => {
    const { done, load } = runtimeOf(PLAIN);
    await (await load(false, true)).run(PIXELS, undefined, async () => assert.fail('there is nothing coarser'));
    assert.deepEqual(done.slice(2), ['run plain']);
  });
  test('that a part makes nothing of fails', async () => {
    const { load } = runtimeOf(BOTH, { sure: (red) => red.fill(NaN) });
    await assert.rejects((await load()).run(PIXELS), { code: 'bad-matte' });
  });
  test('whose matte has another shape than promised fails', async () => {
    for (const dims of [[1, 1, 1, 16], [16], []]) {
      const { load } = runtimeOf(PLAIN, { plain: (red) => Object.assign(red, { dims }) });
      await assert.rejects((await load()).run(PIXELS), { code: 'bad-matte' });
    }
  });
  test('gets the model’s output by the catalog’s rule', async () => {
    const stretched = { ...PLAIN, parts: [{ ...PLAIN.parts[0], outputs: [{ ...output(4), normalise: 'minmax' }] }] };
    const { load } = runtimeOf(stretched, { plain: (red) => red.map((_, i) => 0.1 + i * 0.04) });
    const { matte } = await (await load()).run(PIXELS);
    assert.deepEqual([matte[0], matte[15]], [0, 1]);
  });
});

describe('the sessions', () => {
  test('stay up from photo to photo where there is room', async () => {
    const { done, load } = runtimeOf(BOTH, {}, {}, 200);
    const task = await load();
    for (let i = 0; i < 2; i++) await task.run(PIXELS);
    assert.deepEqual(done.slice(4), ['run fine', 'run sure', 'run fine', 'run sure']);
  });
  test('take turns where there is not', async () => {
    const { done, load } = runtimeOf(BOTH, {}, {}, 199);
    const task = await load();
    await task.run(PIXELS);
    assert.deepEqual(done.filter((each) => /^(run|free)/.test(each)), ['free fine', 'free sure', 'run fine', 'free fine', 'run sure']);
  });
  test('are freed with the model', async () => {
    const { done, load } = runtimeOf(BOTH);
    await (await load()).dispose();
    assert.deepEqual(done.slice(4), ['free fine', 'free sure']);
  });
});
