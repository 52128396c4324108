import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { blankReport } from '../../client/engine/report.js';
import { MatteboxError } from '../../client/shared/errors.js';
import { generating, generatorOf, make } from './generator-site.js';
import { until } from './worker-pair.js';

const [TEXT, ENCODER, UNET, DECODER] = ['text-encoder', 'vae-encoder', 'unet', 'vae-decoder'];

/** A picture that goes through all parts there are. */
const STARTING = [generatorOf({ text: 3300, encoder: 900 })];
const start = new Blob(['photo']);

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
    for (const role of [TEXT, ENCODER, UNET, DECODER]) {
      test(`${what}: ${role}`, async (t) => {
        const { generate, workers } = generating(t, {
          models: STARTING,
          inference: {
            make: (roles, args, context) => (roles.includes(role) && faulty.make ? faulty.make() : make(roles, args, context)),
            prepare: (roles) => roles.includes(role) && faulty.prepare?.(),
          },
        });
        const report = blankReport();
        const error = await generate({ start }, report).then(() => assert.fail('it was made'), (thrown) => thrown);
        t.diagnostic(`${what}, ${role}: ${error.code} ${JSON.stringify(error.details)}`);
        assert.deepEqual([error.code, error.details.part], [code, role]);
        assert.equal(workers.inference.at(-1).isTerminated, true);
        assert.equal(report.attempts.at(-1).code, code);
      });
    }
  }

  for (const role of [TEXT, ENCODER, UNET, DECODER]) {
    test(`cancelled: ${role} ends its worker, and the next picture is made`, async (t) => {
      const waiting = [];
      let isHeld = true;
      const { generate, workers } = generating(t, {
        models: STARTING,
        inference: { make: (roles, args, context) => (isHeld && roles.includes(role) ? new Promise(() => waiting.push(role)) : make(roles, args, context)) },
      });
      const controller = new AbortController();
      const made = generate({ start, signal: controller.signal });
      await until(() => waiting.length === 1);
      const working = workers.inference.at(-1);
      controller.abort();
      await assert.rejects(made, { code: 'cancelled' });
      assert.equal(working.isTerminated, true);
      t.diagnostic(`cancelled, ${role}: its worker has ended, the next picture is made`);
      isHeld = false;
      assert.equal(await (await generate({ start })).picture.text(), '14,5,5');
    });

    test(`missing on the server: ${role}, and what came before it stays`, async (t) => {
      const { generate, kept } = generating(t, {
        models: STARTING,
        delivery: {
          async obtain({ file: { name, bytes } }) {
            if (name === `${role}.onnx`) throw new MatteboxError('http-status', { status: 404, name });
            kept.add(name);
            return { buffer: null, received: bytes, storage: null };
          },
        },
      });
      await assert.rejects(generate({ start }), ({ code, details }) => code === 'http-status' && details.part === role);
      assert.equal(kept.has('text-encoder.onnx'), role !== TEXT);
      assert.equal(kept.has('unet.onnx'), role === DECODER);
      assert.equal(kept.has('vae-encoder.onnx'), role === UNET || role === DECODER);
      t.diagnostic(`missing on the server, ${role}: http-status 404; stored before it: ${[...kept].filter((name) => name.endsWith('.onnx')).join(', ') || 'none'}`);
    });

    test(`damaged in the store: ${role} is fetched again, once`, async (t) => {
      let isDamaged = true;
      const { generate, argsOf, kept } = generating(t, {
        models: STARTING,
        inference: {
          prepare(roles) {
            if (!roles.includes(role) || !isDamaged) return;
            isDamaged = false;
            throw new MatteboxError('model-corrupt', { name: `${role}.onnx`, source: 'store' });
          },
        },
      });
      for (const name of ['text-encoder.onnx', 'vae-encoder.onnx', 'unet.onnx', 'vae-decoder.onnx', 'vocab.json', 'merges.txt', 'jspi.wasm']) kept.add(name);
      assert.equal(await (await generate({ start })).picture.text(), '14,5,5');
      assert.deepEqual(argsOf('delivery obtain').map(({ file: { name } }) => name), [`${role}.onnx`]);
      t.diagnostic(`damaged in the store, ${role}: it alone is fetched again, the picture is the same`);
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
