import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Sights } from '../../client/document/derive/segment.js';
import { SessionPool } from '../../client/runtime/session-pool.js';
import { canaryPlanes } from '../../client/tasks/matting-canary.js';
import { load } from '../../client/tasks/segment.js';
import { answerOf } from '../../client/tasks/segment-answer.js';
import { fitted, pointsOf } from '../../client/tasks/segment-prompt.js';

const STRETCH = { fit: 'stretch', side: 1024, pad: false };
const LONGEST = { fit: 'longest', side: 1024, pad: true };
const PHOTO = { width: 4000, height: 3000 };
const inside = (x, y) => ({ x, y, isInside: true });
const logit = (p) => Math.log(p / (1 - p));
const float = (dims, data) => ({ type: 'float32', dims, data: Float32Array.from(data) });

describe('prompts', () => {
  test('a photo is stretched, or made small until its longest side fits', () => {
    assert.deepEqual(fitted(PHOTO, STRETCH), { width: 1024, height: 1024 });
    assert.deepEqual(fitted(PHOTO, LONGEST), { width: 1024, height: 768 });
    // ResizeLongestSide of segment-anything: int(length * scale + 0.5).
    assert.deepEqual(fitted({ width: 333, height: 500 }, LONGEST), { width: 682, height: 1024 });
    assert.deepEqual(fitted({ width: 5000, height: 1 }, LONGEST), { width: 1024, height: 1 });
  });

  test('points go the way of the photo, and say whether what is meant is there', () => {
    const points = [inside(2000, 1500), { x: 4000, y: 0, isInside: false }];
    assert.deepEqual(pointsOf({ points, box: null }, PHOTO, STRETCH), { coordinates: [512, 512, 1024, 0], labels: [1, 0] });
    assert.deepEqual(pointsOf({ points, box: null }, PHOTO, LONGEST), { coordinates: [512, 384, 1024, 0, 0, 0], labels: [1, 0, -1] });
  });

  test('a box is its two corners, and then nothing is added', () => {
    const box = { x: 1000, y: 750, width: 1000, height: 1500 };
    assert.deepEqual(pointsOf({ points: [], box }, PHOTO, LONGEST), { coordinates: [256, 192, 512, 576], labels: [2, 3] });
    assert.deepEqual(pointsOf({ points: [inside(1200, 900)], box }, PHOTO, STRETCH).labels, [1, 2, 3]);
  });
});

describe('answers', () => {
  const mask = (p) => [p, p, p, p].map(logit);

  test('the mask that fits best, as probabilities', () => {
    const outputs = { masks: float([1, 1, 3, 2, 2], [...mask(0.1), ...mask(0.75), ...mask(0.9)]), scores: float([1, 1, 3], [0.2, 0.8, 0.5]) };
    const { matte, score, ...size } = answerOf(outputs, PHOTO, STRETCH);
    assert.deepEqual(size, { columns: 2, rows: 2 });
    assert.ok(matte.every((value) => Math.abs(value - 0.75) < 1e-6));
    assert.ok(Math.abs(score - 0.8) < 1e-6);
  });

  test('how sure a model is falls where it sees nothing, and stays within 0..1', () => {
    const outputs = { masks: float([1, 1, 2, 2], mask(0.5)), scores: float([1, 1], [1.25]) };
    assert.equal(answerOf(outputs, PHOTO, STRETCH).score, 1);
    assert.ok(Math.abs(answerOf({ ...outputs, presence: float([1, 1, 1], [logit(0.25)]) }, PHOTO, STRETCH).score - 0.25) < 1e-6);
  });

  test('what made the square full is no part of the photo', () => {
    const values = Array.from({ length: 16 * 16 }, (_, i) => (i >= 12 * 16 ? 9 : -9));
    const { matte, columns, rows } = answerOf({ masks: float([1, 1, 16, 16], values), scores: float([1, 1], [1]) }, PHOTO, LONGEST);
    assert.deepEqual([columns, rows], [16, 12]);
    assert.ok(matte.every((value) => value < 0.001));
  });

  for (const [what, outputs] of [
    ['a mask that is not finite', { masks: float([1, 1, 1, 2], [0, NaN]), scores: float([1, 1], [1]) }],
    ['scores that are not', { masks: float([1, 1, 1, 2], [0, 0]), scores: float([1, 1], [NaN]) }],
    ['fewer masks than scores', { masks: float([1, 1, 1, 2], [0, 0]), scores: float([1, 2], [1, 1]) }],
  ]) test(`${what} is refused`, () => assert.throws(() => answerOf(outputs, PHOTO, STRETCH), { code: 'bad-matte' }));
});

