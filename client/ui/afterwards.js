/** What nobody waits for, done a little at a time, so that the page answers in between. */

/** Of what a task may take before it is felt, 50 ms. */
const SLICE_MS = 10;

export class Afterwards {
  /** @type {(() => void)[]} in the order they came */
  #left = [];
  #isDue = false;
  #given;

  /** @param {{ now: () => number, later: (work: () => void) => void }} [given] ms, and what comes back once others have had their turn */
  constructor(given = { now: () => performance.now(), later: (work) => void setTimeout(work) }) {
    this.#given = given;
  }

  /** @param {() => void} work that does not throw */
  add(work) {
    this.#left.push(work);
    this.#wait();
  }

  #wait() {
    if (this.#isDue || this.#left.length === 0) return;
    this.#isDue = true;
    this.#given.later(() => this.#go());
  }

  #go() {
    const until = this.#given.now() + SLICE_MS;
    let done = 0;
    do {
      this.#left[done]();
      done += 1;
    } while (done < this.#left.length && this.#given.now() < until);
    this.#left.splice(0, done);
    this.#isDue = false;
    this.#wait();
  }
}
