import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { blankReport } from '../../client/engine/report.js';
import { MatteboxError } from '../../client/shared/errors.js';
import { asModel, groupsOf } from '../../client/engine/generator-groups.js';
import { generating, generatorOf, HALVES, make } from './generator-site.js';
import { NOTHING, gate } from './site.js';
import { until } from './worker-pair.js';

const rolesOf = (groups) => groups.map(({ parts }) => parts.map(({ role }) => role));
const [TEXT, UNET, DECODER] = ['text-encoder', 'unet', 'vae-decoder'];

describe('which parts are up together', () => {
  const cases = [
    ['one at a time where memory is short', {}, 8, [[TEXT], [UNET], [DECODER]]],
    ['the last two, which another seed needs again', { unet: 2400 }, 8, [[TEXT], [UNET, DECODER]]],
    ['all of a small one', { text: 600, unet: 1500, decoder: 300 }, 8, [[TEXT, UNET, DECODER]]],
    ['no more than a heap holds, however much there is', {}, 64, [[TEXT], [UNET], [DECODER]]],
    ['one at a time where the browser does not tell', { text: 600, unet: 1500, decoder: 900 }, undefined, [[TEXT], [UNET], [DECODER]]],
  ];
  for (const [what, sizes, memory, wanted] of cases) test(what, () => assert.deepEqual(rolesOf(groupsOf(generatorOf(sizes), memory)), wanted));

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
      id: 'words', title: 'Words', licence: { spdx: 'LicenseRef-Some', title: 'Some licence', isRestricted: true }, bytes: 700 + 100 + 30 + 300 + 80, why: null,
      parts: [
        { role: TEXT, bytes: 700, have: 0, isStored: false }, { role: UNET, bytes: 1700, have: 1700, isStored: true }, { role: DECODER, bytes: 100, have: 0, isStored: false },
        { role: 'tokenizer', bytes: 50, have: 20, isStored: false }, { role: 'runtime', bytes: 380, have: 0, isStored: false },
      ],
    });
    assert.deepEqual(argsOf('delivery obtain'), [], 'nothing was fetched for it');
  });

  const reasons = [
    ['no GPU', { findings: NOTHING }, { code: 'no-webgpu', detail: { part: TEXT } }],
    ['no halves', { findings: { ...HALVES, adapter: { ...HALVES.adapter, features: [] } } }, { code: 'missing-feature', detail: { part: TEXT, name: 'shader-f16' } }],
    ['small buffers', { findings: { ...HALVES, adapter: { ...HALVES.adapter, limits: { ...HALVES.adapter.limits, maxBufferSize: 2 ** 28 - 1 } } } },
      { code: 'limit-too-low', detail: { part: TEXT, name: 'maxBufferSize', need: 2 ** 28, have: 2 ** 28 - 1 } }],
    ['little memory', { memory: 4 }, { code: 'memory', detail: { part: UNET, need: 6800, have: 4096 } }],
    ['little room', { estimate: { quota: 2000, usage: 500 } }, { code: 'storage-full', detail: { needed: 2930, available: 1500 } }],
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
    assert.deepEqual(argsOf('delivery obtain').map(({ file: { name } }) => name), ['jspi.wasm', 'png.wasm', 'text-encoder.onnx', 'vocab.json', 'merges.txt', 'unet.onnx', 'vae-decoder.onnx']);
    assert.deepEqual([report.model.id, report.backend, report.ms.run, report.ms.encode, report.memory.heap, report.notes], ['words', 'webgpu', 21, 3, 5_000_000, []]);
    assert.equal(report.bytes.received, 1200 + 200 + 2550);
    const loads = events.filter(({ stage }) => stage === 'downloading');
    assert.ok(loads.every(({ loaded, total }, i) => total === 2930 && loaded >= (loads[i - 1]?.loaded ?? 0)));
    assert.equal(loads.at(-1).loaded, 2930);
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
    test(`${what} is none`, async (t) => assert.rejects(generating(t).generate(wanted), { code: 'bad-option', details: { option } }));
  }
});

