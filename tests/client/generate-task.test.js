import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import './vendor.js';
import { SessionPool } from '../../client/runtime/session-pool.js';
import { fromHalves, toHalves } from '../../client/runtime/float16.js';
import { findTask } from '../../client/tasks/index.js';
import { noise } from '../../client/tasks/generate/noise.js';
import { golden } from './golden.js';

const { vocab, merges } = golden('clip');
const file = (text) => new TextEncoder().encode(text).buffer;
const FILES = { 'vocab.json': file(JSON.stringify(vocab)), 'merges.txt': file(`#version: 0.2\n${merges.join('\n')}\n`) };
const RULES = {
  tokenizer: { length: 77, pad: 0, vocabulary: 49408, proof: { text: 'a photo of a cat', ids: [49406, 320, 1125, 539, 320, 2368, 49407] } },
  scheduler: { timestep: 999, sigma: 14.614641229, divisor: 14.648813545 }, scale: 0.18215,
  start: { strength: 0.5, timestep: 499, sigma: 1.612886194, divisor: 1.897735987 },
};
const LATENTS = [1, 4, 2, 2];
/** What a picture begins with: a colour, grey, and more of it on either side. */
const START = { width: 24, height: 16, data: Uint8ClampedArray.from({ length: 24 * 16 * 4 }, (_, i) => (i % 96 < 16 || i % 96 >= 80 ? 0 : [255, 0, 102, 255][i % 4])) };
const spec = (name, use, dtype, shape) => ({ name, use, dtype, shape });
/** As the two public exports of SD-Turbo have their types. */
const EXPORTS = {
  float32: { latent: 'float32', time: 'int64', steps: 'steps' },
  float16: { latent: 'float16', time: 'float16', steps: 1 },
};

function modelOf({ latent, time, steps }, roles = ['text-encoder', 'unet', 'vae-decoder']) {
  const parts = {
    'text-encoder': { inputs: [spec('input_ids', 'ids', 'int32', [1, 77])], outputs: [spec('last_hidden_state', 'words', latent, [1, 77, 2])] },
    'vae-encoder': { inputs: [spec('sample', 'start', 'float32', [1, 3, 16, 16])], outputs: [spec('latent_sample', 'latents', 'float32', LATENTS)] },
    unet: {
      inputs: [spec('sample', 'latents', latent, LATENTS), spec('timestep', 'timestep', time, [steps]), spec('encoder_hidden_states', 'words', latent, [1, 77, 2])],
      outputs: [spec('out_sample', 'noise', latent, LATENTS)],
    },
    'vae-decoder': { inputs: [spec('latent_sample', 'latents', 'float32', LATENTS)], outputs: [spec('sample', 'picture', 'float32', [1, 3, 16, 16])] },
  };
  return {
    id: 'words', task: 'generate', rules: RULES, files: Object.keys(FILES).map((name) => ({ role: 'tokenizer', name })),
    parts: roles.map((role) => ({ ...parts[role], model: `words/${role}`, role, dimensions: {}, files: [{ role: 'graph', name: `${role}.onnx`, bytes: 100 }], canary: {} })),
  };
}

const holding = (type, numbers, dims) => ({ type, dims, data: type === 'float16' ? toHalves(numbers) : numbers });
/** What each graph gives: words are the ids, the noise is what the U-Net was shown, the picture is the latents' first. */
const RUNS = {
  'text-encoder': ({ input_ids }, latent) => ({ last_hidden_state: holding(latent, Float32Array.from({ length: 154 }, (_, i) => input_ids.data[i >> 1] / 65536), [1, 77, 2]) }),
  'vae-encoder': ({ sample: { data } }) => ({ latent_sample: { type: 'float32', dims: LATENTS, data: Float32Array.from({ length: 16 }, (_, i) => data[i * 48]) } }),
  unet: ({ sample }, latent) => ({ out_sample: { ...sample, type: latent } }),
  'vae-decoder': ({ latent_sample: { data } }) => ({ sample: { type: 'float32', dims: [1, 3, 16, 16], data: new Float32Array(768).fill(data[0]) } }),
};

