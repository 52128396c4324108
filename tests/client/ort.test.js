import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { graph, startRuntime } from './runtime.js';
import { standIn } from './stand-in.js';

const runtime = await startRuntime();
const open = (name, dimensions = {}) => {
  const { bytes, runs } = graph(name);
  return runtime.createSession(name, [{ role: 'graph', name: `${name}.onnx`, bytes }], dimensions).then((session) => ({ session, runs }));
};

test('a session says what it takes and gives: names, types and shapes', async () => {
  const { session } = await open('picking');
  assert.deepEqual(session.inputs, [
    { name: 'features', type: 'float16', shape: [1, 2, 6, 6] },
    { name: 'points', type: 'int64', shape: ['points', 2] },
    { name: 'labels', type: 'int32', shape: ['points'] },
  ]);
  assert.deepEqual(session.outputs, [{ name: 'mask', type: 'float32', shape: [6, 6] }, { name: 'count', type: 'int64', shape: [1] }]);
});

test('a dimension that is decided when the session is made is no longer open', async () => {
  const { session } = await open('picking', { points: 1 });
  assert.deepEqual(session.inputs[1].shape, [1, 2]);
});

describe('tensors of every type go in and come out as they are', () => {
  for (const [i, length] of [4, 0].entries()) {
    test(`${length} elements`, async () => {
      const { session, runs } = await open('same');
      assert.deepEqual({ ...(await session.run(runs[i].inputs)) }, runs[i].outputs);
    });
  }
  test('halves as their bits, where the browser has an array for them too', async (t) => {
    class Halves extends Uint16Array {}
    standIn(t, { Float16Array: Halves });
    const { session, runs } = await open('same');
    const found = await session.run(runs[0].inputs);
    assert.equal(Object.getPrototypeOf(found['float16 out'].data), Uint16Array.prototype);
    assert.deepEqual(found['float16 out'], runs[0].outputs['float16 out']);
  });
});

for (const name of ['looking', 'picking']) {
  test(`“${name}” gives what native ONNX Runtime gives`, async () => {
    const { session, runs } = await open(name);
    for (const { inputs, outputs } of runs) {
      const found = await session.run(inputs);
      assert.deepEqual(Object.keys(found), Object.keys(outputs));
      for (const [key, { type, dims, data }] of Object.entries(outputs)) {
        assert.deepEqual([found[key].type, [...found[key].dims]], [type, dims]);
        // A step of a half, or what sums of singles in another order differ by.
        const most = { float32: 1e-6, float16: 1, int64: 0n }[type];
        assert.ok(data.every((value, at) => value - found[key].data[at] <= most && found[key].data[at] - value <= most));
      }
    }
  });
}

test('weights that lie behind 2 GiB of a file beside the graph are found', async () => {
  const { bytes, runs, beside } = graph('far');
  assert.ok(beside.at > 2 ** 31);
  // Pages that nobody writes to take no memory.
  const data = new Uint8Array(beside.at + beside.data.length);
  data.set(beside.data, beside.at);
  const files = [{ role: 'graph', name: 'far.onnx', bytes }, { role: 'external-data', name: beside.name, bytes: data.buffer }];
  const session = await runtime.createSession('far', files, {});
  const { out } = await session.run(runs[0].inputs);
  assert.deepEqual([...out.data].map((one) => one.toFixed(4)), [...runs[0].outputs.out.data].map((one) => one.toFixed(4)));
});

test('what goes in stays the caller’s, and so does what comes out', async () => {
  const { session, runs } = await open('looking');
  const { inputs } = runs[0];
  const before = inputs.picture.data.slice();
  const first = await session.run(inputs);
  const kept = first.features.data.slice();
  inputs.picture.data.fill(0);
  await session.run(inputs);
  assert.deepEqual(first.features.data, kept);
  inputs.picture.data.set(before);
  assert.deepEqual((await session.run(inputs)).features.data, kept);
});

test('a session that was released runs no more', async () => {
  const { session, runs } = await open('same');
  await session.release();
  await assert.rejects(session.run(runs[0].inputs));
});

test('a graph that cannot be read', async () => {
  const files = [{ role: 'graph', name: 'x.onnx', bytes: new ArrayBuffer(9) }];
  await assert.rejects(runtime.createSession('x', files, {}), ({ code, details }) => code === 'session-failed' && details.model === 'x');
});
