/**
 * How fast a download is and how long it still takes, steady enough to read: a running average whose
 * memory fades within seconds, so that one burst neither doubles the rate nor halves the time left.
 *
 * @typedef {object} Pace
 * @property {number} at when this was known, ms
 * @property {number} loaded bytes then
 * @property {number} movedAt when a byte last arrived, ms
 * @property {number} bytes of the average, older ones counting less
 * @property {number} ms of the average, older ones counting less
 */

/** A burst is a twentieth of its weight after three times this. */
const MEMORY_MS = 4000;
/** Less than this says nothing yet. */
const ENOUGH_MS = 1000;
/** Longer than a segment that is fetched again, shorter than a person's patience. */
const STALL_MS = 5000;

/**
 * @param {number} at ms, on any clock that only goes forward
 * @param {number} loaded bytes that were here before: they say nothing about the rate
 * @returns {Pace}
 */
export const startPace = (at, loaded) => ({ at, loaded, movedAt: at, bytes: 0, ms: 0 });

/**
 * @param {Pace} pace
 * @param {number} at
 * @param {number} loaded
 * @returns {Pace}
 */
export function followPace(pace, at, loaded) {
  const elapsed = at - pace.at;
  if (elapsed <= 0) return pace;
  const kept = Math.exp(-elapsed / MEMORY_MS);
  // Less than before: a segment failed its check and is fetched again.
  const news = Math.max(0, loaded - pace.loaded);
  return { at, loaded, movedAt: news > 0 ? at : pace.movedAt, bytes: pace.bytes * kept + news, ms: pace.ms * kept + elapsed };
}

/**
 * @param {Pace} pace
 * @param {number} total bytes
 * @returns {{ rate: number | null, remainingMs: number | null, isStalled: boolean }} `rate` in bytes per second;
 *   null while nothing is known
 */
export function readPace(pace, total) {
  const isStalled = pace.at - pace.movedAt >= STALL_MS;
  if (isStalled || pace.ms < ENOUGH_MS || pace.bytes <= 0) return { rate: null, remainingMs: null, isStalled };
  const perMs = pace.bytes / pace.ms;
  return { rate: perMs * 1000, remainingMs: Math.max(0, total - pace.loaded) / perMs, isStalled };
}