/** A model of 8 x 8: the encoder gives twice what it is given, the decoder a mask of the first point's place. */
function toy({ layout = 'NCHW', rules = { fit: 'stretch', side: 8, pad: false }, labels = 'int64', told = {} } = {}) {
  const picture = { layout, scale: 255, mean: [0, 0, 0], std: [1, 1, 1] };
  const tensor = (name, use, shape, dtype = 'float32') => ({ name, use, shape, dtype });
  const shape = layout === 'HWC' ? ['height', 'width', 3] : [1, 3, 8, 8];
  const canary = (samples) => ({ recipe: 'x', seed: 3, samples, tolerance: { mean: 1e-6, max: 1e-6 } });
  const [first] = [3].map((seed) => canaryPlanes(8, 8, seed));
  const at = (0x9e3779b1 % 2 ** 32) % 192;
  const red = layout === 'HWC' ? first[(at % 3) * 64 + Math.floor(at / 3)] : first[at];
  const encoder = { model: 'toy/encoder', role: 'encoder', files: [], dimensions: {}, inputs: [{ ...tensor('photo', 'pixels', shape), picture }], outputs: [tensor('seen', 'embedding', shape)], canary: canary({ seen: [Math.fround((2 * red) / 255)] }) };
  const decoder = {
    model: 'toy/decoder', role: 'decoder', files: [], dimensions: {},
    inputs: [tensor('at', 'points', [1, 1, 'points', 2]), tensor('kind', 'labels', [1, 1, 'points'], labels), tensor('boxes', 'boxes', [1, 0, 4]), tensor('embedding', 'embedding', shape)],
    outputs: [tensor('masks', 'masks', [1, 1, 1, 1, 2]), tensor('fits', 'scores', [1, 1, 1])], canary: canary({ masks: [4], fits: [0.5] }),
  };
  const asked = [];
  const describeAll = (tensors) => tensors.map(({ name, dtype, shape: dims }) => ({ name, type: dtype, shape: dims }));
  const runtime = {
    async createSession(id) {
      const part = id === 'toy/encoder' ? encoder : decoder;
      return {
        inputs: describeAll(part.inputs), outputs: describeAll(part.outputs), release: async () => {},
        async run(inputs) {
          asked.push([id, inputs]);
          if (part === encoder) return { seen: { ...inputs.photo, data: inputs.photo.data.map((value) => 2 * value) } };
          return { masks: float([1, 1, 1, 1, 2], [inputs.at.data[0], inputs.at.data[1]]), fits: float([1, 1, 1], [0.5]), ...told };
        },
      };
    },
  };
  const model = { id: 'toy', parts: [encoder, decoder], rules };
  return { asked, up: (isGpu = false) => load(model, { runtime, pool: new SessionPool(1e6), isGpu, read: async () => new ArrayBuffer(0) }) };
}

const pixels = (width, height) => ({ data: new Uint8ClampedArray(width * height * 4).fill(51), width, height });

