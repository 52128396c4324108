/**
 * The gate in front of every graph: what it says of itself must be what the catalog says of it, and its matte of the
 * canary must be the one computed natively. ONNX Runtime itself accepts a graph without inputs.
 *
 * @typedef {import('../shared/protocol.js').ModelPart} ModelPart
 * @typedef {import('../runtime/ort.js').Session} Session
 */
import { MatteboxError } from '../shared/errors.js';
import { toMatte } from '../image/matte/matte.js';
import { normalise } from '../image/tensor.js';
import { canaryPlanes, checkCanary } from '../runtime/canary.js';

/**
 * @param {Pick<Session, 'inputs' | 'outputs'>} session shapes as they are with the part's dimensions: ONNX Runtime shows a dimension
 *   that is left open by its name
 * @param {Pick<ModelPart, 'model' | 'input' | 'output'>} part
 * @throws {MatteboxError} `model-interface` naming what differs, with both values
 */
export function assertInterface({ inputs, outputs }, { model, input, output }) {
  expectSame(model, 'inputs', [input.name], inputs.map(({ name }) => name));
  expectSame(model, 'outputs', [output.name], outputs.map(({ name }) => name));
  expectSame(model, 'input type', input.dtype, inputs[0].type);
  expectSame(model, 'output type', output.dtype, outputs[0].type);
  expectSame(model, 'input shape', input.shape, inputs[0].shape);
  expectSame(model, 'output shape', output.shape, outputs[0].shape);
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
 * @param {ModelPart} part
 * @returns {Promise<{ canary: number, run: number }>} ms for the whole check and for the graph alone
 * @throws {MatteboxError} `canary-mismatch`, `bad-matte`
 */
export async function runCanary(session, part) {
  const [, , height, width] = part.input.shape;
  const started = performance.now();
  const input = normalise(canaryPlanes(width, height, part.canary.seed), part.input);
  const { matte, ms } = await infer(session, part, input);
  checkCanary(matte, part);
  return { canary: performance.now() - started, run: ms };
}

/**
 * @param {Session} session
 * @param {Pick<ModelPart, 'output'>} part
 * @param {Float32Array} input
 * @returns {Promise<{ matte: Float32Array, ms: number }>} 0..1 at the graph's output size, and its own time
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
