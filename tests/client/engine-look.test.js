import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { blankReport } from '../../client/engine/report.js';
import { gate, INFERENCE, site } from './site.js';
import { settle, until } from './worker-pair.js';

const SIZE = { width: 300, height: 200 };
const BOX = { x: 10, y: 20, width: 50, height: 40 };
const SEEN = { x: 4, y: 14, width: 62, height: 52 };

const matte = { values: new Uint16Array(6), columns: 3, rows: 2 };
async function look(_, { progress }) {
  for (const stage of ['decoding', 'running']) progress({ stage });
  return { seen: SEEN, matte, notes: [{ code: 'nothing-found', detail: {} }], heap: 3_000_000, ms: { decode: 4, pre: 5, run: 60 } };
}

function looking(engine, signal) {
  const report = blankReport();
  const stages = [];
  const part = { blob: new Blob(['photo']), size: SIZE, box: BOX };
  return { report, stages, done: engine.look(part, { backend: 'auto' }, { signal, onProgress: (event) => stages.push(event) }, report) };
}

describe('looking at a part of a photo', () => {
  test('asks the model for that part of the photo as it is worked on, and reports it', async (t) => {
    const { engine, preload, argsOf } = site(t, { inference: { look } });
    await preload();
    const { report, stages, done } = looking(engine);
    assert.deepEqual(await done, { seen: SEEN, matte });
    const [{ source, ...args }] = argsOf('inference look');
    assert.equal(await source.text(), 'photo');
    assert.deepEqual(args, { size: SIZE, box: BOX });
    assert.deepEqual(stages, [{ stage: 'decoding' }, { stage: 'running', expectedMs: 13 }]);
    assert.deepEqual(report.size, SIZE);
    assert.deepEqual(report.notes, [{ code: 'nothing-found', detail: {} }]);
    assert.deepEqual([report.ms.decode, report.ms.pre, report.ms.run, report.backend, report.memory.heap], [4, 5, 60, 'wasm', 3_000_000]);
    assert.equal(report.model.id, 'u2netp');
  });

  test('has the codec brought that the photo needs', async (t) => {
    const inspect = async () => ({ type: 'HEIC', drawing: null, width: 3, height: 2, codecs: ['heif'] });
    const { engine, argsOf } = site(t, { inference: { look, inspect } });
    await looking(engine).done;
    assert.deepEqual(argsOf('inference load').map(({ codec }) => codec), ['heif']);
  });

  test('waits for its turn, and no photo’s time is told by it', async (t) => {
    const { waiting, gated } = gate(INFERENCE.cutout);
    const { engine, cut, history, argsOf } = site(t, { inference: { look, cutout: gated } });
    const cutting = cut();
    await until(() => waiting.length === 1);
    const { done } = looking(engine);
    await settle();
    assert.equal(argsOf('inference look').length, 0);
    waiting[0].open();
    await cutting;
    const speeds = JSON.stringify(history.speeds());
    await done;
    assert.equal(argsOf('inference look').length, 1);
    assert.equal(JSON.stringify(history.speeds()), speeds);
  });

  test('can be given up: its worker ends, and the next one finds another', async (t) => {
    const { waiting, gated } = gate(look);
    const { engine, preload, workers } = site(t, { inference: { look: gated } });
    await preload();
    const controller = new AbortController();
    const { done } = looking(engine, controller.signal);
    await until(() => waiting.length === 1);
    controller.abort();
    await assert.rejects(done, { code: 'cancelled' });
    assert.equal(workers.inference[0].isTerminated, true);
    const again = looking(engine);
    await until(() => waiting.length === 2);
    waiting[1].open();
    assert.deepEqual(await again.done, { seen: SEEN, matte });
    assert.equal(workers.inference.length, 2);
  });
});
