/**
 * What is told of a job: the plain value, and what is kept beside it.
 */
import { MatteboxError } from '../shared/errors.js';

/** @typedef {import('./kinds.js').Job} Job */
/**
 * @template R
 * @typedef {{ input: Blob, result: R | null }} Held
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