/** A worker whose sessions note what they were given. `runs` takes the place of some of them. */
async function worker(kind, { roles, runs = {}, change = (model) => model, room = 1000 } = {}) {
  const model = change(modelOf(EXPORTS[kind], roles));
  const given = [];
  const released = [];
  const described = (tensors) => tensors.map(({ name, dtype, shape }) => ({ name, type: dtype, shape }));
  const createSession = async (id) => {
    const part = modelOf(EXPORTS[kind], Object.keys(RUNS)).parts.find((one) => one.model === id);
    return {
      inputs: described(part.inputs), outputs: described(part.outputs),
      run: async (inputs) => (given.push(inputs), (runs[part.role] ?? RUNS[part.role])(inputs, EXPORTS[kind].latent)),
      release: async () => void released.push(part.role),
    };
  };
  const host = { runtime: { createSession }, pool: new SessionPool(room), isGpu: false, read: async ({ name }) => FILES[name] ?? new ArrayBuffer(8), open: async () => START };
  return { given, released, model, task: await (await findTask(model)).load(model, host) };
}

const wanted = (more = {}) => ({ prompt: 'a photo of a cat', seed: 7, words: null, isCut: false, start: null, latents: null, picture: null, ...more });
const numbers = ({ type, data }) => (type === 'float16' ? fromHalves(data) : data);
const near = (found, expected, by) => found.length === expected.length && found.every((value, i) => Math.abs(value - expected[i]) <= by);

for (const [kind, { latent, time }] of Object.entries(EXPORTS)) {
  describe(`the export with ${kind}`, () => {
    test('is given its own types, and what came before', async () => {
      const { task, given } = await worker(kind);
      const steps = [];
      const made = await task.run(wanted(), (step) => steps.push(step));
      const [{ input_ids }, { sample, timestep, encoder_hidden_states }, { latent_sample }] = given;
      assert.deepEqual([input_ids.type, input_ids.dims, [...input_ids.data].slice(0, 8)], ['int32', [1, 77], [49406, 320, 1125, 539, 320, 2368, 49407, 0]]);
      const seen = noise(7, 16).map((value) => (value * 14.614641229) / 14.648813545);
      assert.deepEqual([sample.type, sample.dims], [latent, LATENTS]);
      assert.ok(near(numbers(sample), seen, latent === 'float16' ? 2e-3 : 1e-6));
      assert.deepEqual([timestep.type, timestep.dims, timestep.data], [time, [1], time === 'int64' ? BigInt64Array.of(999n) : toHalves(Float32Array.of(999))]);
      assert.deepEqual([encoder_hidden_states.type, encoder_hidden_states.dims], [latent, [1, 77, 2]]);
      assert.deepEqual([latent_sample.type, latent_sample.dims], ['float32', LATENTS]);
      const left = noise(7, 16).map((value, i) => (value * 14.614641229 - 14.614641229 * numbers(sample)[i]) / 0.18215);
      assert.ok(near(latent_sample.data, left, 2e-4));
      assert.deepEqual([made.pixels.width, made.pixels.height, made.pixels.data.length], [16, 16, 1024]);
      assert.deepEqual(steps, ['text-encoder', 'unet', 'vae-decoder'].map((part, done) => ({ done, of: 3, part })));
    });

    test('begins with another picture: its middle through the encoder, and the noise of its own step', async () => {
      const { task, given } = await worker(kind, { roles: Object.keys(RUNS) });
      await task.run(wanted({ start: { picture: new Blob(), latents: null } }));
      const [, { sample: seen }, { sample, timestep }, { latent_sample }] = given;
      assert.deepEqual([seen.type, seen.dims], ['float32', [1, 3, 16, 16]]);
      // Nothing of what is beyond the square.
      assert.deepEqual([...new Set(seen.data.slice(0, 256))], [1]);
      assert.deepEqual([...new Set(seen.data.slice(256, 512))], [-1]);
      assert.deepEqual([...new Set(seen.data.slice(512))], [Math.fround(-0.2)]);
      const start = Float32Array.from({ length: 16 }, (_, i) => seen.data[i * 48] * 0.18215);
      const latents = noise(7, 16).map((value, i) => start[i] + value * 1.612886194);
      assert.ok(near(numbers(sample), latents.map((value) => value / 1.897735987), latent === 'float16' ? 2e-3 : 1e-6));
      assert.deepEqual(timestep.data, time === 'int64' ? BigInt64Array.of(499n) : toHalves(Float32Array.of(499)));
      assert.ok(near(latent_sample.data, latents.map((value, i) => (value - 1.612886194 * numbers(sample)[i]) / 0.18215), 2e-4));
    });

    for (const [what, roles, start] of [['', ['text-encoder', 'unet', 'vae-decoder'], null], [' with a picture to begin with', Object.keys(RUNS), { picture: new Blob(), latents: null }]]) {
      test(`comes to the same in workers of one part each${what}`, async () => {
        const whole = await (await worker(kind, { roles })).task.run(wanted({ start }));
        let making = wanted({ start });
        for (const role of roles) making = await (await worker(kind, { roles: [role] })).task.run(making);
        assert.deepEqual({ ...making, ms: 0 }, { ...whole, ms: 0 });
      });
    }
  });
}

