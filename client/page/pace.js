/**
 * How long photos take, learned from those that are done, and how long the rest of them will. Pure.
 *
 * @typedef {Readonly<{ since: number | null, times: readonly number[] }>} Pace `since`: when the photo that is under way began, ms on any clock that only goes
 *   forward; null where none is. `times`: of the latest that are done, ms
 */

/** @type {Pace} */
export const NO_PACE = Object.freeze({ since: null, times: Object.freeze([]) });

/** Of fewer nothing is said: one alone may be the only large one. */
const LEAST = 2;
/** Photos of another kind may come: what was long ago says less. */
const MOST = 9;

/**
 * @param {Pace} pace
 * @param {number} at
 * @param {string} state of the photo: until a first one is done, `loading` is the model's time, and no photo's
 * @returns {Pace}
 */
export const begun = (pace, at, state) => (pace.since !== null || (state === 'loading' && pace.times.length === 0) ? pace : { ...pace, since: at });

/** @param {Pace} pace @param {number} at @param {boolean} isDone one that failed or was cancelled says nothing of the others @returns {Pace} */
export function ended({ since, times }, at, isDone) {
  return { since: null, times: isDone && since !== null ? [...times, at - since].slice(-MOST) : times };
}

/**
 * @param {Pace} pace
 * @param {number} count of photos that are not settled, with the one that is under way
 * @param {number} at
 * @returns {number | null} ms until all are; null while nothing is known
 */
export function remainingMs({ since, times }, count, at) {
  if (times.length < LEAST || count === 0) return null;
  const typical = median(times);
  // One that takes longer than the others does not make the rest any quicker.
  return typical * count - (since === null ? 0 : Math.min(at - since, typical));
}

/** One photo that met a busy machine, or a cold model, changes nothing. @param {readonly number[]} values at least one */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
