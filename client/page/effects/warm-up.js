/**
 * Has the engine started ahead of the first photo, when the page has nothing better to do.
 *
 * @typedef {import('../state.js').State} State
 */
import { isWarmUpDue } from '../gate.js';
import { chosen, placed } from '../state.js';

const KIND = 'warm-up';
/** Moving through the choices with the arrow keys must not start each of them. */
const SETTLE_MS = 600;
/** Bringing up the rest of a model cannot be interrupted: a photo that is dropped soon after the page was opened is shown by the first part before that. */
const REST_AFTER_MS = 3500;

export class WarmUp {
  #engine;
  #store;
  #jobs;
  #onReady;
  /** When something else was chosen, ms on the page's clock. */
  #chosenAt = -Infinity;

  /**
   * @param {Pick<typeof import('../../api.js'), 'preload'>} engine
   * @param {import('../store.js').Store} store
   * @param {import('../../jobs/jobs.js').Jobs<any>} jobs
   * @param {(report: import('../../shared/protocol.js').Report) => void} onReady
   */
  constructor(engine, store, jobs, onReady) {
    this.#engine = engine;
    this.#store = store;
    this.#jobs = jobs;
    this.#onReady = onReady;
  }

  start() {
    if (isWarmUpDue(this.#store.state)) this.#jobs.add(KIND, {});
  }

  /** @param {import('../store.js').Event} event @param {State} state @param {State} previous */
  follow({ type }, state, previous) {
    const isOther = (previous.model !== '' && state.model !== previous.model) || state.kept !== previous.kept;
    if (isOther) this.#chosenAt = performance.now();
    // What is deleted must not come back: a model that is warming up would be fetched again.
    if (isOther || type === 'forget') this.#jobs.clear(KIND);
    if (isWarmUpDue(state) && (isOther || !isWarmUpDue(previous))) {
      this.#jobs.clear(KIND);
      this.#jobs.add(KIND, {});
    }
  }

  /**
   * Nobody asked for it. Where it fails, the first photo meets the same failure and shows it, with a way to retry.
   * @param {unknown} _job
   * @param {import('../../jobs/attempt.js').Watch<import('../../shared/protocol.js').Progress>} watch
   */
  async run(_job, watch) {
    await new Promise((resolve) => { setTimeout(resolve, this.#chosenAt + SETTLE_MS - performance.now()); });
    await new Promise((resolve) => { whenIdle(() => resolve(undefined)); });
    const { state } = this.#store;
    if (watch.signal.aborted || !isWarmUpDue(state)) return;
    // The first photo goes before the model's test; nothing is shown until then that could be taken back.
    const options = { ...placed(state), model: state.model, ...watch, onWithdraw() {} };
    if (!chosen(state)?.fusion) {
      this.#tell(await this.#engine.preload(options), watch);
      return;
    }
    // A photo that comes meanwhile waits for no more than its first preview needs, and brings up the rest after that.
    const report = await this.#engine.preload({ ...options, onPreview() {} });
    await new Promise((resolve) => { setTimeout(resolve, REST_AFTER_MS - performance.now()); });
    const isDue = !watch.signal.aborted && isWarmUpDue(this.#store.state);
    this.#tell(isDue ? await this.#engine.preload(options) : report, watch);
  }

  /** @param {import('../../shared/protocol.js').Report} report @param {{ signal: AbortSignal }} watch */
  #tell(report, watch) {
    if (!watch.signal.aborted) this.#onReady(report);
  }
}

/** @param {() => void} work */
export function whenIdle(work) {
  // Safari has no requestIdleCallback.
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work, 200);
}