/** What goes wrong in each part, and how it ends. */
const FAULTS = [
  ['memory while it runs', { make: () => { throw new MatteboxError('out-of-memory'); } }, 'out-of-memory'],
  ['memory while it is brought up', { prepare: () => { throw new MatteboxError('out-of-memory', { model: 'words' }); } }, 'out-of-memory'],
  ['a GPU that is lost', { make: () => { throw new MatteboxError('gpu-lost', { reason: 'unknown' }); } }, 'gpu-lost'],
  ['numbers that are none', { make: () => { throw new MatteboxError('bad-matte', { reason: 'not-finite' }); } }, 'bad-matte'],
  ['a wrong canary', { prepare: () => { throw new MatteboxError('canary-mismatch', { model: 'words', mean: 1, max: 2, tolerance: { mean: 0, max: 0 } }); } }, 'canary-mismatch'],
];

describe('a fault ends in words that name the part', () => {
  for (const [what, faulty, code] of FAULTS) {
    for (const role of [TEXT, UNET, DECODER]) {
      test(`${what}: ${role}`, async (t) => {
        const { generate, workers } = generating(t, {
          inference: {
            make: (roles, args, context) => (roles.includes(role) && faulty.make ? faulty.make() : make(roles, args, context)),
            prepare: (roles) => roles.includes(role) && faulty.prepare?.(),
          },
        });
        const report = blankReport();
        await assert.rejects(generate({}, report), (error) => error.code === code && error.details.part === role);
        assert.equal(workers.inference.at(-1).isTerminated, true);
        assert.equal(report.attempts.at(-1).code, code);
      });
    }
  }

  for (const role of [TEXT, UNET, DECODER]) {
    test(`cancelled: ${role} ends its worker, and the next picture is made`, async (t) => {
      const waiting = [];
      let isHeld = true;
      const { generate, workers } = generating(t, {
        inference: { make: (roles, args, context) => (isHeld && roles.includes(role) ? new Promise(() => waiting.push(role)) : make(roles, args, context)) },
      });
      const controller = new AbortController();
      const made = generate({ signal: controller.signal });
      await until(() => waiting.length === 1);
      const working = workers.inference.at(-1);
      controller.abort();
      await assert.rejects(made, { code: 'cancelled' });
      assert.equal(working.isTerminated, true);
      isHeld = false;
      assert.equal(await (await generate()).picture.text(), '14,5');
    });

    test(`missing on the server: ${role}, and what came before it stays`, async (t) => {
      const { generate, kept } = generating(t, {
        delivery: {
          async obtain({ file: { name, bytes } }) {
            if (name === `${role}.onnx`) throw new MatteboxError('http-status', { status: 404, name });
            kept.add(name);
            return { buffer: null, received: bytes, storage: null };
          },
        },
      });
      await assert.rejects(generate(), ({ code, details }) => code === 'http-status' && details.part === role);
      assert.equal(kept.has('text-encoder.onnx'), role !== TEXT);
      assert.equal(kept.has('unet.onnx'), role === DECODER);
    });

    test(`damaged in the store: ${role} is fetched again, once`, async (t) => {
      let isDamaged = true;
      const { generate, argsOf, kept } = generating(t, {
        inference: {
          prepare(roles) {
            if (!roles.includes(role) || !isDamaged) return;
            isDamaged = false;
            throw new MatteboxError('model-corrupt', { name: `${role}.onnx`, source: 'store' });
          },
        },
      });
      for (const name of ['text-encoder.onnx', 'unet.onnx', 'vae-decoder.onnx', 'vocab.json', 'merges.txt', 'jspi.wasm', 'png.wasm']) kept.add(name);
      assert.equal(await (await generate()).picture.text(), '14,5');
      assert.deepEqual(argsOf('delivery obtain').map(({ file: { name } }) => name), [`${role}.onnx`]);
    });
  }
});

test('where both run it, a lost GPU leaves the processor to it', async (t) => {
  const both = generatorOf({ text: 500, unet: 1500, decoder: 300 }, ['webgpu', 'wasm']);
  let isLost = true;
  const { generate } = generating(t, {
    models: [both],
    inference: {
      make(roles, args, context) {
        if (!isLost) return make(roles, args, context);
        isLost = false;
        throw new MatteboxError('gpu-lost', { reason: 'unknown' });
      },
    },
  });
  const { report, picture } = await generate();
  assert.equal(await picture.text(), '14,5');
  assert.deepEqual(report.attempts.map(({ backend, outcome, code }) => [backend, outcome, code]), [['webgpu', 'failed', 'gpu-lost'], ['wasm', 'ran', null]]);
});
