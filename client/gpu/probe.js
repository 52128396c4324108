/**
 * A look at this device's GPU, from a worker: asking for an adapter may take long, hang or crash. Every wait has an
 * end, and every device that is opened is destroyed, also one that comes too late.
 *
 * @typedef {import('../shared/protocol.js').Adapter} Adapter
 * @typedef {import('../shared/protocol.js').Findings} Findings
 * @typedef {import('../shared/protocol.js').Speed} Speed
 */
import { onDemand } from '../shared/on-demand.js';
import { describeAdapter, identity, isSoftware, nonsense } from './adapter.js';
import { LATE, before } from './deadline.js';

const matmulCpu = onDemand(() => import('./matmul-cpu.js'), 'matmul-cpu.js');
const matmulGpu = onDemand(() => import('./matmul-gpu.js'), 'matmul-gpu.js');

/** A browser that starts its GPU process for us answers within a second; after two, it is no use to anyone. */
const ADAPTER_MS = 2000;

/**
 * @typedef {{ gpu: Findings['gpu'], cpu: Speed | null }} Speeds
 * @typedef {{ trouble: null, adapter: GPUAdapter, description: Adapter } | { trouble: Exclude<Findings['trouble'], null> }} Found
 *
 * @typedef {object} Options
 * @property {(Speeds & { key: string }) | null} [known] from an earlier look; holds while browser and adapter are the same
 * @property {GPU} [gpu]
 * @property {number} [adapterMs] how long to wait for an adapter
 * @property {(adapter: GPUAdapter) => Promise<Findings['gpu']>} [onGpu]
 * @property {() => Speed | null | Promise<Speed | null>} [onCpu]
 */

/**
 * @param {Options} [options]
 * @returns {Promise<Findings>}
 * @throws {import('../shared/errors.js').MatteboxError} `network`; nothing else is a failure
 */
export async function lookAtGpu({ known = null, gpu, adapterMs, ...measures } = {}) {
  const started = performance.now();
  const found = await lookForAdapter(gpu, adapterMs);
  const nothing = { adapter: null, key: '', gpu: null, cpu: null, remembered: false };
  const findings = { trouble: found.trouble, jspi: canSuspend(), ...nothing };
  if (found.trouble !== null) return { ...findings, ms: performance.now() - started };
  const adapter = found.description;
  const key = keyOf(adapter);
  const remembered = known?.key === key ? { gpu: known.gpu, cpu: known.cpu, remembered: true } : null;
  const speeds = remembered ?? (await measure(found.adapter, adapter, measures));
  return { ...findings, adapter, key, ...speeds, ms: performance.now() - started };
}

/**
 * @param {GPUAdapter} adapter
 * @param {Adapter} description
 * @param {Pick<Options, 'onGpu' | 'onCpu'>} measures
 * @returns {Promise<Speeds>} nothing for what will not be used anyway
 */
async function measure(adapter, description, { onGpu = measureGpu, onCpu = measureCpu }) {
  if (isSoftware(description) || nonsense(description.limits)) return { gpu: null, cpu: null };
  const gpu = await onGpu(adapter);
  return { gpu, cpu: gpu && 'gflops' in gpu ? await onCpu() : null };
}

/** @param {GPUAdapter} adapter */
const measureGpu = async (adapter) => (await matmulGpu()).measureGpu(adapter);
const measureCpu = async () => (await matmulCpu()).measureCpu();

/**
 * @param {GPU | undefined} [gpu] undefined where the browser has no WebGPU
 * @param {number} [timeoutMs]
 * @returns {Promise<Found>}
 */
export async function lookForAdapter(gpu = globalThis.navigator?.gpu, timeoutMs = ADAPTER_MS) {
  if (!gpu) return { trouble: 'no-webgpu' };
  try {
    const adapter = await before(timeoutMs, (async () => gpu.requestAdapter({ powerPreference: 'high-performance' }))());
    if (adapter === LATE) return { trouble: 'adapter-timeout' };
    if (!adapter) return { trouble: 'no-adapter' };
    return { trouble: null, adapter, description: describeAdapter(adapter) };
  } catch {
    return { trouble: 'adapter-failed' };
  }
}

/**
 * @param {Adapter} adapter
 * @returns {string} what measured speeds hold for
 */
function keyOf(adapter) {
  // Never looked into: another version of the browser, whatever it is, may be faster, slower or mended.
  // eslint-disable-next-line no-restricted-properties
  return `${navigator.userAgent}|${identity(adapter)}`;
}

/** @returns {boolean} whether WebAssembly can wait for a promise here (JSPI), which the smaller WebGPU build needs */
function canSuspend() {
  return typeof (/** @type {{ Suspending?: unknown }} */ (WebAssembly).Suspending) === 'function';
}
