/**
 * ONNX Runtime Web, and the only module that names it.
 * It is given verified bytes; left alone it would fetch its own, which this realm may not.
 *
 * @typedef {import('../shared/protocol.js').Build} Build
 * @typedef {import('./session.js').Session} Session
 * @typedef {import('./session.js').Tensor} Tensor
 * @typedef {typeof import('../vendor/onnxruntime-web/ort.wasm.min.mjs')} Ort
 */
import { MatteboxError } from '../shared/errors.js';
import { trusting } from '../shared/trusted.js';
import { widened } from './widen.js';

/** One per build, and never the default one: past 8 storage buffers it returns zeros without an exception (measured). */
const LOADERS = {
  wasm: () => import('../vendor/onnxruntime-web/ort.wasm.min.mjs'),
  jspi: () => import('../vendor/onnxruntime-web/ort.jspi.min.mjs'),
  asyncify: () => import('../vendor/onnxruntime-web/ort.webgpu.min.mjs'),
};

/** An ONNX graph of one Identity node: the smallest thing that makes the runtime start. */
const IDENTITY = 'CAcSADo2ChAKAXgSAXkiCElkZW50aXR5EgBaDwoBeBIKCggIARIECgIIAWIPCgF5EgoKCAgBEgQKAggBQgQKABAN';

export class Runtime {
  #ort;
  /** @type {import('../gpu/device.js').Gpu | null} */
  #gpu;
  #memory;

  /**
   * @param {Ort} ort
   * @param {import('../gpu/device.js').Gpu | null} gpu
   * @param {() => WebAssembly.Memory | null} memory
   */
  constructor(ort, gpu, memory) {
    this.#ort = ort;
    this.#gpu = gpu;
    this.#memory = memory;
  }

  /**
   * @param {Build} build
   * @param {string} glue as of `start`
   * @returns {Promise<unknown>[]} the modules that `start` needs, on their way
   */
  static scripts(build, glue) {
    return [LOADERS[build](), import(glue)];
  }

  /**
   * Start the runtime on its own, so that its failure is not taken for the model's.
   * A failed start is final in this realm: the next attempt needs a fresh worker.
   * @param {object} given
   * @param {Build} given.build
   * @param {string} given.glue absolute URL of the module that starts the binary
   * @param {ArrayBuffer} given.binary
   * @param {number} given.threads
   * @param {import('../gpu/device.js').Gpu | null} given.gpu a device of our own for the builds that use one
   * @returns {Promise<Runtime>}
   * @throws {MatteboxError} `runtime-failed`
   */
  static async start({ build, glue, binary, threads, gpu }) {
    try {
      const memory = watchMemory();
      trustGlue(glue);
      const ort = await LOADERS[build]();
      const { env, InferenceSession } = ort;
      env.logLevel = 'error';
      env.wasm.proxy = false;
      env.wasm.numThreads = threads;
      env.wasm.wasmBinary = binary;
      env.wasm.wasmPaths = { mjs: glue };
      const graph = Uint8Array.from(atob(IDENTITY), (character) => character.charCodeAt(0));
      const session = await InferenceSession.create(graph, { executionProviders: ['wasm'] });
      await session.release();
      return new Runtime(ort, gpu, memory);
    } catch (thrown) {
      throw MatteboxError.from(thrown, 'runtime-failed', { part: 'onnxruntime-web', build });
    }
  }

  /** Threads the runtime settled for: it falls back to 1 by itself where it cannot have more. */
  get threads() {
    return this.#ort.env.wasm.numThreads ?? 1;
  }

  /** Bytes of the heap, which never shrinks; null where it could not be seen. */
  get heap() {
    return this.#memory()?.buffer.byteLength ?? null;
  }

