/**
 * When cards are drawn: a new state or result at once, progress within a state at most once per frame.
 *
 * @typedef {import('./photos.js').Job} Job
 */
export class Drawing {
  #list;
  /** Progress that has not been drawn yet, with the job as it was when last drawn. @type {Map<string, { job: Job, previous: Job }>} */
  #undrawn = new Map();

  /** @param {import('../ui/job-list.js').JobList} list */
  constructor(list) {
    this.#list = list;
  }

  /** @param {Job} job @param {Job} previous */
  draw(job, previous) {
    const drawn = this.#undrawn.get(job.id)?.previous ?? previous;
    if (job.state !== previous.state || job.result !== previous.result) {
      this.#undrawn.delete(job.id);
      this.#list.update(job, drawn);
      return;
    }
    if (this.#undrawn.size === 0) requestAnimationFrame(() => this.#drawPending());
    this.#undrawn.set(job.id, { job, previous: drawn });
  }

  /** @param {string} id of one that is gone */
  drop(id) {
    this.#undrawn.delete(id);
  }

  #drawPending() {
    for (const { job, previous } of this.#undrawn.values()) this.#list.update(job, previous);
    this.#undrawn.clear();
  }
}
