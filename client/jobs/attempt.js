/**
 * One try at something that takes a while, and that may be given up, or be overtaken by another try, before it ends.
 *
 * Invariant: what an attempt reports counts only while it is the current one. From the moment that it is given up, overtaken or has
 * ended, its progress and its outcome are dropped.
 */

/**
 * @template P a progress event
 * @typedef {{ signal: AbortSignal, onProgress: (event: P) => void }} Watch what the work is given: when to stop, and whom to tell
 */

/**
 * @template T what the work results in
 * @template P a progress event
 * @typedef {object} Handlers called at once, and never of an attempt that is not the current one any more
 * @property {(event: P) => void} [onProgress]
 * @property {(result: T) => void} [onDone] the attempt has ended by then
 * @property {(error: unknown) => void} [onFail] the attempt has ended by then
 */

export class Attempt {
  #controller = new AbortController();
  #isCurrent = true;

  /** @param {Attempt | null} [previous] given up: this one takes its place */
  constructor(previous = null) {
    previous?.giveUp();
  }

  /** @returns {AbortSignal} aborted when the attempt is given up or overtaken, never because it ended */
  get signal() {
    return this.#controller.signal;
  }

  /** @returns {boolean} neither given up nor overtaken nor over */
  get isCurrent() {
    return this.#isCurrent;
  }

  /** Stop the work. Nothing that it still reports is handed on. */
  giveUp() {
    if (!this.#isCurrent) return;
    // Before abort(): its listeners run at once, and by then the attempt must no longer count.
    this.#isCurrent = false;
    this.#controller.abort();
  }

  /**
   * @template T, P
   * @param {(watch: Watch<P>) => Promise<T>} work may also throw at once
   * @param {Handlers<T, P>} handlers
   * @returns {Promise<void>} rejects only with what a handler throws
   */
  async run(work, { onProgress, onDone, onFail }) {
    /** @type {() => void} */
    let tell;
    try {
      const result = await work({
        signal: this.signal,
        onProgress: (event) => {
          if (this.#isCurrent) onProgress?.(event);
        },
      });
      tell = () => onDone?.(result);
    } catch (error) {
      tell = () => onFail?.(error);
    }
    if (!this.#isCurrent) return;
    this.#isCurrent = false;
    tell();
  }
}