  /**
   * @param {string} model its id, for errors
   * @param {{ role: string, name: string, bytes: ArrayBuffer }[]} files verified: the graph, and the files it names for weights
   *   that lie outside of it (a protobuf ends at 2 GB); no longer needed afterwards
   * @param {Record<string, number>} dimensions what the graph leaves open; decided here, it is prepared for as if it had been fixed
   * @returns {Promise<Session>}
   * @throws {MatteboxError} `session-failed`, `gpu-lost`, `gpu-failed`
   */
  async createSession(model, files, dimensions) {
    const graph = files.find(({ role }) => role === 'graph');
    if (!graph) throw new MatteboxError('session-failed', { model, cause: 'the catalog names no graph' });
    const beside = files.filter((file) => file !== graph);
    const creating = this.#ort.InferenceSession.create(widened(graph.bytes), {
      ...this.#provider(),
      graphOptimizationLevel: 'all',
      freeDimensionOverrides: dimensions,
      externalData: beside.map(({ name, bytes }) => ({ path: name, data: new Uint8Array(bytes) })),
    });
    const session = await this.#guard(creating).catch((thrown) => {
      throw MatteboxError.from(thrown, 'session-failed', { model });
    });
    return {
      inputs: session.inputMetadata.map(describe),
      outputs: session.outputMetadata.map(describe),
      run: async (inputs) => {
        const feeds = mapValues(inputs, ({ type, data, dims }) => new this.#ort.Tensor(/** @type {'float32'} */ (type), /** @type {Float32Array} */ (data), dims));
        try {
          return mapValues(await this.#guard(session.run(feeds)), taken);
        } catch (thrown) {
          // The runtime asks about errors of its own calls, and throws them: the GPU's, not a runtime's that did not start.
          throw this.#gpu ? MatteboxError.from(thrown, 'gpu-failed', { kind: 'execution' }) : thrown;
        } finally {
          for (const tensor of Object.values(feeds)) tensor.dispose();
        }
      },
      release: () => session.release(),
    };
  }

  /** @returns {import('../vendor/onnxruntime-web/ort.wasm.min.mjs').InferenceSession.SessionOptions} */
  #provider() {
    if (!this.#gpu) return { executionProviders: ['wasm'] };
    return {
      executionProviders: [{ name: 'webgpu', device: this.#gpu.device }],
      // A node the GPU cannot do would quietly go to the CPU, and "ran on the GPU" would not be true.
      extra: { session: { disable_cpu_ep_fallback: '1' } },
    };
  }

  /**
   * @template T
   * @param {Promise<T>} work
   */
  #guard(work) {
    return this.#gpu ? this.#gpu.guard(work) : work;
  }
}

/**
 * The glue starts threads by its own address, as a plain one. This realm has one script that may become a worker, and this is it.
 * @param {string} glue absolute URL
 */
function trustGlue(glue) {
  trusting('default', {
    /** @param {string} address */
    createScriptURL(address) {
      if (address === glue) return address;
      throw new TypeError(`${address} is no part of the runtime`);
    },
  });
}

/** @returns {() => WebAssembly.Memory | null} the heap that is made from now on, which the runtime does not show */
function watchMemory() {
  /** @type {WebAssembly.Memory | null} */
  let seen = null;
  WebAssembly.Memory = class extends WebAssembly.Memory {
    /** @param {WebAssembly.MemoryDescriptor} descriptor */
    constructor(descriptor) {
      super(descriptor);
      if (descriptor.initial > 0) seen = this;
    }
  };
  return () => seen;
}

/** @param {import('../vendor/onnxruntime-web/ort.wasm.min.mjs').InferenceSession.ValueMetadata} metadata */
function describe(metadata) {
  if (!metadata.isTensor) return { name: metadata.name, type: 'not a tensor', shape: [] };
  return { name: metadata.name, type: metadata.type, shape: [...metadata.shape] };
}

/**
 * @param {import('../vendor/onnxruntime-web/ort.wasm.min.mjs').Tensor} tensor no longer used afterwards
 * @returns {Tensor}
 */
function taken(tensor) {
  const { type, dims, data } = tensor;
  tensor.dispose();
  // Browsers with a `Float16Array` get halves in one.
  const given = type === 'float16' ? bitsOf(/** @type {Uint16Array} */ (data)) : data;
  return /** @type {Tensor} */ ({ type, dims, data: given });
}

/** @param {ArrayBufferView & { length: number }} halves */
const bitsOf = ({ buffer, byteOffset, length }) => new Uint16Array(buffer, byteOffset, length);

/**
 * @template T
 * @template U
 * @param {Readonly<Record<string, T>>} values
 * @param {(value: T) => U} change
 * @returns {Record<string, U>}
 */
const mapValues = (values, change) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
