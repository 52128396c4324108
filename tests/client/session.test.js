import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { assertInterface, run } from '../../client/runtime/session.js';

const photo = { name: 'photo', dtype: 'float32', shape: [1, 3, 5, 4] };
const points = { name: 'points', dtype: 'int64', shape: [1, 'points', 2] };
const matte = { name: 'matte', dtype: 'float16', shape: [1, 1, 2, 2] };
const score = { name: 'score', dtype: 'float32', shape: [] };
const PART = { model: 'picker', inputs: [photo, points], outputs: [matte, score] };

const described = ({ name, dtype, shape }) => ({ name, type: dtype, shape });
const SESSION = { inputs: PART.inputs.map(described), outputs: PART.outputs.map(described) };

test('a graph that is what the catalog says passes', () => assertInterface(SESSION, PART));

describe('a graph that is not is refused, with both values', () => {
  const [first, second] = SESSION.inputs;
  const [given, other] = SESSION.outputs;
  const cases = [
    ['inputs', { inputs: [] }, ['photo', 'points'], []],
    ['inputs', { inputs: [first] }, ['photo', 'points'], ['photo']],
    ['inputs', { inputs: [{ ...first, name: 'pixel_values' }, second] }, ['photo', 'points'], ['pixel_values', 'points']],
    ['inputs', { inputs: [...SESSION.inputs, { ...first, name: 'mask' }] }, ['photo', 'points'], ['photo', 'points', 'mask']],
    ['inputs', { inputs: [second, first] }, ['photo', 'points'], ['points', 'photo']],
    ['outputs', { outputs: [] }, ['matte', 'score'], []],
    ['outputs', { outputs: [{ ...given, name: '1960' }, given, other] }, ['matte', 'score'], ['1960', 'matte', 'score']],
    ['input type', { inputs: [{ ...first, type: 'float16' }, second] }, 'float32', 'float16', 'photo'],
    ['input type', { inputs: [first, { ...second, type: 'int32' }] }, 'int64', 'int32', 'points'],
    ['output type', { outputs: [given, { ...other, type: 'uint8' }] }, 'float32', 'uint8', 'score'],
    ['input shape', { inputs: [{ ...first, shape: [1, 3, 4, 5] }, second] }, [1, 3, 5, 4], [1, 3, 4, 5], 'photo'],
    ['input shape', { inputs: [{ ...first, shape: ['batch', 3, 5, 4] }, second] }, [1, 3, 5, 4], ['batch', 3, 5, 4], 'photo'],
    ['input shape', { inputs: [first, { ...second, shape: [1, 1, 2] }] }, [1, 'points', 2], [1, 1, 2], 'points'],
    ['output shape', { outputs: [{ ...given, shape: [1, 2, 2] }, other] }, [1, 1, 2, 2], [1, 2, 2], 'matte'],
  ];
  for (const [what, change, expected, found, tensor] of cases) {
    test(`${what}: ${JSON.stringify(found)}`, () => {
      assert.throws(() => assertInterface({ ...SESSION, ...change }, PART), {
        code: 'model-interface',
        details: { model: 'picker', what, expected, found, ...(tensor && { tensor }) },
      });
    });
  }
});

test('a run takes tensors by name and gives them, and its time', async () => {
  const echo = { ...SESSION, run: async (tensors) => tensors };
  const inputs = { points: { type: 'int64', dims: [1, 1, 2], data: BigInt64Array.of(3n, 4n) } };
  const { outputs, ms } = await run(echo, inputs);
  assert.deepEqual(outputs, inputs);
  assert.ok(ms >= 0);
});

describe('a run that fails says why', () => {
  const failures = [
    // ONNX Runtime throws the bare address of a C++ exception.
    [35_918_704, 'out-of-memory'],
    [new Error('std::bad_alloc'), 'out-of-memory'],
    [new RangeError('WebAssembly.Memory.grow(): failed to allocate'), 'out-of-memory'],
    [new RangeError('Array buffer allocation failed'), 'out-of-memory'],
    [new Error('non-zero status code returned while running Conv'), 'runtime-failed'],
  ];
  for (const [thrown, code] of failures) {
    test(`${thrown}`, async () => {
      await assert.rejects(run({ ...SESSION, run: () => Promise.reject(thrown) }, {}), { code });
    });
  }
});
