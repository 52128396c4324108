/**
 * Which backends to try, in which order, and why. Pure: the decision can be shown, tested and recorded.
 *
 * @typedef {import('../shared/protocol.js').Backend} Backend
 * @typedef {import('../shared/protocol.js').Attempt} Attempt
 * @typedef {import('../shared/protocol.js').Build} Build
 * @typedef {import('../shared/protocol.js').Verdict} Verdict
 *
 * @typedef {{ backend: 'webgpu' | 'wasm', build: Build, threads: number }} Step one attempt to be made; each gets a fresh worker
 * @typedef {{ code: string, at: number, count: number, isFresh?: boolean }} Failure a fresh one happened in this page's life
 * @typedef {{ runMs: number | null, failure: Failure | null }} Known of a step on this device
 *
 * @typedef {'requested' | 'only-backend' | 'backend-not-offered' | 'learned-faster' | 'learned-slower' | 'failed-before'
 *   | import('../shared/protocol.js').VerdictReason} Reason
 *
 * @typedef {object} Plan
 * @property {Step[]} attempts in order
 * @property {Attempt[]} refused what was asked for, or would have been first, and is not tried
 * @property {Reason} reason why the first attempt is first
 */

/** More threads than this gain nothing on the models here, and each costs a worker. */
const MAX_THREADS = 16;

/** What another attempt, in a fresh worker with other settings, may mend. */
const MENDABLE = [
  'runtime-failed', 'session-failed', 'worker-crashed', 'canary-mismatch', 'bad-matte', 'out-of-memory',
  'gpu-unavailable', 'gpu-lost', 'gpu-failed', 'timed-out', 'too-slow',
];

/** What the very same attempt, made once more, may mend. */
const WORTH_REPEATING = ['runtime-failed', 'worker-crashed'];

/** Failures that may be a moment's: a driver that was reset, another tab that took the memory. They count from the second on. */
const PASSING = ['gpu-lost', 'out-of-memory', 'worker-crashed'];

/** @type {Verdict} */
const NOT_LOOKED = { verdict: 'unfit', reason: 'no-webgpu', detail: {} };

/**
 * @param {{ build: Build, threads: number }} step
 * @returns {string} what is remembered of it is under this name: "jspi", "asyncify", "wasm×4"
 */
export const attemptKey = ({ build, threads }) => (build === 'wasm' ? `wasm×${threads}` : build);

/**
 * @param {{ cores: number, sharedMemory: boolean }} environment
 * @param {number} [wanted] all cores when left out
 * @returns {number} threads to ask the runtime for. Where they cannot share memory, it would drop to one by itself and warn in
 *   the console.
 */
export function threadCount({ cores, sharedMemory }, wanted = cores) {
  return sharedMemory ? Math.min(MAX_THREADS, Math.max(1, wanted)) : 1;
}

/**
 * @param {object} given
 * @param {Backend} given.requested
 * @param {number | undefined} given.threads what the person or the page asked for
 * @param {{ cores: number, sharedMemory: boolean }} given.environment
 * @param {('webgpu' | 'wasm')[]} given.backends that the catalog offers for the model
 * @param {Verdict | null} given.verdict on this device's adapter, null when nobody looked
 * @param {boolean} given.jspi whether WebAssembly can be suspended here
 * @param {Record<string, Known>} given.known by `attemptKey`
 * @returns {Plan} without attempts where the model is offered on WebGPU only, and that cannot be had
 */
export function plan({ requested, threads, environment, backends, verdict, jspi, known }) {
  const count = threadCount(environment, threads);
  const cpu = backends.includes('wasm') ? onCpu(count, known) : [];
  const unthreaded = cpu.length > 0 && cpu[0].threads < count ? [refusal(wasm(count), 'failed-before')] : [];
  /** @param {Reason} reason @returns {Plan} */
  const withoutGpu = (reason) => {
    const isRefusal = reason !== 'only-backend' && reason !== 'requested';
    return { attempts: cpu, refused: isRefusal ? [refusal(GPU, reason), ...unthreaded] : unthreaded, reason };
  };

  const settled = withoutLooking(requested, backends);
  if (settled) return withoutGpu(settled);
  const isForced = requested === 'webgpu';
  const judged = verdict ?? NOT_LOOKED;
  if (judged.verdict === 'unfit' || (judged.verdict === 'degraded' && !isForced)) return withoutGpu(judged.reason);
  const gpu = onGpu(jspi, known, isForced);
  if (gpu.length === 0) return withoutGpu('failed-before');
  if (isForced) return { attempts: [...gpu, ...cpu], refused: unthreaded, reason: 'requested' };
  const learned = compare(gpu[0], cpu[0], known);
  return learned === 'learned-slower' ? withoutGpu(learned) : { attempts: [...gpu, ...cpu], refused: unthreaded, reason: learned ?? judged.reason };
}

