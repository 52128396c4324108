/**
 * One thing at a time for a worker that does one thing at a time: what is urgent does not wait for all that was asked before it.
 */
export class Turns {
  /** @type {(() => Promise<void>)[]} */
  #urgent = [];
  /** @type {(() => Promise<void>)[]} */
  #patient = [];
  #isBusy = false;

  /** @returns {boolean} something is being done, or waits for its turn */
  get isBusy() {
    return this.#isBusy;
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @param {{ isUrgent?: boolean }} [how] in the order in which it came, within its kind
   * @returns {Promise<T>}
   */
  enter(work, { isUrgent = false } = {}) {
    return new Promise((resolve, reject) => {
      (isUrgent ? this.#urgent : this.#patient).push(() => work().then(resolve, reject));
      void this.#advance();
    });
  }

  async #advance() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let next = this.#next(); next; next = this.#next()) await next();
    this.#isBusy = false;
  }

  #next() {
    return this.#urgent.shift() ?? this.#patient.shift();
  }
}
