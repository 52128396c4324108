/**
 * Codecs that were compiled by Emscripten. Their glue would fetch the binary; it is given a compiled one instead.
 */

/**
 * @template T
 * @typedef {(overrides: object) => Promise<T>} Factory the default export of the glue
 */

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
