/**
 * Pixels into PNG by @jsquash/png, the Rust `png` crate as WebAssembly (docs/decisions/0004-png-encoder.md).
 *
 * Its own glue keeps one instance for ever, whose memory never shrinks: 168 MB after a photo of 12 megapixels, 687 MB
 * after one of 50. The one function that is used is called here directly, in an instance that lives for one picture.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {object} Exports of the module, by wasm-bindgen's conventions
 * @property {WebAssembly.Memory} memory
 * @property {(bytes: number) => number} __wbindgen_add_to_stack_pointer
 * @property {(bytes: number, align: number) => number} __wbindgen_malloc
 * @property {(result: number, data: number, length: number, width: number, height: number, depth: number) => void} encode
 */
import { embedInPng } from './embed.js';

const DEPTH = 8;

/**
 * @param {WebAssembly.Module} module
 * @param {Pixels} pixels
 * @returns {Uint8Array<ArrayBuffer>} the file, in the memory of an instance that nothing else holds
 */
function encodePng(module, { data, width, height }) {
  const { exports } = new WebAssembly.Instance(module, imports(module));
  const wasm = /** @type {Exports} */ (/** @type {unknown} */ (exports));
  const result = wasm.__wbindgen_add_to_stack_pointer(-16);
  // The function takes these bytes over: it frees them.
  const input = wasm.__wbindgen_malloc(data.length, 1) >>> 0;
  new Uint8ClampedArray(wasm.memory.buffer, input, data.length).set(data);
  wasm.encode(result, input, data.length, width, height, DEPTH);
  const [at, length] = new Uint32Array(wasm.memory.buffer, result, 2);
  return new Uint8Array(/** @type {ArrayBuffer} */ (wasm.memory.buffer), at, length);
}

/**
 * Encoding calls none of what the module imports for decoding, and only one when it fails.
 * @param {WebAssembly.Module} module
 * @returns {WebAssembly.Imports}
 */
function imports(module) {
  const refuse = (/** @type {string} */ name) => () => {
    throw new Error(`the PNG codec called ${name}`);
  };
  return { wbg: Object.fromEntries(WebAssembly.Module.imports(module).map(({ name }) => [name, refuse(name)])) };
}

/** @type {import('./encode.js').Write} */
export const write = async (pixels, _, metadata, codec) => embedInPng(encodePng(codec('png'), pixels), metadata);
