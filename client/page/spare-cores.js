/**
 * Whether files may be made while the model works: pure.
 *
 * @typedef {{ backend: string, threads: number }} Step what the model runs on
 */

/** One writes the file, one is the page's and the browser's own. */
const NEEDED = 2;
/** In GB, where a browser tells: a file of a large photo takes hundreds of megabytes beside the model's. */
const ROOMY = 8;

/**
 * @param {Step | undefined} step undefined while it is not known
 * @param {{ hardwareConcurrency: number, deviceMemory?: number }} device
 * @returns {boolean} false on two cores, where the model would only become slower
 */
export function sparesCores(step, { hardwareConcurrency: cores, deviceMemory = ROOMY }) {
  if (!step || deviceMemory < ROOMY) return false;
  // A model on the GPU has one thread wait for it.
  return cores - (step.backend === 'webgpu' ? 1 : step.threads) >= NEEDED;
}
