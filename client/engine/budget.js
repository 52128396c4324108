/**
 * How long each stage of an attempt may take before the next attempt is worth more than waiting. Pure.
 *
 * An attempt that hangs is a fact of life: session creation with threads on some phones, a lost device under the asyncify build
 * (seen in Chromium: the run never ends).
 *
 * @typedef {'starting' | 'creating' | 'canary' | 'decoding' | 'running' | 'encoding'} Stage
 */

/** Where nothing else is left to try, giving up early helps nobody; a person can cancel at any time. */
const LAST_RESORT_MS = 15 * 60_000;
/** Compiling the runtime takes 0.3 to 1 s on a slow laptop; phones take ten times as long. */
const STARTING_MS = 20_000;
/** Besides time for reading and optimising the graph: 88 MB took 1.3 s on two cores. */
const CREATING_MS = 15_000;
const CREATING_MS_PER_MB = 250;
/**
 * How long a photo is decoded and encoded is its size, not the backend's health; but a worker that the system has ended for its
 * memory, or that closed itself, says nothing, and is found out by this alone. Generous, for a photo that only takes long would be lost.
 */
const PHOTO_MS = 5 * 60_000;
/** What the slowest device worth serving computes in a second. */
const SLOWEST_GFLOPS = 2;
const SHORTEST_RUN_MS = { webgpu: 20_000, wasm: 60_000 };
/** So much longer than expected that it is no longer a busy moment. */
const PATIENCE = 5;

/**
 * @param {Stage} stage
 * @param {object} attempt
 * @param {'webgpu' | 'wasm'} attempt.backend
 * @param {boolean} attempt.isLast nothing else would be tried, or the person insisted on it
 * @param {number} attempt.bytes of the model
 * @param {number} attempt.gflop of one run
 * @param {number | null} attempt.expectedMs for one run, where it is known or estimated
 * @returns {number} ms
 */
export function budget(stage, { backend, isLast, bytes, gflop, expectedMs }) {
  if (isLast) return LAST_RESORT_MS;
  if (stage === 'starting') return STARTING_MS;
  if (stage === 'creating') return CREATING_MS + (bytes / 1e6) * CREATING_MS_PER_MB;
  if (stage === 'decoding' || stage === 'encoding') return PHOTO_MS;
  const expected = expectedMs === null ? (gflop / SLOWEST_GFLOPS) * 1000 : expectedMs * PATIENCE;
  return Math.max(SHORTEST_RUN_MS[backend], expected);
}

/** Of the small product's speed on all threads, a network reaches this: U²-Net small 0.5, IS-Net 0.6 (measured on two cores). */
const CPU_EFFICIENCY = 0.5;
/** An estimate may be wrong by this much, and a GPU is not given up for less. */
const ESTIMATE_MARGIN = 1.5;

/**
 * @param {number} gflop of one run
 * @param {number} gflops of the small product on one thread
 * @param {number} threads
 * @returns {number} ms that one run should take with WebAssembly
 */
export const estimateOnCpu = (gflop, gflops, threads) => (gflop / (gflops * threads * CPU_EFFICIENCY)) * 1000;

/**
 * @param {number} runMs of the GPU
 * @param {object} cpu
 * @param {number | null} cpu.runMs this device's median with WebAssembly
 * @param {number | null} cpu.estimateMs
 * @returns {number | null} the limit it has broken, null when it is fast enough or nothing is known
 */
export function slowerThan(runMs, { runMs: cpuMs, estimateMs }) {
  const limit = cpuMs ?? (estimateMs === null ? null : estimateMs * ESTIMATE_MARGIN);
  return limit !== null && runMs > limit ? limit : null;
}
