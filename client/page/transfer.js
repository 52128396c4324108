/**
 * One download that a person agreed to: it can be paused, goes on from there, and can be given up.
 * No DOM and no engine: `download` does the work.
 *
 * Invariant: only the current attempt changes the state. What an aborted one still reports is dropped.
 */

/** @typedef {import('../shared/protocol.js').Progress} Progress */
/** @typedef {Awaited<ReturnType<typeof import('../api.js').download>>} Outcome */
/** @typedef {(options: { model: string, signal: AbortSignal, onProgress: (event: Progress) => void }) => Promise<Outcome>} Download */
/**
 * @typedef {object} TransferState
 * @property {'idle' | 'loading' | 'paused' | 'failed'} phase
 * @property {string} model id, empty when idle
 * @property {number} loaded bytes that are here
 * @property {number} total bytes, 0 while unknown
 * @property {unknown} error what a failed attempt failed with
 */

/** @type {Readonly<TransferState>} */
const IDLE = Object.freeze({ phase: 'idle', model: '', loaded: 0, total: 0, error: null });

export class Transfer {
  /** @type {Readonly<TransferState>} */
  #state = IDLE;
  /** @type {AbortController | null} */
  #attempt = null;
  #download;
  #onChange;
  #onDone;

  /**
   * @param {Download} download goes on from what is stored whenever it is called again
   * @param {(state: Readonly<TransferState>) => void} onChange called at once
   * @param {(model: string, outcome: Outcome) => void} onDone after the change to `idle`
   */
  constructor(download, onChange, onDone) {
    this.#download = download;
    this.#onChange = onChange;
    this.#onDone = onDone;
  }

  /** @returns {Readonly<TransferState>} */
  get state() {
    return this.#state;
  }

  /** @param {string} model id; what runs for another one is given up */
  start(model) {
    this.#abort();
    void this.#run({ ...IDLE, phase: 'loading', model });
  }

  pause() {
    if (this.#state.phase !== 'loading') return;
    this.#abort();
    this.#enter({ ...this.#state, phase: 'paused' });
  }

  /** Go on after a pause or a failure. */
  resume() {
    if (this.#state.phase !== 'paused' && this.#state.phase !== 'failed') return;
    void this.#run({ ...this.#state, phase: 'loading', error: null });
  }

  /** Give up. What has been stored by now stays stored. */
  stop() {
    if (this.#state.phase === 'idle') return;
    this.#abort();
    this.#enter(IDLE);
  }

  /** @param {TransferState} state */
  async #run(state) {
    const attempt = new AbortController();
    this.#attempt = attempt;
    const isCurrent = () => this.#attempt === attempt;
    this.#enter(state);
    try {
      const outcome = await this.#download({
        model: state.model,
        signal: attempt.signal,
        onProgress: (event) => {
          if (isCurrent() && event.stage === 'downloading') this.#enter({ ...this.#state, loaded: event.loaded, total: event.total });
        },
      });
      if (!isCurrent()) return;
      this.#attempt = null;
      this.#enter(IDLE);
      this.#onDone(state.model, outcome);
    } catch (error) {
      if (!isCurrent()) return;
      this.#attempt = null;
      this.#enter({ ...this.#state, phase: 'failed', error });
    }
  }

  #abort() {
    const attempt = this.#attempt;
    // Before abort(): its listeners run at once, and by then the attempt must no longer count.
    this.#attempt = null;
    attempt?.abort();
  }

  /** @param {TransferState} state */
  #enter(state) {
    this.#state = Object.freeze(state);
    this.#onChange(this.#state);
  }
}
