import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { asModel, groupsOf } from '../../client/engine/generator-groups.js';
import { generating, generatorOf, HALVES, make } from './generator-site.js';
import { NOTHING, gate } from './site.js';
import { until } from './worker-pair.js';

const rolesOf = (groups) => groups.map(({ parts }) => parts.map(({ role }) => role));
const [TEXT, ENCODER, UNET, DECODER] = ['text-encoder', 'vae-encoder', 'unet', 'vae-decoder'];

describe('which parts are up together', () => {
  const cases = [
    ['one at a time where memory is short', {}, 8, [[TEXT], [UNET], [DECODER]]],
    ['the last two, which another seed needs again', { unet: 2400 }, 8, [[TEXT], [UNET, DECODER]]],
    ['all of a small one', { text: 600, unet: 1500, decoder: 300 }, 8, [[TEXT, UNET, DECODER]]],
    ['no more than a heap holds, however much there is', {}, 64, [[TEXT], [UNET], [DECODER]]],
    ['one at a time where the browser does not tell', { text: 600, unet: 1500, decoder: 900 }, undefined, [[TEXT], [UNET], [DECODER]]],
  ];
  for (const [what, sizes, memory, wanted] of cases) test(what, () => assert.deepEqual(rolesOf(groupsOf(generatorOf(sizes), memory)), wanted));

  test('without the VAE\u2019s encoder, where no picture begins another one', () => {
    const model = generatorOf({ text: 600, encoder: 200, unet: 1500, decoder: 300 });
    assert.deepEqual([rolesOf(groupsOf(model, 8)), rolesOf(groupsOf(model, 8, true))], [[[TEXT, UNET, DECODER]], [[TEXT, ENCODER, UNET, DECODER]]]);
    assert.notEqual(groupsOf(model, 8)[0].id, groupsOf(model, 8, true)[0].id);
  });

  test('as a model of their own', () => {
    const whole = generatorOf();
    const unet = asModel(whole, [whole.parts[1]]);
    assert.deepEqual([unet.id, unet.bytes, unet.gflop, unet.files.map(({ name }) => name)], ['words-unet', 1700, 10, ['unet.onnx']]);
    assert.deepEqual(unet.requirements, { memory_mib: 3400, webgpu: { features: ['shader-f16'], limits: { maxBufferSize: 2 ** 28 } } });
    assert.deepEqual(asModel(whole, whole.parts.slice(0, 1)).files.map(({ name }) => name), ['text-encoder.onnx', 'vocab.json', 'merges.txt']);
    assert.equal(asModel(whole, whole.parts).id, 'words');
  });
});

