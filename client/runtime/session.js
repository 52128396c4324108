/**
 * What a session is, and the gate in front of each: what a graph says of itself must be what the catalog says of it. ONNX Runtime itself
 * accepts a graph without inputs.
 *
 * @typedef {import('../shared/catalog-entry.js').DType} DType
 * @typedef {import('../shared/protocol.js').ModelPart} ModelPart
 *
 * @typedef {{ type: 'float32', dims: readonly number[], data: Float32Array } | { type: 'float16', dims: readonly number[], data: Uint16Array }
 *   | { type: 'int32', dims: readonly number[], data: Int32Array } | { type: 'int64', dims: readonly number[], data: BigInt64Array }} Tensor
 *   row by row. Halves are their bits, since not every browser has a `Float16Array`; float16.js makes numbers of them
 * @typedef {Record<string, Tensor>} Tensors by name
 *
 * @typedef {{ name: string, type: string, shape: (number | string)[] }} Described a dimension that is left open is its name
 *
 * @typedef {object} Session
 * @property {Described[]} inputs
 * @property {Described[]} outputs
 * @property {(inputs: Tensors) => Promise<Tensors>} run one run at a time; what comes out is the caller's to keep
 * @property {() => Promise<void>} release its memory; it cannot run any more
 */
import { MatteboxError } from '../shared/errors.js';

/**
 * @param {Pick<Session, 'inputs' | 'outputs'>} session shapes as they are with the part's dimensions
 * @param {Pick<ModelPart, 'model' | 'inputs' | 'outputs'>} part
 * @throws {MatteboxError} `model-interface` naming what differs, with both values
 */
export function assertInterface(session, part) {
  for (const side of /** @type {const} */ (['inputs', 'outputs'])) {
    const [declared, found, one] = [part[side], session[side], side.slice(0, -1)];
    expectSame(part.model, side, declared.map(({ name }) => name), found.map(({ name }) => name));
    for (const [i, { name, dtype, shape }] of declared.entries()) {
      expectSame(part.model, `${one} type`, dtype, found[i].type, name);
      expectSame(part.model, `${one} shape`, shape, found[i].shape, name);
    }
  }
}

/**
 * @param {string} model
 * @param {string} what
 * @param {unknown} expected
 * @param {unknown} found
 * @param {string} [tensor] its name
 */
function expectSame(model, what, expected, found, tensor) {
  if (JSON.stringify(expected) !== JSON.stringify(found)) {
    throw new MatteboxError('model-interface', { model, what, expected, found, ...(tensor !== undefined && { tensor }) });
  }
}

/**
 * @param {Session} session
 * @param {Tensors} inputs
 * @returns {Promise<{ outputs: Tensors, ms: number }>} and the graph's own time
 * @throws {MatteboxError} `out-of-memory`, `runtime-failed`, and what the GPU gives
 */
export async function run(session, inputs) {
  const started = performance.now();
  const outputs = await session.run(inputs).catch((thrown) => {
    throw MatteboxError.from(thrown, isMemory(thrown) ? 'out-of-memory' : 'runtime-failed');
  });
  return { outputs, ms: performance.now() - started };
}

/** @param {unknown} thrown ONNX Runtime reports a failed allocation as a bare number or by text, by where it happened */
function isMemory(thrown) {
  return typeof thrown === 'number' || /bad_alloc|out of memory|allocat/i.test(String(thrown));
}
