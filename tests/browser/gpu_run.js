// What ONNX Runtime Web makes of a graph of floats on a GPU. Arguments are the inputs' values and shapes by name, in base64, and
// the callback that WebDriver waits for.
const [given, done] = arguments;

run(given).then(done, (error) => done(String(error)));

async function run(inputs) {
  const { env, InferenceSession, Tensor } = await import('/runtime/ort.jspi.min.mjs');
  env.wasm.numThreads = 1;
  env.wasm.wasmPaths = new URL('/runtime/', location.href).href;
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter.requestDevice();
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, { shape, values }]) => [name, new Tensor('float32', floatsOf(values), shape)]));
  const session = await InferenceSession.create('/graph.onnx', {
    executionProviders: [{ name: 'webgpu', device }],
    extra: { session: { disable_cpu_ep_fallback: '1' } },
  });
  const made = await session.run(feeds);
  return Object.fromEntries(Object.entries(made).map(([name, { data }]) => [name, textOf(data)]));
}

function floatsOf(text) {
  return new Float32Array(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer);
}

function textOf(floats) {
  let text = '';
  for (const byte of new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)) text += String.fromCharCode(byte);
  return btoa(text);
}
