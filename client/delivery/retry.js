/**
 * Trying again: how often, how long to wait, and for what it is worth it.
 */
import { MatteboxError, throwIfCancelled } from '../shared/errors.js';

/**
 * Waits between tries, in ms. A connection that is gone may be back in seconds (a train tunnel, a server restart); an
 * answer that is wrong three times over will stay wrong.
 */
const WAITS = {
  network: [500, 1000, 2000, 4000, 8000],
  'http-status': [500, 1500, 4500],
  'length-mismatch': [300, 1200],
  'range-mismatch': [300, 1200],
  'model-corrupt': [300, 1200],
  // A page in place of a file may have been a slip; a gate stays closed until somebody opens it.
  'signed-out': [300],
};

/** The longest a server may send us away for (Retry-After); a person would rather be told. */
const LONGEST_WAIT_MS = 30_000;

/**
 * @template T
 * @param {AbortSignal} signal
 * @param {(isFirst: boolean) => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {MatteboxError} the last one, or `cancelled`; anything else that `work` throws ends the trying at once
 */
export async function retrying(signal, work) {
  /** @type {Record<string, number>} how often each kind of failure has happened */
  const failures = {};
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await work(isFirst);
    } catch (thrown) {
      throwIfCancelled(signal);
      if (!(thrown instanceof MatteboxError)) throw thrown;
      const count = failures[thrown.code] ?? 0;
      failures[thrown.code] = count + 1;
      const wait = isPassing(thrown) ? WAITS[/** @type {keyof typeof WAITS} */ (thrown.code)]?.[count] : undefined;
      if (wait === undefined) throw thrown;
      await pause(Math.max(jittered(wait), Number(thrown.details.retryAfterMs ?? 0)), signal);
    }
  }
}

/** @param {MatteboxError} error */
function isPassing({ code, details }) {
  if (details.reason === 'policy') return false;
  if (code !== 'http-status') return true;
  if (Number(details.retryAfterMs ?? 0) > LONGEST_WAIT_MS) return false;
  return Number(details.status) >= 500 || details.status === 429 || details.status === 408;
}

/**
 * Many browsers cut off by one restart must not come back in one instant.
 * @param {number} ms
 */
function jittered(ms) {
  return ms * (0.75 + Math.random() / 2);
}

/**
 * @param {string | null} header Retry-After: seconds or a date (RFC 9110, 10.2.3)
 * @returns {number | undefined} ms from now
 */
export function retryAfter(header) {
  if (!header) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return ms > 0 ? ms : undefined;
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 * @throws {MatteboxError} `cancelled`
 */
async function pause(ms, signal) {
  await new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true });
  });
  throwIfCancelled(signal);
}
