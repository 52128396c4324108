/**
 * Photos that are made once more, in their cards. What they were can be brought back, while they wait and afterwards.
 *
 * @typedef {import('../ui/job-card.js').Result} Result
 * @typedef {import('./photos.js').Job} Job
 * @typedef {{ before: Map<string, Result>, left: Set<string> }} Batch what its photos were, and those that are not settled
 */
import { isSettled } from '../jobs/kinds.js';
import { t } from '../messages/later.js';
import { isKept } from '../ui/redo.js';

export class Redoing {
  /** @type {Set<Batch>} */
  #batches = new Set();
  #jobs;
  #hooks;

  /**
   * @param {import('../jobs/jobs.js').Jobs<any>} jobs
   * @param {{ find: (id: string) => Job | undefined, offer: (step: import('./undo.js').Step) => void }} hooks
   */
  constructor(jobs, hooks) {
    this.#jobs = jobs;
    this.#hooks = hooks;
  }

  /**
   * Photos once more, with what is chosen now, also where no model was needed. Those that failed or were cancelled are tried again.
   * @param {readonly string[]} ids
   * @param {boolean} [isInTurn] in the order of `ids`, and after photos that have not been cut out yet; otherwise in the order of the page
   * @returns {boolean} whether one of them is
   */
  redo(ids, isInTurn = false) {
    const jobs = ids.flatMap((id) => this.#hooks.find(id) ?? []).filter(({ state }) => isSettled(state));
    const done = jobs.filter(({ state }) => state === 'done');
    /** @type {Batch} */
    const batch = { before: new Map(done.map(({ id, result }) => [id, /** @type {Result} */ (result)])), left: new Set(done.map(({ id }) => id)) };
    if (done.length > 0) {
      this.#batches.add(batch);
      this.#offer(batch, t('jobs.redoing', { count: done.length }));
    }
    for (const [place, { id, state, result, ownAlpha }] of jobs.entries()) {
      if (state === 'done') this.#jobs.redo(id, { ownAlpha: isKept(result) ? 'ignore' : ownAlpha }, isInTurn ? place + 1 : 0);
      else this.#jobs.retry(id);
    }
    return jobs.length > 0;
  }

  /** @param {string} id of a photo that is settled, or gone */
  settled(id) {
    for (const batch of this.#batches) {
      if (!batch.left.delete(id) || batch.left.size > 0) continue;
      this.#batches.delete(batch);
      const others = [...batch.before].filter(([one, result]) => isOther(this.#hooks.find(one), result));
      if (others.length > 0) this.#offer({ ...batch, before: new Map(others) }, t('jobs.redone', { count: others.length }), batch);
    }
  }

  /** @param {Batch} batch @param {string} words @param {object} [about] */
  #offer(batch, words, about = batch) {
    this.#hooks.offer({ words, about, undo: () => this.#bringBack(batch) });
  }

  /** @param {Batch} batch */
  #bringBack({ before }) {
    for (const [id, result] of before) {
      this.#jobs.cancel(id);
      if (isOther(this.#hooks.find(id), result)) this.#jobs.amend(id, result);
    }
  }
}

/** @param {Job | undefined} job @param {Result} before @returns {boolean} it is of another run now */
const isOther = (job, before) => job?.state === 'done' && job.result?.document.id !== before.document.id;
