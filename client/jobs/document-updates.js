/**
 * Keeps the photos that are done up with what is wanted of them: what is shown at once, their files when there is time or need. No DOM
 * and no engine: `make` does the work.
 *
 * Invariant: one thing is made at a time, and what comes of it counts only if nothing else is wanted by then, and it was made of the
 * document that there is. Until then, and where it fails, a photo keeps what it has.
 *
 * @typedef {import('./next-update.js').Wanted} Wanted
 * @typedef {import('./next-update.js').Update} Update
 * @typedef {import('../shared/protocol.js').Progress} Progress
 * @typedef {{ document: object, preview: { key: string }, file: { key: string, blob: Blob } | null }} Made `document`: another one where a person edited it,
 *   and then no preview and no file has a key that is wanted
 */
import { Jobs } from './jobs.js';
import { isSettled } from './kinds.js';
import { isFileStale, isPreviewStale, nextUpdate } from './next-update.js';

/**
 * @template {Made} R
 * @typedef {{ id: string, state: import('./kinds.js').JobState, isAgain: boolean, input: Blob, reduce: boolean, result: R | null }} Job
 */

/**
 * @template {Made} R
 * @typedef {object} Hooks
 * @property {(kind: Update['kind'], job: Job<R>, wanted: Wanted, watch: import('./attempt.js').Watch<Progress>) => Promise<R>} make a preview or a file
 * @property {(id: string) => 0 | 1 | 2} urgency see `Photo` in next-update.js
 * @property {(id: string, isPending: boolean) => void} onPending its file is not there as it is wanted, and can be had; or it is, or never
 *   will be. Told before `want` and `follow` return, and after `onDone` and `onFail`.
 * @property {(id: string, kind: Update['kind'], progress: Progress | null) => void} onStart also called with each progress
 * @property {(id: string, result: R) => void} onDone
 * @property {(id: string, error: unknown) => void} onFail
 * @property {(id: string) => void} onStop it was given up or is tried again later
 * @property {() => boolean} [isBeside] cores are idle while the model works, so that files may be made meanwhile
 * @property {() => boolean} [isBusy] nothing is to be made that nobody has asked for
 * @property {(left: number) => void} onCount how many photos are to be shown otherwise
 * @property {(done: number) => void} onRest after so many, all are shown as they are wanted
 */

/** A slider on its way is not a wish yet. */
const SETTLE_MS = 100;

/** Bytes of files that are kept without being asked for, and files that are kept in any case: a browser may still be reading the last. */
const KEPT_BYTES = 128 * 2 ** 20;
const KEPT_LEAST = 4;

/** @template {Made} R */
export class DocumentUpdates {
  #hooks;
  #settleMs;
  /** @type {(id: string) => Wanted | null} */
  #wantedOf;
  /** What each was wanted as when it was last told. @type {Map<string, string | null>} */
  #keys = new Map();
  /** Those that are done, and those that are made once more and have what they had, in their order. @type {Map<string, Job<R>>} */
  #jobs = new Map();
  /** No photo waits for a model, or is cut out. */
  #isIdle = true;
  /** Those of which something could not be made as it is wanted now. @type {Set<string>} */
  #failed = new Set();
  /** What is being made, with the id of its job. @type {(Update & { job: string }) | null} */
  #active = null;
  /** @type {Jobs<R>} */
  #making = new Jobs({ preview: (job, watch) => this.#make('preview', job.photo, watch), file: (job, watch) => this.#make('file', job.photo, watch) }, (change) => this.#hear(change));
  /** As it was told. @type {Set<string>} */
  #pending = new Set();
  #left = 0;
  #done = 0;
  /** Whose files are kept, the oldest first. @type {string[]} */
  #kept = [];
  #hasRoom = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {(id: string) => Wanted | null} wantedOf what a photo is to be; null while that is not known yet, so that its file is not as wanted and none is begun
   * @param {Hooks<R>} hooks
   * @param {number} [settleMs]
   */
  constructor(wantedOf, hooks, settleMs = SETTLE_MS) {
    this.#wantedOf = wantedOf;
    this.#hooks = hooks;
    this.#settleMs = settleMs;
  }

  /** Some photos may be wanted otherwise. */
  want() {
    const others = [...this.#jobs.keys()].filter((id) => this.#keys.get(id) !== this.#keyOf(id));
    if (others.length === 0) return;
    for (const id of others) {
      this.#keys.set(id, this.#keyOf(id));
      this.#renew(id);
    }
    this.#hasRoom = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#advance();
    }, this.#settleMs);
    this.#count();
  }

