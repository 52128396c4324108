/**
 * ONNX Runtime Web, and the only module that names it.
 * It is given verified bytes; left alone it would fetch its own, which this realm may not.
 */
import { env, InferenceSession, Tensor } from '../vendor/onnxruntime-web/ort.wasm.min.mjs';
import { MatteboxError } from '../errors.js';

/** Longer than the slowest start seen, and short of a person giving up; unset, it is forever. */
const INIT_TIMEOUT_MS = 60_000;

/**
 * @typedef {object} Session
 * @property {{ name: string, type: string, shape: (number | string)[] }[]} inputs
 * @property {{ name: string, type: string, shape: (number | string)[] }[]} outputs
 * @property {(input: Float32Array) => Promise<{ data: Float32Array, dims: readonly number[] }>} run first input to first output
 */

/**
 * Say which binary and how many threads. Takes effect with the first session, and once only in this realm.
 * @param {{ glue: string, binary: ArrayBuffer, threads: number }} runtime `glue` is an absolute URL
 */
export function configureRuntime({ glue, binary, threads }) {
  env.logLevel = 'error';
  env.wasm.proxy = false;
  env.wasm.numThreads = threads;
  env.wasm.wasmBinary = binary;
  env.wasm.wasmPaths = { mjs: glue };
  env.wasm.initTimeout = INIT_TIMEOUT_MS;
}

/** @returns {number} threads the runtime settled for: it falls back to 1 by itself where it cannot have more */
export function threadsInUse() {
  return env.wasm.numThreads ?? 1;
}

/** An ONNX graph of one Identity node: the smallest thing that makes the runtime start. */
const IDENTITY = 'CAcSADo2ChAKAXgSAXkiCElkZW50aXR5EgBaDwoBeBIKCggIARIECgIIAWIPCgF5EgoKCAgBEgQKAggBQgQKABAN';

/**
 * Start the runtime on its own, so that its failure is not taken for the model's.
 * A failed start is final in this realm: the next attempt needs a fresh worker.
 * @throws {MatteboxError} `runtime-failed`
 */
export async function startRuntime() {
  try {
    const graph = Uint8Array.from(atob(IDENTITY), (character) => character.charCodeAt(0));
    const session = await InferenceSession.create(graph, { executionProviders: ['wasm'] });
    await session.release();
  } catch (thrown) {
    throw MatteboxError.from(thrown, 'runtime-failed', { part: 'onnxruntime-web' });
  }
}

/**
 * @param {string} model its id, for errors
 * @param {{ role: string, name: string, bytes: ArrayBuffer }[]} files verified: the graph, and the files it names for weights
 *   that lie outside of it (a protobuf ends at 2 GB); no longer needed afterwards
 * @returns {Promise<Session>}
 * @throws {MatteboxError} `session-failed`
 */
export async function createSession(model, files) {
  const graph = files.find(({ role }) => role === 'graph');
  if (!graph) throw new MatteboxError('session-failed', { model, cause: 'the catalog names no graph' });
  const beside = files.filter((file) => file !== graph);
  const session = await InferenceSession.create(new Uint8Array(graph.bytes), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    externalData: beside.map(({ name, bytes }) => ({ path: name, data: new Uint8Array(bytes) })),
  }).catch((thrown) => {
    throw MatteboxError.from(thrown, 'session-failed', { model });
  });
  const inputs = session.inputMetadata.map(describe);
  const outputs = session.outputMetadata.map(describe);
  return {
    inputs,
    outputs,
    async run(input) {
      const [{ name, shape }] = inputs;
      const tensor = new Tensor('float32', input, /** @type {number[]} */ (shape));
      const output = (await session.run({ [name]: tensor }))[outputs[0].name];
      return { data: /** @type {Float32Array} */ (output.data), dims: output.dims };
    },
  };
}

/** @param {import('../vendor/onnxruntime-web/ort.wasm.min.mjs').InferenceSession.ValueMetadata} metadata */
function describe(metadata) {
  if (!metadata.isTensor) return { name: metadata.name, type: 'not a tensor', shape: [] };
  return { name: metadata.name, type: metadata.type, shape: [...metadata.shape] };
}
