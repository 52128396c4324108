/**
 * Keeps the photos that are done up with what is wanted of them. No DOM and no engine: `finish` does the work.
 *
 * Invariant: one photo is finished at a time, and what comes of it counts only if nothing else is wanted by then. Until then,
 * and where it fails, a photo keeps the file it has.
 *
 * @typedef {import('../finish/output-settings.js').Wanted} Wanted
 * @typedef {import('../shared/protocol.js').Progress} Progress
 */

/**
 * @template R
 * @typedef {{ id: string, state: string, input: Blob, reduce: boolean, result: R | null }} Job
 */

/**
 * @template {{ made: { key: string } }} R
 * @typedef {object} Hooks
 * @property {(job: Job<R>, wanted: Wanted, watch: { signal: AbortSignal, onProgress: (event: Progress) => void }) => Promise<R>} finish
 * @property {(id: string) => number} urgency the most urgent is finished first
 * @property {(id: string, isPending: boolean) => void} onPending its file is no longer as it is wanted, and will be; or it is, or never
 *   will be. Told before `want` and `follow` return, and after `onDone` and `onFail`.
 * @property {(id: string, progress: Progress | null) => void} onStart also called with each progress
 * @property {(id: string, result: R) => void} onDone
 * @property {(id: string, error: unknown) => void} onFail
 * @property {(id: string) => void} onStop it was given up or is tried again later
 * @property {(left: number) => void} onCount how many photos are to be finished
 * @property {(done: number) => void} onRest after so many, all are as they are wanted
 */

/** A slider on its way is not a wish yet. */
const SETTLE_MS = 200;

/** @template {{ made: { key: string } }} R */
export class FileUpdates {
  #hooks;
  #settleMs;
  /** @type {Wanted | null} */
  #wanted;
  /** @type {Job<R>[]} those that are done */
  #jobs = [];
  /** Those that could not be finished as it is wanted now. @type {Set<string>} */
  #failed = new Set();
  /** @type {{ id: string, attempt: AbortController } | null} */
  #active = null;
  /** As it was told. @type {Set<string>} */
  #pending = new Set();
  #done = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {(() => void)[]} */
  #waiting = [];

  /**
   * @param {Wanted} wanted
   * @param {Hooks<R>} hooks
   * @param {number} [settleMs]
   */
  constructor(wanted, hooks, settleMs = SETTLE_MS) {
    this.#wanted = wanted;
    this.#hooks = hooks;
    this.#settleMs = settleMs;
  }

  /** @param {Wanted | null} wanted from now on; null while it is not known yet, so that no file is as wanted and none is begun */
  want(wanted) {
    const isSame = wanted?.key === this.#wanted?.key;
    this.#wanted = wanted;
    if (isSame) return;
    this.#giveUp();
    for (const id of this.#failed) this.#hooks.onStop(id);
    this.#failed.clear();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#advance();
    }, this.#settleMs);
    this.#count();
  }

  /** @param {Job<R>[]} jobs all there are now */
  follow(jobs) {
    this.#jobs = jobs.filter(({ state }) => state === 'done');
    if (this.#active && !this.#find(this.#active.id)) this.#giveUp();
    for (const id of this.#failed) if (!this.#find(id)) this.#failed.delete(id);
    this.#advance();
  }

  /** @param {string} id of one that could not be finished */
  retry(id) {
    if (!this.#failed.delete(id)) return;
    this.#hooks.onStop(id);
    this.#advance();
  }

  /** @returns {Promise<void>} resolves when all that can be finished is */
  settled() {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#count();
    });
  }

  /** @param {string} id */
  #find(id) {
    return this.#jobs.find((job) => job.id === id);
  }

  get #stale() {
    return this.#jobs.filter(({ id, result }) => result !== null && result.made.key !== this.#wanted?.key && !this.#failed.has(id));
  }

  #advance() {
    this.#count();
    if (this.#active || this.#timer !== undefined || !this.#wanted) return;
    const { urgency } = this.#hooks;
    const [next] = this.#stale.sort((a, b) => urgency(b.id) - urgency(a.id));
    if (next) void this.#start(next, this.#wanted);
  }

  #count() {
    const before = this.#pending;
    this.#pending = new Set(this.#stale.map(({ id }) => id));
    const left = this.#pending.size;
    for (const id of before) if (!this.#pending.has(id)) this.#hooks.onPending(id, false);
    for (const id of this.#pending) if (!before.has(id)) this.#hooks.onPending(id, true);
    if (left !== before.size) this.#hooks.onCount(left);
    if (left > 0) return;
    if (this.#done > 0) this.#hooks.onRest(this.#done);
    this.#done = 0;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** @param {Job<R>} job @param {Wanted} wanted */
  async #start(job, wanted) {
    const attempt = new AbortController();
    const { id } = job;
    const isCurrent = () => this.#active?.attempt === attempt;
    this.#active = { id, attempt };
    this.#hooks.onStart(id, null);
    /** @type {() => void} */
    let tell;
    try {
      const result = await this.#hooks.finish(job, wanted, {
        signal: attempt.signal,
        onProgress: (event) => {
          if (isCurrent()) this.#hooks.onStart(id, event);
        },
      });
      tell = () => this.#take(id, result);
    } catch (error) {
      tell = () => this.#fail(id, error);
    }
    if (!isCurrent()) return;
    this.#active = null;
    tell();
    this.#advance();
  }

  /** @param {string} id @param {R} result */
  #take(id, result) {
    this.#done += 1;
    this.#jobs = this.#jobs.map((job) => (job.id === id ? { ...job, result } : job));
    this.#hooks.onDone(id, result);
  }

  /** @param {string} id @param {unknown} error */
  #fail(id, error) {
    this.#failed.add(id);
    this.#hooks.onFail(id, error);
  }

  #giveUp() {
    if (!this.#active) return;
    const { id, attempt } = this.#active;
    // Before abort(): its listeners run at once, and by then the attempt must no longer count.
    this.#active = null;
    attempt.abort();
    this.#hooks.onStop(id);
  }
}
