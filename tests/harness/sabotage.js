// What goes wrong inside an inference worker. It is evaluated before any module of the worker is, and does what the
// faults in `globalThis.FAULTS` say, each `{ do, at, how, in, backend, build, threads, photo }`:
// `do` names the fault below; `in` the calls during which it strikes (every one when left out); `backend`, `build` and
// `threads` the attempt that it strikes; `at` the moment, `photo` which photo of this worker, from 1.
const FAULTS = globalThis.FAULTS;
const told = new BroadcastChannel('sabotage');
let call = null;
let attempt = {};
let photos = 0;
let device = null;
let isRunning = false;
const spent = new Set();

const fits = (fault, name, value) => fault[name] === undefined || fault[name] === value;

function find(what, at) {
  return FAULTS.find((fault) => fault.do === what && fits(fault, 'at', at) && (!fault.in || fault.in.includes(call))
    && ['backend', 'build', 'threads'].every((name) => fits(fault, name, attempt[name])) && (call !== 'cutout' || fits(fault, 'photo', photos)));
}

// The fault, if it is to strike now; the page is told that it did.
function strike(what, at) {
  const fault = find(what, at);
  if (fault && !spent.has(fault)) {
    spent.add(fault);
    told.postMessage({ struck: what });
  }
  return fault;
}

const never = () => {
  // The judge itself sees to it that it waits no longer than it should.
  if (call !== 'judge') told.postMessage({ hung: true });
  return new Promise(() => {});
};
const refusal = () => new DOMException('made up by a test', 'OperationError');
const HOW = { null: () => Promise.resolve(null), reject: () => Promise.reject(refusal()), never, throw: () => { throw refusal(); } };

// Put another method, or another getter, in the place of one; a browser that lacks it is left so.
function replace(owner, name, make) {
  const original = owner?.[name];
  if (original) owner[name] = make(original);
}
function regain(owner, name, make) {
  if (!owner) return;
  const { get } = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { configurable: true, get() { return make(get.call(this)); } });
}

// The worker's clock: times everything as so many times what it took, from the moment the attempt begins.
const clock = performance.now.bind(performance);
let pace = 1;
let since = 0;
performance.now = () => since + (clock() - since) * pace;
function begin(args) {
  attempt = args;
  since = clock();
  pace = strike('pace')?.how ?? 1;
}

replace(globalThis, 'setTimeout', (original) => (work, ms, ...args) => original(work, ms * (strike('patience')?.how ?? 1), ...args));

// --- Things done at a moment of an attempt ---
const uncaptured = (Kind) => device.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error: new Kind('made up by a test') }));
const DEEDS = {
  destroy: () => device.destroy(),
  'out-of-memory': () => uncaptured(GPUOutOfMemoryError),
  internal: () => uncaptured(GPUInternalError),
  // A real one: these two usages do not go together.
  validation: () => device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE }),
  throw: () => queueMicrotask(() => { throw new Error('made up by a test'); }),
  close: () => globalThis.close(),
  spin: () => { told.postMessage({ hung: true }); for (;;); },
};
function moment(at) {
  for (const deed of Object.keys(DEEDS)) if (FAULTS.some((fault) => fault.do === deed && fault.at === at) && strike(deed, at)) DEEDS[deed]();
}

// --- The calls of the page, and the answers ---
addEventListener('message', ({ data }) => {
  if (data.type !== 'call') return;
  // The page has photos cut out by way of a document; and the runtime starts while the model is still on its way.
  call = { draft: 'cutout', start: 'prepare' }[data.kind] ?? data.kind;
  if (data.kind === 'start') begin(data.args);
  if (call === 'cutout') photos++;
  isRunning = false;
  moment(`${call} begins`);
});
replace(globalThis, 'postMessage', (original) => (message, ...rest) => {
  const value = message.type === 'result' ? message.value : null;
  if (value?.adapter && call === 'judge') Object.assign(value, strike('speeds')?.how);
  original.call(globalThis, message, ...rest);
  if (message.event?.stage === 'running') {
    isRunning = true;
    moment('running');
  }
  if (value) moment(`${call} ended`);
});

