/**
 * What is told of a job: the plain value, and what is kept beside it.
 */
import { MatteboxError } from '../shared/errors.js';

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

/**
 * @template R
 * @param {{ job: Job, held: Held<R> }} entry
 * @returns {Tracked<R>}
 */
export const tracked = ({ job, held }) => Object.freeze({ ...job, ...held, error: job.error && MatteboxError.fromWire(job.error) });

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
 * @param {string} next key of what it comes before
 * @param {string} key
 * @param {V} value
 * @returns {Map<string, V>}
 */
export const inserted = (map, next, key, value) => new Map([...map].flatMap((one) => (one[0] === next ? [/** @type {[string, V]} */ ([key, value]), one] : [one])));

/**
 * @param {ReadonlyMap<string, { job: Job }>} entries
 * @returns {string[]} ids of those that wait, in the order in which they are to begin
 */
export const inTurn = (entries) => [...entries.values()].map(({ job }) => job).filter(({ state }) => state === 'queued').toSorted((a, b) => a.turn - b.turn).map(({ id }) => id);

/** @param {Job} job as it was written, maybe by a version that knew no turns @returns {Job} */
export const known = (job) => ({ ...job, turn: job.turn ?? 0 });
