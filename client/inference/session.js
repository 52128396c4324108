/**
 * The gate in front of every model: what the graph says of itself must be what the catalog says of it, and its matte
 * of the canary must be the one computed natively. ONNX Runtime itself accepts a graph without inputs.
 *
 * @typedef {import('../protocol.js').Model} Model
 * @typedef {import('./ort.js').Session} Session
 */
import { MatteboxError } from '../errors.js';
import { toMatte } from '../image/matte.js';
import { normalise } from '../image/tensor.js';
import { canaryPlanes, checkCanary } from './canary.js';

/**
 * @param {Pick<Session, 'inputs' | 'outputs'>} session
 * @param {Pick<Model, 'id' | 'input' | 'output'>} model
 * @throws {MatteboxError} `model-interface` naming what differs, with both values
 */
export function assertInterface({ inputs, outputs }, { id, input, output }) {
  expectSame(id, 'inputs', [input.name], inputs.map(({ name }) => name));
  expectSame(id, 'outputs', [output.name], outputs.map(({ name }) => name));
  expectSame(id, 'input type', input.dtype, inputs[0].type);
  expectSame(id, 'output type', output.dtype, outputs[0].type);
  expectSame(id, 'input shape', input.shape, inputs[0].shape);
  expectSame(id, 'output shape', output.shape, outputs[0].shape);
}

/**
 * @param {string} model
 * @param {string} what
 * @param {unknown} expected
 * @param {unknown} found
 */
function expectSame(model, what, expected, found) {
  if (JSON.stringify(expected) !== JSON.stringify(found)) throw new MatteboxError('model-interface', { model, what, expected, found });
}

/**
 * @param {Session} session
 * @param {Model} model
 * @returns {Promise<{ canary: number, run: number }>} ms for the whole check and for the model alone
 * @throws {MatteboxError} `canary-mismatch`, `bad-matte`
 */
export async function runCanary(session, model) {
  const [, , height, width] = model.input.shape;
  const started = performance.now();
  const input = normalise(canaryPlanes(width, height, model.canary.seed), model.input);
  const { matte, ms } = await infer(session, model, input);
  checkCanary(matte, model);
  return { canary: performance.now() - started, run: ms };
}

/**
 * @param {Session} session
 * @param {Pick<Model, 'output'>} model
 * @param {Float32Array} input
 * @returns {Promise<{ matte: Float32Array, ms: number }>} 0..1 at the model's output size, and the model's own time
 * @throws {MatteboxError} `bad-matte`, `out-of-memory`, `runtime-failed`
 */
export async function infer(session, { output }, input) {
  const started = performance.now();
  const { data, dims } = await session.run(input).catch((thrown) => {
    throw MatteboxError.from(thrown, isMemory(thrown) ? 'out-of-memory' : 'runtime-failed');
  });
  const ms = performance.now() - started;
  if (String(dims) !== String(output.shape)) {
    throw new MatteboxError('bad-matte', { reason: `shape ${dims} instead of ${output.shape}` });
  }
  return { matte: toMatte(data, output), ms };
}

/** @param {unknown} thrown ONNX Runtime reports a failed allocation as a bare number or by text, by where it happened */
function isMemory(thrown) {
  return typeof thrown === 'number' || /bad_alloc|out of memory|allocat/i.test(String(thrown));
}