describe('the task', () => {
  test('sees once and is asked often', async () => {
    const { asked, up } = toy();
    const task = await up();
    const sight = await task.see(pixels(16, 8));
    assert.deepEqual([sight.size, sight.bytes], [{ width: 16, height: 8 }, 8 * 8 * 3 * 4]);
    const found = await task.ask(sight, { points: [inside(4, 4), { x: 8, y: 0, isInside: false }], box: null });
    await task.ask(sight, { points: [inside(1, 1)], box: null });
    assert.deepEqual(asked.map(([id]) => id), ['toy/encoder', 'toy/decoder', 'toy/decoder']);
    const [, [, inputs], [, once]] = asked;
    assert.deepEqual(inputs.at, float([1, 1, 2, 2], [2, 4, 4, 0]));
    assert.deepEqual(inputs.kind, { type: 'int64', dims: [1, 1, 2], data: BigInt64Array.of(1n, 0n) });
    assert.deepEqual([inputs.boxes.dims, inputs.boxes.data.length, once.at.dims], [[1, 0, 4], 0, [1, 1, 1, 2]]);
    assert.ok(Math.abs(inputs.embedding.data[0] - 0.4) < 1e-6);
    assert.deepEqual([found.columns, found.rows, found.score], [2, 1, 0.5]);
    assert.ok(Math.abs(found.matte[0] - 1 / (1 + Math.exp(-2))) < 1e-6);
  });

  test('gives labels of the type that the graph takes', async () => {
    for (const [labels, data] of /** @type {const} */ ([['int32', Int32Array.of(1)], ['int64', BigInt64Array.of(1n)], ['float32', Float32Array.of(1)]])) {
      const { asked, up } = toy({ labels });
      const task = await up();
      await task.ask(await task.see(pixels(16, 8)), { points: [inside(4, 4)], box: null });
      assert.deepEqual(asked[1][1].kind, { type: labels, dims: [1, 1, 1], data });
    }
  });

  test('gives pixels one after the other, and as large as they are, where the model wants that', async () => {
    const { asked, up } = toy({ layout: 'HWC', rules: { fit: 'longest', side: 8, pad: true }, labels: 'float32' });
    const task = await up();
    const picture = pixels(16, 8);
    for (let i = 0; i < picture.data.length; i += 4) picture.data.set([255, 0, 51, 255], i);
    const sight = await task.see(picture);
    await task.ask(sight, { points: [inside(4, 4)], box: null });
    const [[, { photo }], [, inputs]] = asked;
    assert.deepEqual(photo.dims, [4, 8, 3]);
    assert.deepEqual([...photo.data.slice(0, 4)].map((value) => Math.round(value * 255)), [255, 0, 51, 255]);
    assert.deepEqual([...inputs.kind.data], [1, -1]);
  });

  test('passes its canary on a processor, and twice on a GPU', async () => {
    const { asked, up } = toy();
    await (await up()).check();
    assert.deepEqual(asked.map(([id]) => id), ['toy/encoder', 'toy/decoder']);
    const [, [, { at, embedding }]] = asked;
    assert.deepEqual([[...at.data], embedding.data.length], [[4, 4], 192]);
    const gpu = toy();
    await (await gpu.up(true)).check();
    assert.equal(gpu.asked.length, 4);
  });

  test('fails it where a part computes something else', async () => {
    const { up } = toy({ told: { fits: float([1, 1, 1], [0.6]) } });
    await assert.rejects((await up()).check(), ({ code, details }) => code === 'canary-mismatch' && details.model === 'toy/decoder');
  });

  test('has a GPU checked again whose answer is all one value, and no processor', async () => {
    const told = { masks: float([1, 1, 1, 1, 2], [0, 0]) };
    const mixed = pixels(8, 8);
    mixed.data[0] = 99;
    const ask = async (isGpu) => {
      const task = await toy({ told }).up(isGpu);
      return task.ask(await task.see(mixed), { points: [inside(1, 1)], box: null });
    };
    assert.equal((await ask(false)).matte[0], 0.5);
    await assert.rejects(ask(true), { code: 'canary-mismatch' });
  });

  test('and where it sees nothing but one value', async () => {
    const { asked, up } = toy();
    const task = await up(true);
    await task.see(pixels(8, 8));
    assert.equal(asked.length, 1 + 4);
  });

  test('has what it sees of another shape refused', async () => {
    const { up } = toy({ told: { masks: float([1, 1, 1, 2], [NaN, 0]) } });
    const task = await up();
    await assert.rejects(task.ask(await task.see(pixels(8, 8)), { points: [inside(1, 1)], box: null }), { code: 'bad-matte' });
  });
});

describe('sights', () => {
  const task = { ask: async () => ({ matte: Float32Array.of(0, 0.5, 1), columns: 3, rows: 1, score: 0.5, ms: 4 }) };
  const sight = (bytes) => ({ size: { width: 9, height: 5 }, embeddings: [], bytes });
  const ask = (sights, handle) => sights.ask({ handle, prompt: {} }, task);
  const isKept = async (sights, ...handles) => Promise.all(handles.map(async (handle) => (await ask(sights, handle)) !== null));

  test('an answer is of the whole photo, in 16 bits', async () => {
    const sights = new Sights();
    sights.keep('one', sight(1));
    const { answer, ms } = await ask(sights, 'one');
    assert.deepEqual(answer, { seen: { x: 0, y: 0, width: 9, height: 5 }, matte: { values: Uint16Array.of(0, 32768, 65535), columns: 3, rows: 1 }, score: 0.5 });
    assert.equal(ms, 4);
    assert.equal(await ask(sights, 'another'), null);
  });

  test('within a budget, the least recently asked about goes first', async () => {
    const sights = new Sights(10);
    for (const handle of ['one', 'two']) sights.keep(handle, sight(4));
    await ask(sights, 'one');
    sights.keep('three', sight(4));
    assert.deepEqual(await isKept(sights, 'one', 'two', 'three'), [true, false, true]);
    sights.keep('large', sight(99));
    assert.deepEqual(await isKept(sights, 'one', 'three', 'large'), [false, false, true]);
    sights.drop('large');
    assert.deepEqual(await isKept(sights, 'large'), [false]);
  });
});
