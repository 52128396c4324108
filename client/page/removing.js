/**
 * Photos that a person removed. They are held whole, with document and files, until it cannot be taken back any more.
 *
 * @typedef {import('./photos.js').Job} Job
 */
import { tracked } from '../jobs/tracked.js';
import { t } from '../messages/work.js';

export class Removing {
  /** @type {Set<string>} */
  #held = new Set();
  #jobs;
  #hooks;

  /**
   * @param {import('../jobs/jobs.js').Jobs<any>} jobs
   * @param {{ offer: (step: import('./undo.js').Step) => void, onBack: () => void, onForget: (job: Job) => void }} hooks `onBack`: photos are there again;
   *   `onForget`: one is gone for good
   */
  constructor(jobs, hooks) {
    this.#jobs = jobs;
    this.#hooks = hooks;
  }

  /** @param {string} id @returns {boolean} it was removed, and can be put back */
  isHeld(id) {
    return this.#held.has(id);
  }

  /** @param {readonly string[]} ids */
  remove(ids) {
    for (const id of ids) this.#held.add(id);
    const taken = this.#jobs.take(ids);
    const letGo = () => {
      for (const { job } of taken) this.#held.delete(job.id);
    };
    if (taken.length === 0) return;
    this.#hooks.offer({
      words: taken.length === 1 ? t('job.removed', { name: taken[0].job.name }) : t('jobs.removed', { count: taken.length }),
      undo: () => {
        letGo();
        this.#jobs.putBack(taken);
        this.#hooks.onBack();
      },
      forget: () => {
        letGo();
        for (const entry of taken) this.#hooks.onForget(tracked(entry));
      },
    });
  }
}
