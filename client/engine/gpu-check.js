/**
 * The page's side of judging this device's GPU: once per page, in a worker of its own, since asking for an adapter can take as
 * long as a driver likes. What was measured is remembered for this browser version and this adapter.
 *
 * @typedef {import('../shared/protocol.js').Findings} Findings
 * @typedef {import('../shared/protocol.js').ProbeCalls} ProbeCalls
 */
import { Channel } from '../shared/channel.js';
import { MatteboxError } from '../shared/errors.js';
import { LocalEntry } from '../shared/local-store.js';
import { ownScript } from '../shared/trusted.js';
import { Watchdog } from './watchdog.js';

/** Where it cannot be stored, the next visit measures again. */
const measured = new LocalEntry('adapter');
/** Beyond any answer seen from a working driver; photos wait for it only where a GPU may be used. */
const PATIENCE_MS = 4000;

export class GpuCheck {
  /** @type {Promise<Findings> | null} */
  #findings = null;

  /**
   * @param {{ again?: boolean }} [options] measure anew what is remembered
   * @returns {Promise<Findings>} a look that fails is a finding, too
   */
  findings({ again = false } = {}) {
    if (again) this.#findings = null;
    this.#findings ??= look(again ? null : load());
    return this.#findings;
  }
}

/**
 * @param {ProbeCalls['judge']['args']['known']} known
 * @returns {Promise<Findings>}
 */
async function look(known) {
  const started = performance.now();
  /** @param {Findings['trouble']} trouble @returns {Findings} */
  const nothing = (trouble) => ({ trouble, adapter: null, key: '', jspi: false, gpu: null, cpu: null, remembered: false, ms: performance.now() - started });
  // What the page does not have, its workers do not have either.
  if (!('gpu' in navigator)) return nothing('no-webgpu');
  /** @type {Channel<ProbeCalls>} */
  const channel = new Channel(new Worker(ownScript(new URL('../workers/probe.js', import.meta.url)), { type: 'module', name: 'mattebox-probe' }), 'inference', 'probe');
  const watchdog = new Watchdog((stage, ms) => channel.end(new MatteboxError('timed-out', { stage, ms })));
  watchdog.watch('judging', PATIENCE_MS);
  try {
    const findings = await channel.call('judge', { known });
    const { key, gpu, cpu, remembered } = findings;
    if (gpu && !remembered) measured.write({ key, gpu, cpu });
    return findings;
  } catch (thrown) {
    return nothing(MatteboxError.from(thrown).code === 'timed-out' ? 'adapter-timeout' : 'adapter-failed');
  } finally {
    watchdog.stop();
    channel.end();
  }
}

/** @returns {ProbeCalls['judge']['args']['known']} */
function load() {
  const stored = measured.read();
  return typeof stored?.key === 'string' && stored.gpu && stored.cpu ? stored : null;
}
