/**
 * What a WebGPU adapter is worth to a model. Pure, and shared by the page (which plans) and the inference worker
 * (which looks). A browser may offer an adapter that is no GPU at all: on SwiftShader the smallest model gave nothing
 * in 550 s that two threads of WebAssembly do in 1.2 s.
 *
 * @typedef {import('../shared/protocol.js').Adapter} Adapter
 * @typedef {import('../shared/protocol.js').Findings} Findings
 * @typedef {import('../shared/protocol.js').Requirements} Requirements
 * @typedef {import('../shared/protocol.js').Speed} Speed
 * @typedef {import('../shared/protocol.js').Verdict} Verdict
 */

/**
 * The limits that compute shaders meet, with the least that every adapter must have (WebGPU, 3.6.2 "Limits"). The
 * runtime's shaders are written for these, whatever the model needs beyond them.
 */
export const LEAST = Object.freeze({
  maxBufferSize: 268_435_456,
  maxStorageBufferBindingSize: 134_217_728,
  maxUniformBufferBindingSize: 65_536,
  maxStorageBuffersPerShaderStage: 8,
  maxBindGroups: 4,
  maxBindingsPerBindGroup: 640, // 1000 in the specification since 2023
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupsPerDimension: 65_535,
});

/**
 * Beyond these a number is no property of a GPU. Counts and sizes of buffers have no such bound: drivers answer "as
 * many as you like" with 2^32 - 1 or 2^64 - 1, and browsers hand that on. But a workgroup lives on one core: real ones
 * hold up to 2048 invocations and 228 KB, so a hundred times as much is memory that nobody filled in.
 */
const MOST = Object.freeze({
  maxComputeWorkgroupStorageSize: 2 ** 24,
  maxComputeInvocationsPerWorkgroup: 2 ** 16,
});
/** WebGPU's limits are at most 64 bits wide, and the nearest double to the largest of them is this. */
const WIDEST = 2 ** 64;

/** Programs that play a GPU on the CPU, in whole words: "warp" is part of other names. Chromium calls Mesa's just "software". */
const SOFTWARE = Object.freeze([
  { name: 'SwiftShader', pattern: /\bswiftshader\b/i },
  { name: 'llvmpipe', pattern: /\bllvmpipe\b/i },
  { name: 'lavapipe', pattern: /\blavapipe\b|^software$/im },
  { name: 'softpipe', pattern: /\bsoftpipe\b/i },
  { name: 'Microsoft Basic Render Driver', pattern: /\bmicrosoft basic render\b/i },
  { name: 'WARP', pattern: /\bwarp\b/i },
  { name: 'software rasterizer', pattern: /\bsoftware (?:rasteri[sz]er|renderer|adapter)\b/i },
]);

/**
 * How many times faster than all CPU threads together the small product must be on the GPU. It flatters both sides: on
 * two threads u2netp ran at half of the CPU's product (33 of 66 GFLOP/s), and on a GPU thin layers leave tiles half empty
 * and each of some hundred layers waits for the one before, so a third of its product is a fair guess. Threads beyond the
 * physical cores add less than they count here, which is in favour of the CPU already. Being wrong this way costs a
 * larger runtime and one slow run, which is remembered; being wrong the other way is never found out.
 */
export const MARGIN = 1.5;

/**
 * @param {GPUAdapter} adapter
 * @returns {Adapter} plain values only: it crosses realms and is stored
 */
export function describeAdapter(adapter) {
  const info = adapter.info ?? {};
  return {
    vendor: text(info.vendor),
    architecture: text(info.architecture),
    device: text(info.device),
    description: text(info.description),
    fallback: fallbackFlag(info, adapter),
    features: [...(adapter.features ?? [])].map(String).sort(),
    limits: numbers(adapter.limits),
  };
}

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' ? value : '';
}

/**
 * The flag moved from the adapter to its info (WebGPU, June 2025); browsers have either, both or none.
 * @param {...object} holders
 * @returns {boolean | null}
 */
function fallbackFlag(...holders) {
  const flags = holders.map((holder) => /** @type {{ isFallbackAdapter?: unknown }} */ (holder).isFallbackAdapter);
  if (flags.includes(true)) return true;
  return flags.includes(false) ? false : null;
}

/**
 * @param {object | undefined} limits whose values are getters of its prototype
 * @returns {Record<string, number>}
 */
function numbers(limits) {
  /** @type {Record<string, number>} */
  const found = {};
  for (const name in limits) {
    const value = /** @type {Record<string, unknown>} */ (limits)[name];
    if (typeof value === 'number') found[name] = value;
  }
  return found;
}

