/**
 * One caller at a time, in the order they came.
 */
import { MatteboxError } from '../shared/errors.js';

export class Lane {
  /** @type {Promise<unknown>} settles when the last one in line has ended */
  #last = Promise.resolve();

  /** @returns {Promise<void>} resolves once nobody is in line */
  async idle() {
    for (let last; last !== this.#last;) {
      last = this.#last;
      await last;
    }
  }

  /**
   * @template T
   * @param {AbortSignal | undefined} signal leaves the line at once; what has begun is its own business
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   * @throws {import('../shared/errors.js').MatteboxError} `cancelled`, and what `work` throws
   */
  async enter(signal, work) {
    const turn = this.#last;
    /** @type {(value?: unknown) => void} */
    let leave = () => {};
    const mine = new Promise((resolve) => {
      leave = resolve;
    });
    this.#last = turn.then(() => mine);
    try {
      await orCancelled(turn, signal);
      return await work();
    } finally {
      leave();
    }
  }
}

/**
 * Wait for something that goes on without us, but no longer than until the signal is aborted.
 * @template T
 * @param {Promise<T>} awaited
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 * @throws {import('../shared/errors.js').MatteboxError} `cancelled`, and what was awaited throws
 */
export function orCancelled(awaited, signal) {
  /** @type {Promise<never>} */
  const cancelled = new Promise((_, reject) => {
    const stop = () => reject(new MatteboxError('cancelled'));
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([cancelled, awaited]);
}
