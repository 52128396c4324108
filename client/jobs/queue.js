/**
 * Jobs and their states, one running at a time. No DOM and no engine: `run` does the work.
 *
 * Invariant: a job is a frozen value that is replaced when something changes, and only the current
 * attempt of a job may change it. What a cancelled attempt still reports afterwards is dropped.
 */

/** @typedef {'queued' | 'loading' | 'decoding' | 'running' | 'encoding' | 'done' | 'failed' | 'cancelled'} JobState */
/** @typedef {import('../shared/protocol.js').Progress} Progress */

/**
 * @template R what a finished job holds
 * @typedef {object} Job
 * @property {string} id
 * @property {string} name file name, for people
 * @property {Blob} input
 * @property {boolean} reduce work on it at a size that this device can hold
 * @property {'keep' | 'ignore'} ownAlpha of a picture that is cut out already
 * @property {JobState} state
 * @property {Progress | null} progress last event of the current attempt
 * @property {R | null} result
 * @property {unknown} error what the attempt failed with
 */

/**
 * @template R
 * @typedef {{ type: 'added' | 'removed', job: Job<R> } | { type: 'changed', job: Job<R>, previous: Job<R> }} Change
 */

/**
 * @template R
 * @typedef {(job: Job<R>, context: { signal: AbortSignal, onProgress: (event: Progress) => void }) => Promise<R>} Run
 */

/** @type {Record<string, JobState>} */
const STATE_OF_STAGE = {
  downloading: 'loading',
  preparing: 'loading',
  decoding: 'decoding',
  running: 'running',
  encoding: 'encoding',
};

/** @type {ReadonlySet<JobState>} */
const SETTLED = new Set(['done', 'failed', 'cancelled']);

/**
 * @param {JobState} state
 * @returns {boolean} nothing more happens to the job by itself
 */
export const isSettled = (state) => SETTLED.has(state);

/** @template R */
export class Queue {
  /** @type {Map<string, Job<R>>} in the order they were added, which is the order they run in */
  #jobs = new Map();
  /** @type {{ id: string, attempt: AbortController } | null} */
  #active = null;
  #held = false;
  #count = 0;
  #run;
  #onChange;

  /**
   * @param {Run<R>} run
   * @param {(change: Change<R>) => void} onChange called at once, before the method that caused it returns
   */
  constructor(run, onChange) {
    this.#run = run;
    this.#onChange = onChange;
  }

  /** @returns {Job<R>[]} */
  get jobs() {
    return [...this.#jobs.values()];
  }

  /** @returns {boolean} no job starts until `release` */
  get held() {
    return this.#held;
  }

  /**
   * @param {Blob} input
   * @param {string} name
   * @param {boolean} [reduce]
   * @param {Job<R>['ownAlpha']} [ownAlpha]
   * @returns {string} the job's id
   */
  add(input, name, reduce = false, ownAlpha = 'keep') {
    this.#count += 1;
    const id = `job-${this.#count}`;
    /** @type {Job<R>} */
    const job = Object.freeze({ id, name, input, reduce, ownAlpha, state: 'queued', progress: null, result: null, error: null });
    this.#jobs.set(id, job);
    this.#onChange({ type: 'added', job });
    this.#advance();
    return id;
  }

  /** Start no further job. The one that is running goes on. */
  hold() {
    this.#held = true;
  }

  release() {
    this.#held = false;
    this.#advance();
  }

  /** @param {string} id */
  cancel(id) {
    const job = this.#jobs.get(id);
    if (!job || isSettled(job.state)) return;
    this.#stop(id);
    this.#change(id, { state: 'cancelled', progress: null });
    this.#advance();
  }

  /**
   * Give up the current attempt of a job that is under way. It runs again when its turn comes.
   * @param {string} id
   */
  restart(id) {
    if (this.#active?.id !== id) return;
    this.#stop(id);
    this.#change(id, { state: 'queued', progress: null });
    this.#advance();
  }

  /**
   * @param {string} id of a failed or cancelled job; it runs again when its turn comes
   * @param {Pick<Job<R>, 'reduce'>} [how] as before when left out
   */
  retry(id, how) {
    const job = this.#jobs.get(id);
    if (job?.state !== 'failed' && job?.state !== 'cancelled') return;
    this.#change(id, { ...how, state: 'queued', progress: null, error: null });
    this.#advance();
  }

  /** @param {string} id @param {Partial<Pick<Job<R>, 'input' | 'reduce'>>} how the photo, and how to work on it, from now on */
  revise(id, how) {
    if (this.#jobs.has(id)) this.#change(id, how);
  }

  /** @param {string} id of a job that waits @param {unknown} error why it need not wait */
  fail(id, error) {
    if (this.#jobs.get(id)?.state === 'queued') this.#change(id, { state: 'failed', progress: null, error });
  }

  /** @param {string} id of a job that is done @param {R} result in the place of the one it has */
  amend(id, result) {
    if (this.#jobs.get(id)?.state === 'done') this.#change(id, { result });
  }

  /** @param {string} id */
  remove(id) {
    const job = this.#jobs.get(id);
    if (!job) return;
    this.#stop(id);
    this.#jobs.delete(id);
    this.#onChange({ type: 'removed', job });
    this.#advance();
  }

  /** Remove every job. */
  clear() {
    const { jobs } = this;
    if (this.#active) this.#stop(this.#active.id);
    this.#jobs.clear();
    for (const job of jobs) this.#onChange({ type: 'removed', job });
  }

  #advance() {
    if (this.#held || this.#active) return;
    const next = this.jobs.find((job) => job.state === 'queued');
    if (next) void this.#start(next.id);
  }

  /** @param {string} id */
  async #start(id) {
    const attempt = new AbortController();
    this.#active = { id, attempt };
    const isCurrent = () => this.#active?.attempt === attempt;
    const job = this.#change(id, { state: 'loading' });
    /** @type {Partial<Job<R>>} */
    let outcome;
    try {
      const result = await this.#run(job, {
        signal: attempt.signal,
        onProgress: (event) => {
          if (isCurrent()) this.#change(id, { state: STATE_OF_STAGE[event.stage] ?? 'loading', progress: event });
        },
      });
      outcome = { state: 'done', result, error: null };
    } catch (error) {
      outcome = { state: 'failed', error };
    }
    if (!isCurrent()) return;
    this.#active = null;
    this.#change(id, { ...outcome, progress: null });
    this.#advance();
  }

  /** @param {string} id */
  #stop(id) {
    if (this.#active?.id !== id) return;
    const { attempt } = this.#active;
    // Before abort(): its listeners run at once, and by then the attempt must no longer count.
    this.#active = null;
    attempt.abort();
  }

  /**
   * @param {string} id
   * @param {Partial<Job<R>>} patch
   * @returns {Job<R>}
   */
  #change(id, patch) {
    const previous = this.#jobs.get(id);
    if (!previous) throw new RangeError(`no job ${id}`);
    const job = Object.freeze({ ...previous, ...patch });
    this.#jobs.set(id, job);
    this.#onChange({ type: 'changed', job, previous });
    return job;
  }
}