/**
 * @param {Pick<Adapter, 'vendor' | 'architecture' | 'device' | 'description' | 'fallback'>} adapter
 * @returns {{ name: string } | null} what it is when it is no GPU; a fallback adapter may be nameless
 */
export function isSoftware({ vendor, architecture, device, description, fallback }) {
  const words = [vendor, architecture, device, description].join('\n').replaceAll(/[_-]/g, ' ');
  const known = SOFTWARE.find(({ pattern }) => pattern.test(words));
  if (known) return { name: known.name };
  return fallback === true ? { name: description || device || architecture || vendor || 'fallback adapter' } : null;
}

/**
 * What was measured holds for this adapter in this state: another driver usually changes a limit or a feature.
 * @param {Adapter} adapter
 * @returns {string}
 */
export function identity({ vendor, architecture, device, description, fallback, features, limits }) {
  const sorted = Object.entries(limits).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = [vendor, architecture, device, description].map((name) => name.trim().toLowerCase());
  // As text: JSON has no infinity.
  const state = digest(JSON.stringify([[...features].sort(), sorted.map(String)]));
  return [...names, fallback ?? '', state].join('|');
}

/** @param {string} words @returns {string} 32-bit FNV-1a, hex: short, and nothing depends on its strength */
function digest(words) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/**
 * @param {Record<string, number>} limits
 * @returns {{ name: string, have: number | null } | null} the first of the limits that matter that cannot be true
 */
export function nonsense(limits) {
  for (const name of Object.keys(LEAST)) {
    const have = Object.hasOwn(limits, name) ? limits[name] : null;
    const most = /** @type {Record<string, number>} */ (MOST)[name] ?? WIDEST;
    if (typeof have !== 'number' || !Number.isInteger(have) || have <= 0 || have > most) return { name, have };
  }
  return null;
}

/**
 * @param {Findings} findings
 * @param {Requirements} requirements
 * @param {number} threads that WebAssembly would use
 * @returns {Verdict}
 */
export function classify({ trouble, adapter, gpu, cpu }, requirements, threads) {
  if (trouble !== null) return { verdict: 'unfit', reason: trouble, detail: {} };
  if (!adapter) return { verdict: 'unfit', reason: 'no-adapter', detail: {} };
  const lack = shortcoming(adapter, requirements);
  if (lack) return { verdict: 'unfit', ...lack };
  if (gpu && 'trouble' in gpu) return { verdict: 'unfit', reason: gpu.trouble, detail: { cause: gpu.cause ?? null } };
  const software = isSoftware(adapter);
  if (!software) return compare(gpu, cpu, threads);
  return { verdict: 'degraded', reason: adapter.fallback ? 'fallback-adapter' : 'software-adapter', detail: software };
}

/**
 * @param {Speed | null} gpu
 * @param {Speed | null} cpu one thread
 * @param {number} threads
 * @returns {Verdict}
 */
function compare(gpu, cpu, threads) {
  const factor = gpu && cpu ? gpu.gflops / (cpu.gflops * threads) : null;
  const detail = { gpu: gpu?.gflops ?? null, cpu: cpu?.gflops ?? null, threads, factor, margin: MARGIN };
  // What could not be measured (a clock that is too coarse) is found out by running.
  if (factor === null || factor >= MARGIN) return { verdict: 'fit', reason: 'hardware-adapter', detail };
  return { verdict: 'degraded', reason: 'slow-adapter', detail };
}

/**
 * @param {Adapter} adapter
 * @param {Requirements} requirements
 * @returns {Pick<Verdict, 'reason' | 'detail'> | null} why a session could not be made on it
 */
function shortcoming({ features, limits }, { webgpu }) {
  const absurd = nonsense(limits);
  if (absurd) return { reason: 'nonsense-limits', detail: absurd };
  const feature = webgpu?.features.find((name) => !features.includes(name));
  if (feature) return { reason: 'missing-feature', detail: { name: feature } };
  /** @type {Record<string, number>} */
  const least = LEAST;
  for (const [name, wanted] of Object.entries({ ...least, ...webgpu?.limits })) {
    const need = Math.max(wanted, least[name] ?? 0);
    const have = Object.hasOwn(limits, name) ? limits[name] : null;
    if (have === null || !isEnough(name, have, need)) return { reason: 'limit-too-low', detail: { name, need, have } };
  }
  return null;
}

/**
 * @param {string} name
 * @param {number} have
 * @param {number} need
 */
function isEnough(name, have, need) {
  // Alignments are the two limits of which less is better (WebGPU, "limit class": alignment).
  return /^min.*Alignment$/.test(name) ? have <= need : have >= need;
}
