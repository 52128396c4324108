/**
 * One caller at a time, in the order they came.
 */
import { throwIfCancelled } from './errors.js';

export class Line {
  /** @type {Promise<unknown>} settles when the last one in line has ended */
  #last = Promise.resolve();

  /**
   * @template T
   * @param {AbortSignal | undefined} signal leaves the line at once; what has begun is its own business
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   * @throws {import('./errors.js').MatteboxError} `cancelled`, and what `work` throws
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
      await untilCancelled(turn, signal);
      return await work();
    } finally {
      leave();
    }
  }
}

/**
 * @param {Promise<unknown>} turn
 * @param {AbortSignal} [signal]
 * @throws {import('./errors.js').MatteboxError} `cancelled`
 */
async function untilCancelled(turn, signal) {
  throwIfCancelled(signal);
  await new Promise((resolve) => {
    turn.then(resolve);
    signal?.addEventListener('abort', resolve, { once: true });
  });
  throwIfCancelled(signal);
}