describe('what is offered', () => {
  test('nothing where nothing is installed', async (t) => assert.equal(await generating(t, { models: [] }).generators.offered(), null));

  test('is true to the byte, part by part, and names its licence', async (t) => {
    const { generators, kept, argsOf } = generating(t);
    kept.add('unet.onnx').add('merges.txt');
    assert.deepEqual(await generators.offered(), {
      id: 'words', title: 'Words', licence: { spdx: 'LicenseRef-Some', title: 'Some licence', isRestricted: true, url: null }, canStart: false, bytes: 700 + 100 + 30 + 300, why: null,
      parts: [
        { role: TEXT, bytes: 700, have: 0, isStored: false }, { role: UNET, bytes: 1700, have: 1700, isStored: true }, { role: DECODER, bytes: 100, have: 0, isStored: false },
        { role: 'tokenizer', bytes: 50, have: 20, isStored: false }, { role: 'runtime', bytes: 300, have: 0, isStored: false },
      ],
    });
    assert.deepEqual(argsOf('delivery obtain'), [], 'nothing was fetched for it');
  });

  test('to begin with a picture too, where there is an encoder for it, which nobody else fetches', async (t) => {
    const { generators, generate, argsOf } = generating(t, { models: [generatorOf(), { ...generatorOf({ encoder: 300 }), id: 'photo' }] });
    const offers = [await generators.offered(), await generators.offered({ isStarting: true })];
    assert.deepEqual(offers.map(({ id, canStart, bytes }) => [id, canStart, bytes]), [['words', false, 2850], ['photo', true, 2920]]);
    assert.deepEqual(offers[1].parts[1], { role: ENCODER, bytes: 70, have: 0, isStored: false });
    await generate();
    assert.equal(argsOf('delivery obtain').some(({ file: { name } }) => name === 'vae-encoder.onnx'), false);
  });

  test('with parts that are here, whole or in part, whoever brought them', async (t) => {
    const here = { 'sha of text-encoder.onnx': 700, 'sha of unet.onnx': 1300 };
    const held = async ({ files }) => files.map(({ sha256, bytes }) => ({ whole: here[sha256] === bytes, have: here[sha256] ?? 0 }));
    // As SD-Turbo and the light one have the same text encoder and U-Net.
    const { generators } = generating(t, { models: [{ ...generatorOf(), id: 'light' }], delivery: { held } });
    const { bytes, parts } = await generators.offered();
    assert.deepEqual(parts.map(({ role, have, isStored }) => [role, have, isStored]), [[TEXT, 700, true], [UNET, 1300, false], [DECODER, 0, false], ['tokenizer', 0, false], ['runtime', 0, false]]);
    assert.equal(bytes, 2850 - 700 - 1300);
  });

  test('with the licence\u2019s text where it came with the model', async (t) => {
    const model = generatorOf();
    model.files.push({ ...model.files[0], role: 'licence', name: 'LICENSE.txt', url: 'models/abc/LICENSE.txt', bytes: 7 });
    const { generators, generate, argsOf } = generating(t, { models: [model] });
    const { licence, bytes } = await generators.offered();
    assert.deepEqual([licence.url, bytes], ['models/abc/LICENSE.txt', 2850]);
    await generate();
    assert.equal(argsOf('delivery obtain').some(({ file: { name } }) => name === 'LICENSE.txt'), false, 'a person opens it, and nobody else');
  });

  test('to begin with a picture nowhere without an encoder', async (t) => {
    const { generators, generate } = generating(t);
    assert.equal(await generators.offered({ isStarting: true }), null);
    await assert.rejects(generate({ start: new Blob(['x']) }), { code: 'unknown-model' });
    await assert.rejects(async () => generate({ start: 'x' }), { code: 'bad-option', details: { option: 'start' } });
  });

  const reasons = [
    ['no GPU', { findings: NOTHING }, { code: 'no-webgpu', detail: { part: TEXT } }],
    ['no halves', { findings: { ...HALVES, adapter: { ...HALVES.adapter, features: [] } } }, { code: 'missing-feature', detail: { part: TEXT, name: 'shader-f16' } }],
    ['small buffers', { findings: { ...HALVES, adapter: { ...HALVES.adapter, limits: { ...HALVES.adapter.limits, maxBufferSize: 2 ** 28 - 1 } } } },
      { code: 'limit-too-low', detail: { part: TEXT, name: 'maxBufferSize', need: 2 ** 28, have: 2 ** 28 - 1 } }],
    ['little memory', { memory: 4 }, { code: 'memory', detail: { part: UNET, need: 6800, have: 4096 } }],
    ['little room', { estimate: { quota: 2000, usage: 500 } }, { code: 'storage-full', detail: { needed: 2850, available: 1500 } }],
  ];
  for (const [what, given, why] of reasons) {
    test(`with ${what} the reason and its number, before anything is fetched`, async (t) => {
      const { generators, generate, argsOf } = generating(t, given);
      assert.deepEqual((await generators.offered()).why, why);
      await assert.rejects(generate(), ({ code, details }) => code === 'gpu-unavailable' && details.cause === why.code);
      assert.deepEqual(argsOf('delivery obtain'), []);
    });
  }

  test('of two the one that runs here', async (t) => {
    const small = { ...generatorOf({ text: 500, unet: 1500, decoder: 300 }, ['webgpu', 'wasm']), id: 'small' };
    const { generators, generate } = generating(t, { models: [generatorOf(), small], findings: NOTHING, memory: 8 });
    assert.equal((await generators.offered()).id, 'small');
    assert.equal((await generate()).report.backend, 'wasm');
  });
});

