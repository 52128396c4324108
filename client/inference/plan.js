/**
 * Which backends to try, in which order, and why. Pure: the decision can be shown, tested and recorded.
 *
 * @typedef {import('../protocol.js').Backend} Backend
 * @typedef {import('../protocol.js').Attempt} Attempt
 *
 * @typedef {object} Plan
 * @property {{ backend: 'wasm', build: 'wasm', threads: number }[]} attempts in order; each gets a fresh worker
 * @property {Attempt[]} refused what was asked for and is not tried
 * @property {string} reason why the first attempt is first: `requested`, `only-backend` or `backend-not-offered`
 */

/** More threads than this gain nothing on the models here, and each costs a worker. */
const MAX_THREADS = 16;

/**
 * @param {object} given
 * @param {Backend} given.requested
 * @param {number | undefined} given.threads what the person or the page asked for
 * @param {{ cores: number, sharedMemory: boolean }} given.environment
 * @returns {Plan}
 */
export function plan({ requested, threads, environment }) {
  const wanted = threads ?? environment.cores;
  // Asked for threads where they cannot share memory, the runtime would drop to one by itself and warn in the console.
  const count = environment.sharedMemory ? Math.min(MAX_THREADS, Math.max(1, wanted)) : 1;
  const attempts = [{ backend: /** @type {const} */ ('wasm'), build: /** @type {const} */ ('wasm'), threads: count }];
  // A runtime that cannot start its threads may still run without them.
  if (count > 1) attempts.push({ ...attempts[0], threads: 1 });
  if (requested === 'webgpu') {
    const code = 'backend-not-offered';
    return { attempts, refused: [{ backend: 'webgpu', build: null, outcome: 'refused', code }], reason: code };
  }
  return { attempts, refused: [], reason: requested === 'wasm' ? 'requested' : 'only-backend' };
}