// --- WebGPU ---
regain(globalThis.WorkerNavigator?.prototype, 'gpu', (gpu) => (strike('no-gpu') ? undefined : gpu));
regain(globalThis.GPUAdapter?.prototype, 'info', (info) => strike('looks')?.how.info ?? info);
regain(globalThis.GPUAdapter?.prototype, 'features', (features) => strike('looks')?.how.features ?? features);
regain(globalThis.GPUAdapter?.prototype, 'limits', (limits) => {
  const other = strike('looks')?.how.limits;
  if (!other) return limits;
  const all = {};
  for (const name in limits) all[name] = limits[name];
  return { ...all, ...other };
});
replace(globalThis.GPU?.prototype, 'requestAdapter', (original) => function requestAdapter(...args) {
  const fault = strike('adapter');
  return fault ? HOW[fault.how]() : original.apply(this, args);
});
replace(globalThis.GPUAdapter?.prototype, 'requestDevice', (original) => async function requestDevice(...args) {
  const fault = strike('device');
  if (fault) return HOW[fault.how]();
  device = await original.apply(this, args);
  moment('device');
  return device;
});
replace(globalThis.GPUQueue?.prototype, 'submit', (original) => function submit(...args) {
  original.apply(this, args);
  moment(isRunning ? 'submitted' : 'warming up');
});
replace(globalThis.GPUDevice?.prototype, 'createShaderModule', (original) => function createShaderModule(options) {
  const fault = strike('shader');
  const code = fault ? fault.how.reduce((text, [from, to]) => text.replaceAll(from, to), options.code) : options.code;
  moment('shader');
  return original.call(this, { ...options, code });
});
replace(globalThis.GPUBuffer?.prototype, 'mapAsync', (original) => async function mapAsync(...args) {
  const fault = strike('mapping');
  if (fault?.how === 'never') return never();
  await original.apply(this, args);
  // A device that takes its time: `how` is in ms.
  if (fault) await new Promise((resolve) => { setTimeout(resolve, fault.how); });
  return undefined;
});

const WRONG = { flipped: (x) => 1 - x, 'not finite': () => NaN, zero: () => 0, constant: () => 0.5 };
const changed = new WeakSet();
replace(globalThis.GPUBuffer?.prototype, 'getMappedRange', (original) => function getMappedRange(...args) {
  const range = original.apply(this, args);
  const fault = this.usage & GPUBufferUsage.MAP_READ && !changed.has(range) ? strike('result') : null;
  if (fault) {
    changed.add(range);
    const values = new Float32Array(range);
    values.set(values.map(WRONG[fault.how]));
  }
  return range;
});

// --- WebAssembly and its threads ---
if (find('no-suspending')) {
  for (const name of ['Suspending', 'promising', 'SuspendError']) Reflect.deleteProperty(WebAssembly, name);
}
// The judge measures with a module of its own, which is left alone: only the runtime is megabytes.
replace(WebAssembly, 'instantiate', (original) => (source, ...rest) => {
  const fault = source.byteLength > 1e6 && strike('wasm');
  return fault ? HOW[fault.how]() : original.call(WebAssembly, source, ...rest);
});
replace(WebAssembly, 'Memory', (Original) => class extends Original {
  constructor(limits) {
    if (limits.maximum > 1000 && strike('memory')) throw new RangeError('WebAssembly.Memory(): could not allocate memory');
    super(limits);
  }
});
replace(globalThis, 'Worker', (Original) => class extends Original {
  constructor(...args) {
    super(...args);
    // Threads that never come up: seen on iOS, where session creation then waits for ever.
    if (strike('threads')) {
      this.terminate();
      told.postMessage({ hung: true });
    }
  }
});
