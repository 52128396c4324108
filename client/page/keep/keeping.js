/**
 * Keeps the photos of this page on this device, as they are made, and brings them back. Nobody waits for it, and it never rejects: what
 * cannot be kept is told in words.
 *
 * @typedef {import('../../ui/job-card.js').Result} Result
 * @typedef {import('../../jobs/jobs.js').Tracked<Result>} Job
 * @typedef {import('../../jobs/jobs.js').Change<Result>} Change
 * @typedef {import('./tables.js').Trouble} Trouble
 * @typedef {'days' | 'session' | 'never'} Term for how long: until this page has been closed for a day, until its tab is closed, not at all
 * @typedef {import('../../finish/choices.js').Ground} Ground
 * @typedef {{ term: Term, count: number, bytes: number, trouble: Trouble | null, isCleared: boolean }} Status of what is kept; `bytes` of the photos' files, mattes and previews
 *
 * @typedef {object} Value what is kept of a photo beside its file
 * @property {Omit<import('../../jobs/kinds.js').Job, 'progress'>} job
 * @property {Omit<Result, 'file'> | null} result its document's file is empty
 * @property {object | null} [own] what a person chose for it alone
 * @property {boolean} [isRemoved] it was removed, and is only there to be put back
 */
import { MatteboxError } from '../../shared/errors.js';
import { isUnderWay } from '../../jobs/kinds.js';
import { KeptGround } from './kept-ground.js';
import { bytesOf, lasting } from './lasting.js';

/** @type {Record<Term, number | null>} */
const LASTING_MS = { days: 86_400_000, session: 0, never: null };
/** As long as a page is open, it is told so often that it still is. */
const TOUCH_MS = 600_000;
/** How long photos are brought back before the page may draw. */
const SLICE_MS = 12;

export class Keeping {
  #store;
  #term;
  #onStatus;
  /** By job. @type {Map<string, { key: import('./tables.js').Key, bytes: number }>} */
  #kept = new Map();
  /** As they are now, of those that changed since they were written. @type {Map<string, Job>} */
  #due = new Map();
  /** Those that were removed and can be put back: they do not come back by themselves. @type {Set<string>} */
  #removed = new Set();
  #ground;
  /** @type {Promise<import('./tables.js').Kept[]> | null} */
  #reading = null;
  #isOpen = false;
  #isWriting = false;
  /** The one that is being written. */
  #current = '';
  /** @type {Trouble | null} */
  #trouble = null;
  #isCleared = false;

  /**
   * @param {import('./photo-store.js').PhotoStore} store
   * @param {Term} term
   * @param {(status: Status) => void} onStatus
   */
  constructor(store, term, onStatus) {
    this.#store = store;
    this.#term = term;
    this.#onStatus = onStatus;
    this.#ground = new KeptGround(store);
  }

  /** @returns {Promise<import('./tables.js').Kept[]>} what is kept, read once */
  read() {
    this.#reading ??= this.#try(() => this.#store.open(LASTING_MS[this.#term]), []);
    return this.#reading;
  }

