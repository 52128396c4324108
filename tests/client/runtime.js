/**
 * ONNX Runtime Web as the worker starts it, on one thread.
 */
import { vendorFile } from './vendor.js';
import { bytesOf, golden } from './golden.js';

const { Runtime } = await import('../../client/runtime/ort.js');

/** @returns {Promise<InstanceType<typeof Runtime>>} */
export async function startRuntime() {
  const { buffer, byteOffset, byteLength } = vendorFile('onnxruntime-web/ort-wasm-simd-threaded.wasm');
  const glue = new URL('../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.mjs', import.meta.url).href;
  return Runtime.start({ build: 'wasm', glue, binary: buffer.slice(byteOffset, byteOffset + byteLength), threads: 1, gpu: null });
}

/** @param {string} name of tests/fixtures/graphs.py */
export function graph(name) {
  const { graph: data, runs, beside } = golden('graphs')[name];
  const tensors = (side) => Object.fromEntries(Object.entries(side).map(([key, value]) => [key, tensorOf(value)]));
  return { bytes: bytesOf(data).buffer, runs: runs.map(({ inputs, outputs }) => ({ inputs: tensors(inputs), outputs: tensors(outputs) })), beside: beside && { ...beside, data: bytesOf(beside.data) } };
}

const ARRAYS = { float32: Float32Array, float16: Uint16Array, int32: Int32Array, int64: BigInt64Array };
const tensorOf = ({ type, dims, data }) => ({ type, dims, data: new ARRAYS[type](bytesOf(data).buffer) });