test('parts for which there is no room together take turns', async () => {
  const { task, released } = await worker('float32', { room: 100 });
  await task.run(wanted());
  assert.deepEqual(released, ['text-encoder', 'unet']);
});

test('a prompt of more ids than the model reads is told', async () => {
  const { task } = await worker('float32', { roles: ['text-encoder'] });
  assert.equal((await task.run(wanted({ prompt: 'marble table '.repeat(154) }))).isCut, true);
  assert.equal((await task.run(wanted())).isCut, false);
});

describe('a fault names its part', () => {
  const bad = { 'text-encoder': 'last_hidden_state', 'vae-encoder': 'latent_sample', unet: 'out_sample', 'vae-decoder': 'sample' };
  for (const [role, name] of Object.entries(bad)) {
    const spoil = (change) => ({ [role]: (inputs, latent) => ({ [name]: change(RUNS[role](inputs, latent)[name]) }) });
    const ends = async (runs, code, reason) => {
      const { task } = await worker('float32', { runs, roles: Object.keys(RUNS) });
      await assert.rejects(task.run(wanted({ start: { picture: new Blob(), latents: null } })), (error) => error.code === code && error.details.part === role && error.details.reason === reason);
    };
    test(`numbers that are none: ${role}`, () => ends(spoil((tensor) => ({ ...tensor, data: tensor.data.map((value, i) => (i === 3 ? NaN : value)) })), 'bad-matte', 'not-finite'));
    test(`another shape: ${role}`, () => ends(spoil((tensor) => ({ ...tensor, dims: tensor.dims.slice(1) })), 'bad-matte', 'shape'));
    test(`no memory: ${role}`, () => ends({ [role]: () => { throw new Error('std::bad_alloc'); } }, 'out-of-memory'));
    test(`an array that cannot be had: ${role}`, () => ends({ [role]: () => { throw new Error('Array buffer allocation failed'); } }, 'out-of-memory'));
    test(`a graph that is another: ${role}`, async () => {
      const change = (model) => { model.parts.find((part) => part.role === role).inputs[0].dtype = role === 'text-encoder' ? 'int64' : 'float16'; return model; };
      await assert.rejects(worker('float32', { change, roles: Object.keys(RUNS) }), (error) => error.code === 'model-interface' && error.details.model === `words/${role}`);
    });
  }
});

describe('the check', () => {
  const samplesOf = (values) => Array.from(values, (_, i) => values[Number((BigInt(i + 1) * 0x9E3779B1n) % 2n ** 32n) % values.length]);
  const CANARY = { recipe: 'noise-v1', seed: 5, tolerance: { mean: 0.001, max: 0.01 } };
  /** The canary of the U-Net, which gives back what it is shown. */
  const withCanary = (samples) => (model) => {
    for (const part of model.parts) part.canary = { ...CANARY, samples: { [part.outputs[0].name]: samples } };
    return model;
  };
  test('passes on its samples', async () => {
    const { task, given } = await worker('float16', { roles: ['unet'], change: withCanary(samplesOf(noise(5, 16))) });
    await task.check();
    assert.deepEqual(given[0].encoder_hidden_states.dims, [1, 77, 2]);
    assert.ok(near(numbers(given[0].encoder_hidden_states), noise(6, 154), 2e-3));
  });
  test('of the encoder needs no picture', async () => {
    const { task, given } = await worker('float32', { roles: ['vae-encoder'], change: withCanary(samplesOf(Float32Array.from({ length: 16 }, (_, i) => noise(5, 768)[i * 48]))) });
    await task.check();
    assert.deepEqual(given[0].sample.dims, [1, 3, 16, 16]);
  });
  test('fails on others', async () => {
    const { task } = await worker('float32', { roles: ['unet'], change: withCanary(samplesOf(noise(6, 16))) });
    await assert.rejects(task.check(), ({ code, details }) => code === 'canary-mismatch' && details.part === 'unet');
  });
  test('shows a tokenizer that gives other ids', async () => {
    const change = (model) => ({ ...model, rules: { ...RULES, tokenizer: { ...RULES.tokenizer, proof: { text: 'a photo of a dog', ids: RULES.tokenizer.proof.ids } } } });
    const { task } = await worker('float32', { roles: ['text-encoder'], change });
    await assert.rejects(task.check(), ({ code, details }) => code === 'model-interface' && details.what === 'ids' && details.part === 'text-encoder');
  });
});