  /** @param {Job<R>[]} jobs all there are now */
  follow(jobs) {
    const before = this.#jobs;
    this.#jobs = new Map(jobs.flatMap((job) => (job.state === 'done' || job.isAgain ? [[job.id, job]] : [])));
    for (const { id, result } of before.values()) if (result?.document !== this.#jobs.get(id)?.result?.document) this.#renew(id);
    this.#keys = new Map([...this.#jobs.keys()].map((id) => [id, this.#keys.has(id) ? this.#keys.get(id) ?? null : this.#keyOf(id)]));
    this.#isIdle = jobs.every(({ state }) => isSettled(state));
    for (const ids of [this.#failed, this.#kept]) for (const id of [...ids]) if (!this.#jobs.has(id)) this.#forget(id);
    if (this.#active && !this.#jobs.has(this.#active.id)) this.#giveUp();
    this.#advance();
  }

  /** @param {string} id */
  #keyOf(id) {
    return this.#wantedOf(id)?.fileKey ?? null;
  }

  /** @param {string} id of a photo whose document is another one now, or that is wanted otherwise */
  #renew(id) {
    if (this.#active?.id === id) this.#giveUp();
    if (this.#failed.delete(id)) this.#hooks.onStop(id);
  }

  /** @param {string} id of one that could not be finished */
  retry(id) {
    if (!this.#failed.delete(id)) return;
    this.#hooks.onStop(id);
    this.#advance();
  }

  /** Somebody waits for a file now, or another photo is in view. */
  hurry() {
    const next = this.#next();
    if (this.#active?.kind === 'file' && next && next.id !== this.#active.id && this.#hooks.urgency(this.#active.id) < 2) this.#giveUp();
    this.#advance();
  }

  /** @param {string} id */
  #forget(id) {
    this.#failed.delete(id);
    this.#kept = this.#kept.filter((kept) => kept !== id);
    this.#hasRoom = true;
  }

  /** @returns {import('./next-update.js').Photo[]} */
  get #photos() {
    return [...this.#jobs.values()].flatMap(({ id, result }) => (result ? { id, previewKey: result.preview.key, fileKey: result.file?.key ?? null, urgency: this.#hooks.urgency(id), hasFailed: this.#failed.has(id), wanted: this.#wantedOf(id) } : []));
  }

  #next() {
    const isIdle = this.#isIdle || (this.#hooks.isBeside?.() ?? false);
    return nextUpdate(this.#photos, { isIdle: isIdle && !(this.#hooks.isBusy?.() ?? false), hasRoom: this.#hasRoom });
  }

  #advance() {
    this.#count();
    if (this.#active || this.#timer !== undefined) return;
    const next = this.#next();
    if (next) this.#start(next);
  }

  #count() {
    const photos = this.#photos;
    const before = this.#pending;
    this.#pending = new Set(photos.filter(isFileStale).map(({ id }) => id));
    for (const id of before) if (!this.#pending.has(id)) this.#hooks.onPending(id, false);
    for (const id of this.#pending) if (!before.has(id)) this.#hooks.onPending(id, true);
    const left = photos.filter(isPreviewStale).length;
    if (left !== this.#left) this.#hooks.onCount(left);
    this.#left = left;
    if (left > 0) return;
    if (this.#done > 0) this.#hooks.onRest(this.#done);
    this.#done = 0;
  }

  /** @param {Update} update */
  #start({ kind, id }) {
    this.#active = { kind, id, job: '' };
    this.#hooks.onStart(id, kind, null);
    this.#active = { kind, id, job: this.#making.add(kind, { photo: id }) };
  }

  /** @param {Update['kind']} kind @param {string} id @param {import('./attempt.js').Watch<Progress>} watch */
  #make(kind, id, watch) {
    const job = this.#jobs.get(id);
    const wanted = this.#wantedOf(id);
    if (!job || !wanted) throw new RangeError(`nothing is wanted of ${id}`);
    return this.#hooks.make(kind, job, wanted, watch);
  }

  /** @param {import('./jobs.js').Change<R>} change of the job that makes something */
  #hear({ type, job }) {
    if (type !== 'changed' || !this.#active) return;
    const { kind, id } = this.#active;
    if (job.progress) this.#hooks.onStart(id, kind, job.progress);
    if (!isSettled(job.state)) return;
    this.#active = null;
    this.#making.remove(job.id);
    if (job.result) this.#take(kind, id, job.result);
    else this.#fail(id, job.error);
    this.#advance();
  }

  /** @param {string} id @param {unknown} error */
  #fail(id, error) {
    this.#failed.add(id);
    this.#hooks.onFail(id, error);
  }

  /** @param {Update['kind']} kind @param {string} id @param {R} result */
  #take(kind, id, result) {
    if (kind === 'preview') this.#done += 1;
    this.#put(id, result);
    if (kind === 'file') this.#keep(id);
  }

  /** @param {string} id @param {R} result */
  #put(id, result) {
    const job = this.#jobs.get(id);
    if (job) this.#jobs.set(id, { ...job, result });
    this.#hooks.onDone(id, result);
  }

  /** Files can be made again, and memory cannot. @param {string} id of a file that was made */
  #keep(id) {
    this.#kept = [...this.#kept.filter((kept) => kept !== id), id];
    let bytes = this.#kept.reduce((sum, kept) => sum + (this.#jobs.get(kept)?.result?.file?.blob.size ?? 0), 0);
    this.#hasRoom = bytes < KEPT_BYTES;
    while (bytes > KEPT_BYTES && this.#kept.length > KEPT_LEAST) {
      const result = this.#jobs.get(this.#kept[0])?.result;
      bytes -= result?.file?.blob.size ?? 0;
      if (result) this.#put(this.#kept[0], { ...result, file: null });
      this.#kept.shift();
    }
  }

  #giveUp() {
    if (!this.#active) return;
    const { id, job } = this.#active;
    this.#active = null;
    this.#making.remove(job);
    this.#hooks.onStop(id);
  }
}
