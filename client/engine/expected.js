/**
 * What a photo costs with a model on this device: measured where the model has run here, else counted from what is known. Pure.
 *
 * @typedef {import('./run-history.js').Known} Known
 * @typedef {{ gflop: number, known: Record<string, Known> }} Past of a model: its work by `workOf`, and how it has run here, by `attemptKey`
 */

/** What an operation takes in a graph whose costliest convolutions are in whole numbers, against one in floats: 27.5 against 51.3 ms a GFLOP (docs/measurements/visits.md). */
const INT8_SHARE = 0.54;

/**
 * @param {{ gflop: number, gflop_int8?: number }} model a segment or generate model's graphs have no `gflop_int8`
 * @returns {number} its work, in GFLOP of floats that take a processor as long
 */
export const workOf = ({ gflop, gflop_int8: int8 = 0 }) => gflop - int8 * (1 - INT8_SHARE);

/** Taken for the device's memory where the browser does not tell, in GB. */
const USUAL_MEMORY = 4;

/**
 * @param {object} given
 * @param {string} given.key `attemptKey` of the way it would run
 * @param {Past} given.own
 * @param {Past[]} given.others models that may have run the same way
 * @param {number | null} given.estimateMs for one run, by a small test of this device
 * @returns {number | null} ms of a photo, all stages; null where nothing is known
 */
export function expectedPhotoMs({ key, own, others, estimateMs }) {
  const measured = own.known[key]?.photoMs ?? null;
  if (measured !== null) return measured;
  const distance = (/** @type {Past} */ { gflop }) => Math.abs(Math.log(gflop / own.gflop));
  const [nearest] = others.filter(({ known }) => known[key]?.runMs && known[key]?.photoMs).toSorted((a, b) => distance(a) - distance(b));
  if (!nearest) return estimateMs;
  const { runMs, photoMs } = /** @type {{ runMs: number, photoMs: number }} */ (nearest.known[key]);
  // Reading a photo and drawing what comes of it is the same work with each.
  return (runMs * own.gflop) / nearest.gflop + Math.max(0, photoMs - runMs);
}

/**
 * @param {{ cpuEstimateMs: number | null, expectedMs: number | null, attempts: { backend: string }[], verdict: { detail: Record<string, unknown> } | null }} route
 * @returns {number | null} ms of a run, by a small test of this device; on a GPU counted as slower than that test by what makes one worth taking
 */
export function estimatedRunMs({ cpuEstimateMs, expectedMs, attempts: [first], verdict }) {
  if (first?.backend !== 'webgpu' || cpuEstimateMs === null) return expectedMs;
  const { factor, margin } = verdict?.detail ?? {};
  return typeof factor === 'number' && typeof margin === 'number' ? expectedMs ?? (cpuEstimateMs * margin) / factor : expectedMs;
}

/**
 * @param {number} mib that a run needs at its peak
 * @param {number} [memory] `navigator.deviceMemory`, in GB
 * @returns {boolean} whether the device has twice as much: the page, the browser and the system want some too
 */
export const hasRoom = (mib, memory = USUAL_MEMORY) => mib * 2 <= memory * 1024;
