import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';

import { assertInterface, infer, runCanary } from '../../client/tasks/session.js';
import { golden } from './golden.js';

const PART = {
  model: 'u2netp',
  input: { name: 'input.1', shape: [1, 3, 5, 4], layout: 'NCHW', dtype: 'float32', resize: 'lanczos3', scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
  output: { name: '1959', shape: [1, 1, 2, 2], dtype: 'float32', range: 'probability', normalise: 'none' },
  canary: { recipe: 'blocks-v1', seed: 20, grid: 2, samples: [0.1, 0.2, 0.3, 0.4], tolerance: { mean: 0.01, max: 0.02 } },
};
const MATTE = Float32Array.of(0.1, 0.2, 0.3, 0.4);

const inputs = [{ name: 'input.1', type: 'float32', shape: [1, 3, 5, 4] }];
const outputs = [{ name: '1959', type: 'float32', shape: [1, 1, 2, 2] }];
/** A session whose model gives what it is told to. */
const session = (run = async () => ({ data: MATTE, dims: [1, 1, 2, 2] })) => ({ inputs, outputs, run });

test('a graph that is what the catalog says passes', () => assertInterface(session(), PART));

describe('a graph that is not is refused, with both values', () => {
  const cases = [
    ['inputs', { inputs: [] }, ['input.1'], []],
    ['inputs', { inputs: [{ ...inputs[0], name: 'pixel_values' }] }, ['input.1'], ['pixel_values']],
    ['inputs', { inputs: [...inputs, { ...inputs[0], name: 'mask' }] }, ['input.1'], ['input.1', 'mask']],
    ['outputs', { outputs: [] }, ['1959'], []],
    ['outputs', { outputs: [{ ...outputs[0], name: '1960' }, ...outputs] }, ['1959'], ['1960', '1959']],
    ['input type', { inputs: [{ ...inputs[0], type: 'float16' }] }, 'float32', 'float16'],
    ['output type', { outputs: [{ ...outputs[0], type: 'uint8' }] }, 'float32', 'uint8'],
    ['input shape', { inputs: [{ ...inputs[0], shape: [1, 3, 4, 5] }] }, [1, 3, 5, 4], [1, 3, 4, 5]],
    ['input shape', { inputs: [{ ...inputs[0], shape: ['batch', 3, 5, 4] }] }, [1, 3, 5, 4], ['batch', 3, 5, 4]],
    ['output shape', { outputs: [{ ...outputs[0], shape: [1, 2, 2] }] }, [1, 1, 2, 2], [1, 2, 2]],
  ];
  for (const [what, change, expected, found] of cases) {
    test(`${what}: ${JSON.stringify(found)}`, () => {
      assert.throws(() => assertInterface({ ...session(), ...change }, PART), {
        code: 'model-interface',
        details: { model: 'u2netp', what, expected, found },
      });
    });
  }
});

test('the model’s output becomes a matte, by the catalog’s rule', async () => {
  const run = async () => ({ data: Float32Array.of(0.1, 0.2, 0.3, 0.6), dims: [1, 1, 2, 2] });
  const { matte, ms } = await infer(session(run), { output: { ...PART.output, normalise: 'minmax' } }, new Float32Array(60));
  assert.deepEqual([matte[0], matte[3]], [0, 1]);
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
      await assert.rejects(infer(session(() => Promise.reject(thrown)), PART, new Float32Array(60)), { code });
    });
  }
  test('another shape than promised', async () => {
    for (const dims of [[1, 1, 1, 4], [4], []]) {
      await assert.rejects(infer(session(async () => ({ data: MATTE, dims })), PART, new Float32Array(60)), { code: 'bad-matte' });
    }
  });
  test('values that are not finite', async () => {
    const data = Float32Array.of(0, 1, NaN, 0);
    await assert.rejects(infer(session(async () => ({ data, dims: [1, 1, 2, 2] })), PART, new Float32Array(60)), { code: 'bad-matte' });
  });
});

describe('the canary', () => {
  test('is drawn at the model’s size, and its matte compared', async () => {
    const { width, height, seed, sha256 } = golden('canary')[0];
    const input = { ...PART.input, shape: [1, 3, height, width] };
    let given;
    const run = async (tensor) => ((given = tensor), { data: MATTE, dims: [1, 1, 2, 2] });
    const ms = await runCanary(session(run), { ...PART, input, canary: { ...PART.canary, seed } });
    // Scale 1, mean 0 and std 1: the tensor is the picture itself.
    assert.equal(createHash('sha256').update(Uint8Array.from(given)).digest('hex'), sha256);
    assert.ok(ms.canary >= ms.run && ms.run >= 0);
  });
  test('that looks otherwise is a mismatch', async () => {
    const run = async () => ({ data: MATTE.toReversed(), dims: [1, 1, 2, 2] });
    await assert.rejects(runCanary(session(run), PART), { code: 'canary-mismatch' });
  });
});
