/**
 * Jobs and their states: one machine for all that takes a while. No DOM and no engine: the runners do the work.
 *
 * Invariant: a job is a frozen value of plain JSON that is replaced when something changes, and only its current attempt may change
 * it. What JSON has no word for, the photo and what came of it, is kept beside.
 */
import { Attempt } from './attempt.js';
import { isSettled, KINDS } from './kinds.js';
import { inserted, inTurn, outcome, restored, tracked, waiting, wireOf, withNext } from './tracked.js';

/** @typedef {import('../shared/protocol.js').Progress} Progress */
/** @typedef {import('./kinds.js').Lane} Lane */
/** @typedef {import('./kinds.js').Facts} Facts */
/** @typedef {import('./kinds.js').Job} Job */
/** @template R @typedef {import('./tracked.js').Held<R>} Held */
/** @template R @typedef {import('./tracked.js').Tracked<R>} Tracked */
/** @template R @typedef {{ type: 'added', job: Tracked<R>, next: string | null } | { type: 'removed', job: Tracked<R> } | { type: 'changed', job: Tracked<R>, previous: Tracked<R> }} Change */
/** @template R what a job that is done holds */
export class Jobs {
  /** @type {Map<string, { job: Job, held: Held<R> }>} in the order they were added, which is the order they run in */
  #entries = new Map();
  /** Of the jobs that are under way. @type {Map<string, Attempt>} */
  #attempts = new Map();
  /** @type {Set<Lane>} */
  #stopped = new Set();
  #count = 0;
  #runners;
  #onChange;
  #kinds;

  /**
   * @param {Record<string, import('./tracked.js').Run<R>>} runners by kind
   * @param {(change: Change<R>) => void} onChange called at once, before the method that caused it returns
   * @param {Readonly<Record<string, import('./kinds.js').Kind>>} [kinds]
   */
  constructor(runners, onChange, kinds = KINDS) {
    this.#runners = runners;
    this.#onChange = onChange;
    this.#kinds = kinds;
  }

