// What ONNX Runtime Web asks of a GPU to run a graph: sizes and bindings are those of a real run, whose commands are made and
// never carried out, so that it takes no longer than the CPU's part of it. Arguments are the graph's input and the limits to
// ask for, and the callback that WebDriver waits for.
const [given, done] = arguments;

demands(given).then(done, (error) => done(String(error)));

async function demands({ name, shape, limits, isRun = true }) {
  const { env, InferenceSession, Tensor } = await import('/runtime/ort.jspi.min.mjs');
  env.wasm.numThreads = 1;
  env.wasm.wasmPaths = new URL('/runtime/', location.href).href;
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter.requestDevice({ requiredLimits: limits });
  const seen = { buffer: 0, binding: 0, storage: 0, errors: [] };
  device.addEventListener('uncapturederror', ({ error }) => seen.errors.push(error.message));
  const { createBuffer, createBindGroup } = GPUDevice.prototype;
  device.createBuffer = (descriptor) => {
    if (descriptor.usage & GPUBufferUsage.STORAGE) seen.buffer = Math.max(seen.buffer, descriptor.size);
    return createBuffer.call(device, descriptor);
  };
  device.createBindGroup = (descriptor) => {
    const bound = [...descriptor.entries].map(({ resource }) => ({ buffer: resource.buffer ?? resource, size: resource.size }));
    const storage = bound.filter(({ buffer }) => buffer.usage & GPUBufferUsage.STORAGE);
    seen.storage = Math.max(seen.storage, storage.length);
    seen.binding = Math.max(seen.binding, ...storage.map(({ buffer, size }) => size ?? buffer.size));
    return createBindGroup.call(device, descriptor);
  };
  device.queue.submit = () => {};
  const session = await InferenceSession.create('/graph.onnx', {
    executionProviders: [{ name: 'webgpu', device }],
    extra: { session: { disable_cpu_ep_fallback: '1' } },
  });
  // Made, every node has its place on the GPU; run, each shader is compiled besides.
  if (!isRun) return { isMade: true };
  const blank = new Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b)), shape);
  const [output] = Object.values(await session.run({ [name]: blank }));
  return { ...seen, dims: output.dims };
}
