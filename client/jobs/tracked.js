/**
 * What is told of a job: the plain value, and what is kept beside it.
 */
import { MatteboxError } from '../shared/errors.js';
import { isUnderWay } from './kinds.js';

/** @typedef {import('./kinds.js').Job} Job */
/**
 * @template R
 * @typedef {{ input: Blob, result: R | null, own?: object | null }} Held `own`: what a person chose for it alone, can be cloned
 */
/**
 * @template R
 * @typedef {Readonly<Omit<Job, 'error'> & Held<R> & { error: MatteboxError | null }>} Tracked a job, and what is kept beside it
 */
/**
 * @template R
 * @typedef {(job: Tracked<R>, watch: import('./attempt.js').Watch<import('../shared/protocol.js').Progress>) => Promise<R>} Run
 */
/**
 * @template R
 * @typedef {{ job: Job, held: Held<R>, next: string | null }} Taken a job that was removed; `next`: id of the one that it came before
 */

/** All jobs are asked for with each change of one of them. @type {WeakMap<object, Tracked<any>>} */
const told = new WeakMap();

/**
 * @template R
 * @param {{ job: Job, held: Held<R> }} entry that is replaced where something of it changes
 * @returns {Tracked<R>} the same one each time
 */
export function tracked(entry) {
  const { job, held } = entry;
  const made = told.get(entry) ?? Object.freeze({ ...job, ...held, error: job.error && MatteboxError.fromWire(job.error) });
  told.set(entry, made);
  return made;
}

/** @param {Job} job @returns {Job} where it was under way, it waits for its turn again */
export const waiting = (job) => (isUnderWay(job.state) ? { ...known(job), state: 'queued', progress: null } : known(job));

/** @template R @param {Taken<R>} taken that is put back */
export const restored = ({ job, held, next }) => ({ key: job.id, next, value: { job: Object.freeze(waiting(job)), held } });

/** @param {unknown} thrown */
export const wireOf = (thrown) => MatteboxError.from(thrown).toWire();

/**
 * @param {Job} job
 * @param {Partial<Job>} patch what its attempt has come to
 * @returns {Partial<Job>} the same of a job that has been done before: it is done, as it was or as it is now
 */
export const outcome = ({ isAgain }, patch) => (isAgain ? { ...patch, state: 'done', isAgain: false } : patch);

/**
 * @template R
 * @param {ReadonlyMap<string, { job: Job, held: Held<R> }>} entries
 * @returns {Taken<R>[]}
 */
export function withNext(entries) {
  const order = [...entries.values()];
  return order.map((entry, i) => ({ ...entry, next: order[i + 1]?.job.id ?? null }));
}

/**
 * @template V
 * @param {ReadonlyMap<string, V>} map
 * @param {readonly { key: string, next: string | null, value: V }[]} more in their order; `next`: key of the one that it comes before, of which
 *   each has its own; the last ones are those that have none, or whose next is gone
 * @returns {Map<string, V>} with those
 */
export function inserted(map, more) {
  const values = new Map([...map, ...more.map(({ key, value }) => /** @type {[string, V]} */ ([key, value]))]);
  const isThere = (/** @type {string | null} */ next) => next !== null && values.has(next);
  const before = new Map(more.flatMap(({ key, next }) => (isThere(next) ? [[next, key]] : [])));
  const ends = [...map.keys(), ...more.flatMap(({ key, next }) => (isThere(next) ? [] : [key]))];
  return new Map(ends.flatMap((end) => {
    const run = [];
    for (let key = /** @type {string | null | undefined} */ (end); key; key = before.get(key)) run.unshift(key);
    return run.map((key) => /** @type {[string, V]} */ ([key, values.get(key)]));
  }));
}

/**
 * @param {ReadonlyMap<string, { job: Job }>} entries
 * @returns {string[]} ids of those that wait, in the order in which they are to begin
 */
export const inTurn = (entries) => [...entries.values()].map(({ job }) => job).filter(({ state }) => state === 'queued').toSorted((a, b) => a.turn - b.turn).map(({ id }) => id);

/** @param {Job} job as it was written, maybe by a version that knew no turns @returns {Job} */
const known = (job) => ({ ...job, turn: job.turn ?? 0 });