  /**
   * @param {(job: import('../../jobs/kinds.js').Job, held: { input: Blob, result: Result | null, own: object | null }) => void} bring back a photo; called in the order they
   *   were added, with the ids that they had
   * @param {(id: string) => string} rename an id that is another photo's by now
   * @param {(ground: Ground) => void} stand what they stood on; called before they come
   */
  async start(bring, rename, stand) {
    const kept = await this.read();
    if (kept.length > 0) this.#ground.read(stand);
    let until = performance.now() + SLICE_MS;
    for (const { key, value, file } of kept) {
      if (performance.now() > until) {
        // Of hundreds, a few at a time: the page may draw.
        await new Promise((resolve) => { setTimeout(resolve); });
        until = performance.now() + SLICE_MS;
      }
      const { job, result, own = null, isRemoved } = /** @type {Value} */ (value);
      if (isRemoved) {
        await this.#try(() => this.#store.remove(key), undefined);
        continue;
      }
      const id = rename(job.id);
      this.#kept.set(id, { key, bytes: bytesOf(file, result) });
      bring({ ...job, id, progress: null }, { input: file, result: result && { ...result, document: { ...result.document, file }, file: null }, own });
    }
    this.#isOpen = true;
    void this.#write();
    setInterval(() => void this.#touch(), TOUCH_MS);
    addEventListener('pagehide', () => void this.#touch());
  }

  /** @param {Ground | null} ground that photos stand on from now on, but for those with choices of their own */
  stand(ground) {
    if (this.#ground.choose(ground) && !this.#isOff) void this.#write();
  }

  /** @param {Change} change of a photo @param {boolean} [isHeld] one that was removed can be put back for a while */
  follow(change, isHeld = false) {
    const { type, job } = change;
    if (this.#isOff) return;
    if (type === 'removed' && isHeld) {
      this.#mark(job);
    } else if (type === 'removed') {
      this.#removed.delete(job.id);
      this.#due.delete(job.id);
      if (this.#current === job.id) this.#current = '';
      else void this.#drop(job.id);
    } else if (change.type === 'changed' ? isOther(job, change.previous) 
      : this.#removed.delete(job.id) || !this.#kept.has(job.id)) {
      this.#due.set(job.id, job);
      void this.#write();
    }
  }

  /** @param {Job} job that can be put back: what is there of it stays until then, and does not come back otherwise */
  #mark(job) {
    this.#due.delete(job.id);
    if (!this.#kept.has(job.id) && this.#current !== job.id) return;
    this.#removed.add(job.id);
    this.#due.set(job.id, job);
    void this.#write();
  }

  /** @param {string} id @returns {boolean} it comes back by itself, as it is now */
  isKept(id) {
    return !this.#isOff && this.#kept.has(id) && !this.#removed.has(id) && this.#current !== id && !this.#due.has(id);
  }

  /** Remove what is kept, now, and keep nothing more of what is there. */
  async clear() {
    this.#isCleared = true;
    this.#trouble = null;
    this.#due.clear();
    await this.#try(() => this.#store.clear(), undefined);
    this.#removed.clear();
    if (this.#trouble === null) this.#kept.clear();
    this.#tell();
  }

  /** @param {Term} term from now on @param {readonly Job[]} jobs all there are */
  async choose(term, jobs) {
    if (term === this.#term) return;
    if (term === 'never') await this.clear();
    this.#term = term;
    this.resume(jobs);
  }

  /** Keep photos after all. @param {readonly Job[]} jobs all there are */
  resume(jobs) {
    this.#isCleared = false;
    this.#trouble = null;
    for (const job of jobs) this.#due.set(job.id, job);
    this.#ground.writeAgain();
    void this.#write();
  }

  get #isOff() {
    return this.#term === 'never' || this.#isCleared || this.#trouble !== null;
  }

  async #write() {
    if (this.#isWriting || !this.#isOpen) return;
    this.#isWriting = true;
    for (let [next] = this.#due.values(); next && !this.#isOff; [next] = this.#due.values()) {
      this.#due.delete(next.id);
      await this.#put(next);
    }
    // Without photos it is nothing to come back to.
    if (this.#kept.size > 0 && !this.#isOff) await this.#try(() => this.#ground.write(), undefined);
    this.#isWriting = false;
    this.#tell();
  }

  /** @param {Job} job */
  async #put({ input, result, own, error, progress: _, ...facts }) {
    const known = this.#kept.get(facts.id);
    const key = known?.key ?? this.#store.newKey();
    this.#current = facts.id;
    const bytes = await this.#try(async () => {
      const kept = result && (await lasting(result));
      // Cleared or removed meanwhile.
      if (this.#isOff || this.#current === '') return null;
      /** @type {Value} */
      const value = { job: { ...facts, error: error && error.toWire() }, result: kept, own: own ?? null, ...(this.#removed.has(facts.id) ? { isRemoved: true } : {}) };
      await this.#store.put(key, value, known ? null : input);
      return bytesOf(input, kept);
    }, null);
    if (bytes !== null) this.#kept.set(facts.id, { key, bytes });
    // It was removed meanwhile.
    if (this.#current === '') await this.#drop(facts.id);
    this.#current = '';
  }

  /** @param {string} id */
  async #drop(id) {
    const known = this.#kept.get(id);
    if (!known) return;
    this.#kept.delete(id);
    await this.#try(() => this.#store.remove(known.key), undefined);
    if (this.#kept.size === 0) await this.#try(() => this.#ground.drop(), undefined);
    this.#tell();
  }

  async #touch() {
    if (!this.#isOff) await this.#try(() => this.#store.touch(), undefined);
  }

  #tell() {
    const there = [...this.#kept].filter(([id]) => !this.#removed.has(id));
    const bytes = there.reduce((sum, [, { bytes: size }]) => sum + size, 0);
    this.#onStatus({ term: this.#term, count: there.length, bytes, trouble: this.#trouble, isCleared: this.#isCleared });
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @param {T} otherwise
   */
  async #try(work, otherwise) {
    try {
      return await work();
    } catch (thrown) {
      this.#trouble = /** @type {Trouble} */ (MatteboxError.from(thrown).details.reason ?? 'storage-failed');
      return otherwise;
    }
  }
}

/** @param {Job} job @param {Job} previous @returns {boolean} whether it comes back as another: not for progress, nor for a file that can be made again */
function isOther(job, previous) {
  const [now, before] = [job, previous].map(({ result, state }) => ({ document: result?.document, preview: result?.preview, state: isUnderWay(state) ? 'queued' : state }));
  return now.document !== before.document || now.preview !== before.preview || now.state !== before.state || job.reduce !== previous.reduce || job.mark !== previous.mark || job.head !== previous.head || job.own !== previous.own;
}
