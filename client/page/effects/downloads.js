/**
 * The download that a person agreed to: it can be paused, goes on from there, and can be given up. What has been stored by then stays
 * stored.
 *
 * Invariant: nothing is fetched here but for the model whose question was answered with yes.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {Awaited<ReturnType<typeof import('../../api.js').download>>} Outcome
 */
import { placed } from '../state.js';

const KIND = 'download';

export class Downloads {
  #engine;
  #store;
  #jobs;
  #onDone;

  /**
   * @param {Pick<typeof import('../../api.js'), 'download'>} engine
   * @param {import('../store.js').Store} store
   * @param {import('../../jobs/jobs.js').Jobs<any>} jobs
   * @param {(model: string, outcome: Outcome) => void} onDone
   */
  constructor(engine, store, jobs, onDone) {
    this.#engine = engine;
    this.#store = store;
    this.#jobs = jobs;
    this.#onDone = onDone;
  }

  /** @param {import('../store.js').Event} event @param {State} state @param {State} previous */
  follow({ type }, state, previous) {
    if (state.agreed !== previous.agreed || type === 'give-up') this.#jobs.clear(KIND);
    if (type === 'accept' || type === 'take-finer') this.#jobs.add(KIND, { model: /** @type {string} */ (state.agreed) });
    // The server is back.
    if (type === 'reach' && previous.isLost && !state.isLost && state.download?.state === 'failed') this.resume();
  }

  pause() {
    for (const { id } of this.#jobs.of(KIND)) this.#jobs.pause(id);
  }

  /** Go on after a pause or a failure. */
  resume() {
    for (const { id } of this.#jobs.of(KIND)) this.#jobs.retry(id);
  }

  /**
   * Goes on from what is stored whenever it is called again.
   * @param {{ model: string }} job
   * @param {import('../../jobs/attempt.js').Watch<import('../../shared/protocol.js').Progress>} watch
   * @returns {Promise<Outcome>}
   */
  run({ model }, watch) {
    return this.#engine.download({ model, ...placed(this.#store.state), ...watch });
  }

  /** @param {import('../../jobs/jobs.js').Change<any>} change of a download */
  followJob({ type, job }) {
    const { id, model, state, progress, error, result } = job;
    if (type === 'removed') return;
    if (state === 'done') {
      this.#jobs.remove(id);
      this.#store.dispatch({ type: 'downloaded' });
      this.#onDone(model, result);
      return;
    }
    const { loaded, total } = progress?.stage === 'downloading' ? progress : { loaded: 0, total: 0 };
    const phase = state === 'paused' || state === 'failed' ? state : 'loading';
    this.#store.dispatch({ type: 'download', download: { state: phase, model, loaded, total, error: error?.toWire() ?? null } });
    if (error) this.#store.dispatch({ type: 'doubt', error: error.toWire() });
  }
}
