/**
 * Codecs as WebAssembly, most of them by Emscripten. Their glue would fetch the binary; it is given a compiled one instead.
 */
import { MatteboxError } from '../shared/errors.js';

/**
 * @template T
 * @typedef {(overrides: object) => Promise<T>} Factory the default export of the glue
 */

/**
 * @param {string} part the codec's name, for the error
 * @param {BufferSource} wasm verified bytes
 * @returns {Promise<WebAssembly.Module>}
 * @throws {MatteboxError} `runtime-failed`
 */
export async function compile(part, wasm) {
  try {
    return await WebAssembly.compile(wasm);
  } catch (thrown) {
    throw MatteboxError.from(thrown, 'runtime-failed', { part });
  }
}

/**
 * An instance for one picture: its memory never shrinks, and making one takes a millisecond or two.
 * @template T
 * @param {Factory<T>} factory
 * @param {WebAssembly.Module} module
 * @returns {Promise<T>} what the glue makes of it
 */
export async function instantiate(factory, module) {
  return factory({
    noInitialRun: true,
    /**
     * @param {WebAssembly.Imports} imports
     * @param {(instance: WebAssembly.Instance) => void} receive
     */
    instantiateWasm(imports, receive) {
      const instance = new WebAssembly.Instance(module, imports);
      receive(instance);
      return instance.exports;
    },
  });
}