describe('a picture', () => {
  test('goes through one part after the other, each in a worker of its own that ends before the next begins', async (t) => {
    const { generate, prepared, workers, events, argsOf } = generating(t, {
      inference: { prepare: () => assert.deepEqual(workers.inference.slice(1, -1).map(({ isTerminated }) => isTerminated), workers.inference.slice(1, -1).map(() => true)) },
    });
    const { picture, report } = await generate();
    assert.equal(await picture.text(), '14,5');
    assert.deepEqual(prepared(), [[TEXT], [UNET], [DECODER]]);
    assert.deepEqual(argsOf('delivery obtain').map(({ file: { name } }) => name), ['jspi.wasm', 'text-encoder.onnx', 'vocab.json', 'merges.txt', 'unet.onnx', 'vae-decoder.onnx']);
    assert.deepEqual([report.model.id, report.backend, report.ms.run, report.ms.encode, report.memory.heap, report.notes], ['words', 'webgpu', 21, 3, 5_000_000, []]);
    assert.equal(report.bytes.received, 1200 + 2550);
    const loads = events.filter(({ stage }) => stage === 'downloading');
    assert.ok(loads.every(({ loaded, total }, i) => total === 2850 && loaded >= (loads[i - 1]?.loaded ?? 0)));
    assert.equal(loads.at(-1).loaded, 2850);
    assert.deepEqual(events.filter(({ stage }) => stage === 'running').map(({ part, step, of }) => [part, step, of]), [[TEXT, 1, 1], [UNET, 1, 1], [DECODER, 1, 1]]);
  });

  test('of another seed needs no text encoder, nor its worker; of another prompt it does', async (t) => {
    const { generate, prepared } = generating(t, { models: [generatorOf({ unet: 2400 })] });
    await generate();
    assert.equal(await (await generate({ seed: 6 })).picture.text(), '14,6');
    assert.deepEqual(prepared(), [[TEXT], [UNET, DECODER]]);
    assert.equal(await (await generate({ prompt: 'a forest' })).picture.text(), '8,5');
    assert.deepEqual(prepared(), [[TEXT], [UNET, DECODER], [TEXT], [UNET, DECODER]]);
  });

  test('that begins with another one goes through its encoder, once for all seeds and prompts', async (t) => {
    const { generate, prepared, events } = generating(t, { models: [generatorOf({ text: 3300, encoder: 900, unet: 2400 })] });
    const start = new Blob(['photo']);
    assert.equal(await (await generate({ start })).picture.text(), '14,5,5');
    assert.deepEqual(events.filter(({ stage }) => stage === 'running').map(({ part }) => part), [TEXT, ENCODER, UNET, DECODER]);
    assert.equal(await (await generate({ start, seed: 6 })).picture.text(), '14,6,5');
    assert.deepEqual(prepared(), [[TEXT], [ENCODER], [UNET, DECODER]]);
    assert.equal(await (await generate({ start, prompt: 'a forest' })).picture.text(), '8,5,5');
    assert.deepEqual(prepared().slice(3), [[TEXT], [UNET, DECODER]]);
    assert.equal(await (await generate({ start: new Blob(['another']), prompt: 'a forest' })).picture.text(), '8,5,7');
    assert.deepEqual(prepared().slice(5), [[ENCODER], [UNET, DECODER]]);
    assert.equal(await (await generate({ prompt: 'a forest' })).picture.text(), '8,5', 'and none is left of it in one of words alone');
  });

  test('of a long prompt is told to be of its beginning', async (t) => {
    const { generate } = generating(t);
    const long = 'x'.repeat(2000);
    assert.deepEqual((await generate({ prompt: long })).report.notes, [{ code: 'prompt-cut', detail: {} }]);
    assert.deepEqual((await generate({ prompt: long, seed: 6 })).report.notes, [{ code: 'prompt-cut', detail: {} }], 'and so is the next seed’s');
  });

  test('is one at a time', async (t) => {
    const { waiting, gated } = gate(({ args, context, roles }) => make(roles, args, context));
    const { generate } = generating(t, { models: [generatorOf({ text: 500, unet: 1500, decoder: 300 })], inference: { make: (roles, args, context) => gated({ roles, args, context }) } });
    const both = [generate(), generate({ seed: 6 })];
    await until(() => waiting.length === 1);
    waiting[0].open();
    await until(() => waiting.length === 2);
    waiting[1].open();
    assert.deepEqual(await Promise.all(both.map(async (made) => (await made).picture.text())), ['14,5', '14,6']);
  });

  for (const [what, wanted, option] of [['of nothing', { prompt: '' }, 'prompt'], ['of spaces', { prompt: ' \n' }, 'prompt'], ['of half a seed', { seed: 0.5 }, 'seed'], ['of a seed too large', { seed: 2 ** 32 }, 'seed']]) {
    test(`${what} is none`, async (t) => {
      await assert.rejects(generating(t).generate(wanted), { code: 'bad-option', details: { option } });
      t.diagnostic(`a picture ${what}: bad-option ${option}`);
    });
  }
});

describe('memory is shared with what else is up', () => {
  const tenant = (bytes, usedAt) => ({ session: { model: { bytes } }, usedAt, makeRoom: null, ended: 0, end() { this.ended += 1; this.session = null; } });

  test('what was not used goes before a part is brought up, as soon as there would be too much', async (t) => {
    const { generate, room } = generating(t, { budget: 2000 });
    const idle = tenant(500, 1);
    room.join(idle);
    await generate();
    assert.equal(idle.ended, 1);
  });

  test('what fits beside every part stays, and so does what works', async (t) => {
    const { generate, room } = generating(t, { budget: 2000 });
    const small = tenant(100, 1);
    const busy = tenant(1900, Infinity);
    room.join(small);
    await generate();
    assert.equal(small.ended, 0);
    room.join(busy);
    await generate({ prompt: 'a forest' });
    assert.equal(busy.ended, 0);
  });

  test('a generator that waits for another seed goes where another model needs its room; the next picture is made all the same', async (t) => {
    const { generate, room, workers } = generating(t, { models: [generatorOf({ unet: 2400 })], budget: 2000 });
    const other = tenant(400, Infinity);
    room.join(other);
    await generate();
    assert.equal(workers.inference.at(-1).isTerminated, false);
    other.makeRoom(400);
    assert.equal(workers.inference.at(-1).isTerminated, true);
    assert.equal(await (await generate({ seed: 6 })).picture.text(), '14,6');
  });

  test('none ends while it makes a picture', async (t) => {
    const { waiting, gated } = gate(({ args, context, roles }) => make(roles, args, context));
    const { generate, room, workers } = generating(t, { models: [generatorOf({ text: 500, unet: 1500, decoder: 300 })], inference: { make: (roles, args, context) => gated({ roles, args, context }) }, budget: 2000 });
    const other = tenant(1900, Infinity);
    room.join(other);
    const made = generate();
    await until(() => waiting.length === 1);
    other.makeRoom(1900);
    assert.equal(workers.inference.at(-1).isTerminated, false);
    waiting[0].open();
    assert.equal(await (await made).picture.text(), '14,5');
  });
});