/**
 * @param {Backend} requested
 * @param {('webgpu' | 'wasm')[]} backends that the catalog offers for the model
 * @returns {'requested' | 'only-backend' | 'backend-not-offered' | null} why the device's GPU does not matter; null when it does
 */
export function withoutLooking(requested, backends) {
  if (requested === 'wasm' && backends.includes('wasm')) return 'requested';
  if (backends.includes('webgpu')) return null;
  return requested === 'webgpu' ? 'backend-not-offered' : 'only-backend';
}

/**
 * @param {Step} gpu
 * @param {Step | undefined} cpu
 * @param {Record<string, Known>} known
 * @returns {'learned-faster' | 'learned-slower' | null} what both have shown on photos, null when one of them has not run yet
 */
function compare(gpu, cpu, known) {
  const gpuMs = known[attemptKey(gpu)]?.runMs;
  const cpuMs = cpu && known[attemptKey(cpu)]?.runMs;
  if (typeof gpuMs !== 'number' || typeof cpuMs !== 'number') return null;
  return cpuMs < gpuMs ? 'learned-slower' : 'learned-faster';
}

/** @param {string} code of an error @returns {boolean} whether it speaks against the attempt, and not against the photo or the network */
export const isMendable = (code) => MENDABLE.includes(code);

/**
 * @param {Step[]} attempts the first of which failed
 * @param {string} code of its error, a mendable one
 * @returns {Step[]} what is left to try. A GPU that is lost, wrong or slow is so under either build; only a runtime that does not
 *   start may start as the other one.
 */
export function after([failed, ...rest], code) {
  if (failed.backend === 'webgpu' && code !== 'runtime-failed') return rest.filter(({ backend }) => backend !== 'webgpu');
  return WORTH_REPEATING.includes(code) ? rest : rest.filter((step) => attemptKey(step) !== attemptKey(failed));
}

/**
 * @param {boolean} jspi
 * @param {Record<string, Known>} known
 * @param {boolean} isForced whoever asks for the GPU means to try it again, but not for each photo of a batch
 * @returns {Step[]} one thread each: the CPU only hands the work over
 */
function onGpu(jspi, known, isForced) {
  const builds = jspi ? /** @type {const} */ (['jspi', 'asyncify']) : /** @type {const} */ (['asyncify']);
  /** @type {Step[]} */
  const steps = builds.map((build) => ({ backend: 'webgpu', build, threads: 1 }));
  const bad = steps.filter((step) => isBlocked(step, known) && (!isForced || known[attemptKey(step)].failure?.isFresh));
  // Only a runtime that does not start may start as the other one.
  if (bad.some((step) => known[attemptKey(step)].failure?.code !== 'runtime-failed')) return [];
  return steps.filter((step) => !bad.includes(step));
}

/**
 * @param {number} threads
 * @param {Record<string, Known>} known
 * @returns {Step[]} two: a runtime that cannot start its threads may still run without them, and one that fails once may start
 *   in a fresh worker
 */
function onCpu(threads, known) {
  return [isBlocked(wasm(threads), known) ? wasm(1) : wasm(threads), wasm(1)];
}

/**
 * @param {Step} step
 * @param {Record<string, Known>} known
 */
function isBlocked(step, known) {
  const failure = known[attemptKey(step)]?.failure;
  return failure ? failure.count > (PASSING.includes(failure.code) ? 1 : 0) : false;
}

/** @param {number} threads @returns {Step} */
const wasm = (threads) => ({ backend: 'wasm', build: 'wasm', threads });

/** @type {{ backend: 'webgpu', build: null, threads: 0 }} it never came to either build */
const GPU = { backend: 'webgpu', build: null, threads: 0 };

/**
 * @param {Step | typeof GPU} step
 * @param {Reason} code
 * @returns {Attempt}
 */
const refusal = (step, code) => ({ ...step, outcome: 'refused', code, ms: 0 });
