/** Has the engine started ahead of the first photo, when the page has nothing better to do. */
export class WarmUp {
  /** @type {AbortController | null} */
  #attempt = null;
  #work;

  /** @param {(signal: AbortSignal) => Promise<void>} work */
  constructor(work) {
    this.#work = work;
  }

  /** @param {number} [ms] not before */
  soon(ms = 0) {
    this.cancel();
    const attempt = new AbortController();
    this.#attempt = attempt;
    setTimeout(() => whenIdle(() => {
      if (!attempt.signal.aborted) void this.#work(attempt.signal);
    }), ms);
  }

  cancel() {
    this.#attempt?.abort();
    this.#attempt = null;
  }
}

/** @param {() => void} work */
function whenIdle(work) {
  // Safari has no requestIdleCallback.
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work, 200);
}