  /** @param {string} kind @returns {Tracked<R>[]} */
  of(kind) {
    return [...this.#entries.values()].filter(({ job }) => job.kind === kind).map(tracked);
  }

  /** @param {string} kind @param {string} id @returns {Tracked<R> | undefined} */
  find(kind, id) {
    const entry = this.#entries.get(id);
    return entry?.job.kind === kind ? tracked(entry) : undefined;
  }

  /** @returns {Job[]} all there are, for JSON */
  toJSON() {
    return [...this.#entries.values()].map(({ job }) => job);
  }

  /** @param {string} kind @param {Partial<Facts>} facts @param {Blob} [input] the photo, where there is one @returns {string} the job's id */
  add(kind, facts, input = new Blob()) {
    this.#count += 1;
    return this.#admit({ name: '', folder: '', modified: 0, photo: '', model: '', reduce: false, ownAlpha: 'keep', mark: '', ...facts, id: `job-${this.#count}`, kind, state: 'queued', progress: null, error: null, turn: 0, isAgain: false }, { input, result: null });
  }

  /** A job of an earlier visit. One that was under way waits for its turn again. @param {Job} job as it was written @param {Held<R>} held */
  restore(job, held) {
    this.#count = Math.max(this.#count, Number(job.id.replace(/\D+/gu, '')));
    this.#admit(waiting(job), held);
  }

  /** @param {Job} job @param {Held<R>} held */
  #admit(job, held) {
    const entry = { job: Object.freeze(job), held };
    this.#entries.set(job.id, entry);
    this.#onChange({ type: 'added', job: tracked(entry), next: null });
    this.#advance();
    return job.id;
  }

  /** Start no further job there. The one that is under way goes on. @param {Lane} lane */
  hold(lane) {
    this.#stopped.add(lane);
  }

  /** @param {Lane} lane */
  release(lane) {
    this.#stopped.delete(lane);
    this.#advance();
  }

  /** @param {string} id */
  cancel(id) {
    const job = this.#get(id);
    if (job && !isSettled(job.state)) this.#stop(id, outcome(job, { state: 'cancelled', progress: null }));
  }

  /** @param {string} id of a job that is under way; what it has reached is kept for `retry` */
  pause(id) {
    if (this.#attempts.has(id)) this.#stop(id, { state: 'paused' });
  }

  /** Give up the current attempt of a job that is under way. It runs again when its turn comes. @param {string} id */
  restart(id) {
    if (this.#attempts.has(id)) this.#stop(id, { state: 'queued', progress: null });
  }

  /** @param {string} id of a job that failed, was cancelled or is paused; it runs again when its turn comes */
  retry(id) {
    const job = this.#get(id);
    if (!job || !['failed', 'cancelled', 'paused'].includes(job.state)) return;
    this.#change(id, { state: 'queued', progress: this.#kinds[job.kind].isResumable ? job.progress : null, error: null });
    this.#advance();
  }

  /**
   * Make once more what is done, when its turn comes. What there is stays until then, and where it fails or is cancelled.
   * @param {string} id @param {Partial<Facts>} [facts] how to work on it from now on @param {number} [turn] among those that wait: the least first, and new photos before those
   */
  redo(id, facts = {}, turn = 0) {
    if (this.#get(id)?.state !== 'done') return;
    this.#change(id, { ...facts, state: 'queued', isAgain: true, error: null, turn });
    this.#advance();
  }

  /** @param {string} id @param {{ input?: Blob, own?: object | null, reduce?: boolean, mark?: Job['mark'], head?: Job['head'] }} how the photo, what is chosen for it alone, how to work on it, what a person thinks of it, and where its head is, from now on */
  revise(id, { input, own, ...facts }) {
    if (this.#get(id)) this.#change(id, facts, { ...(input ? { input } : {}), ...(own === undefined ? {} : { own }) });
  }

  /** @param {string} id of a job that waits @param {unknown} error why it need not wait */
  fail(id, error) {
    const job = this.#get(id);
    if (job?.state === 'queued') this.#change(id, outcome(job, { state: 'failed', progress: null, error: wireOf(error) }));
  }

  /** What came of it must not be used any more; where it is made once more, that goes on. @param {string} id @param {unknown} error why */
  withdraw(id, error) {
    const job = this.#get(id);
    if (job?.isAgain) this.#change(id, { isAgain: false }, { result: null });
    else if (job?.state === 'done' || this.#attempts.has(id)) this.#stop(id, { state: 'failed', progress: null, error: wireOf(error) }, { result: null });
  }

  /** @param {string} id of a job that is done, or has something to show already @param {R} result in the place of the one it has */
  amend(id, result) {
    const job = this.#get(id);
    if (job?.state === 'done' || job?.isAgain || this.#attempts.has(id)) this.#change(id, {}, { result });
  }

  /** @param {string} id */
  remove(id) {
    this.take([id]);
  }

  /** Remove jobs, so that they can be put back. @param {readonly string[]} ids @returns {import('./tracked.js').Taken<R>[]} as they were, in their order */
  take(ids) {
    const gone = new Set(ids);
    const entries = withNext(this.#entries).filter(({ job }) => gone.has(job.id));
    for (const { job: { id } } of entries) {
      this.#giveUp(id);
      this.#entries.delete(id);
    }
    for (const entry of entries) this.#onChange({ type: 'removed', job: tracked(entry) });
    this.#advance();
    return entries;
  }

  /** Remove every job of a kind. @param {string} kind */
  clear(kind) {
    this.take(this.of(kind).map(({ id }) => id));
  }

  /** @param {import('./tracked.js').Taken<R>[]} entries that were taken, each into its place */
  putBack(entries) {
    const back = entries.map(restored);
    this.#entries = inserted(this.#entries, back);
    // Each is told after the one that it comes before.
    for (const { next, value } of back.toReversed()) this.#onChange({ type: 'added', job: tracked(value), next: next !== null && this.#entries.has(next) ? next : null });
    this.#advance();
  }

  #advance() {
    for (const id of inTurn(this.#entries)) if (this.#get(id)?.state === 'queued' && this.#isFree(this.#laneOf(id))) void this.#start(id);
  }

  /** @param {string} id */
  #get(id) {
    return this.#entries.get(id)?.job;
  }

  /** @param {string} id */
  #entry(id) {
    const entry = this.#entries.get(id);
    if (!entry) throw new RangeError(`no job ${id}`);
    return entry;
  }

  /** @param {Lane | null} lane */
  #isFree(lane) {
    if (lane === null) return true;
    return !this.#stopped.has(lane) && ![...this.#attempts.keys()].some((id) => this.#laneOf(id) === lane);
  }

  /** @param {string} id */
  #laneOf(id) {
    return this.#kinds[this.#get(id)?.kind ?? '']?.lane ?? null;
  }

  /** @param {string} id */
  async #start(id) {
    const attempt = new Attempt();
    this.#attempts.set(id, attempt);
    const job = this.#change(id, { state: 'loading' });
    const { stages, isResumable } = this.#kinds[job.kind];
    /** @param {Partial<Job>} patch @param {Partial<Held<R>>} [held] */
    const end = (patch, held) => {
      this.#attempts.delete(id);
      // What a resumable job had reached tells how far it was when it failed.
      const reached = isResumable && patch.state === 'failed' ? {} : { progress: null };
      this.#change(id, outcome(job, { ...patch, ...reached }), held);
      this.#advance();
    };
    await attempt.run((watch) => this.#runners[job.kind](job, watch), {
      onProgress: (/** @type {Progress} */ event) => this.#change(id, { state: stages[event.stage] ?? 'loading', progress: event }),
      onDone: (result) => end({ state: 'done', error: null }, { result }),
      onFail: (error) => end({ state: 'failed', error: wireOf(error) }),
    });
  }

  /** @param {string} id @param {Partial<Job>} patch @param {Partial<Held<R>>} [held] */
  #stop(id, patch, held) {
    this.#giveUp(id);
    this.#change(id, patch, held);
    this.#advance();
  }

  /** @param {string} id */
  #giveUp(id) {
    const attempt = this.#attempts.get(id);
    this.#attempts.delete(id);
    attempt?.giveUp();
  }

  /** @param {string} id @param {Partial<Job>} patch @param {Partial<Held<R>>} [held] @returns {Tracked<R>} */
  #change(id, patch, held = {}) {
    const before = this.#entry(id);
    const entry = { job: Object.freeze({ ...before.job, ...patch }), held: { ...before.held, ...held } };
    this.#entries.set(id, entry);
    this.#onChange({ type: 'changed', job: tracked(entry), previous: tracked(before) });
    return tracked(entry);
  }
}
