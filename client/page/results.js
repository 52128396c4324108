/**
 * What photos come to after they were cut out: by a person's edits, and as they are finished.
 *
 * @typedef {import('../ui/job-card.js').Result} Result
 * @typedef {import('./photos.js').Job} Job
 */
import { isSettled } from '../jobs/kinds.js';
import { t } from '../messages/work.js';
import { edited } from './edited.js';

export class Results {
  #jobs;
  #find;

  /** @param {import('../jobs/jobs.js').Jobs<any>} jobs @param {(id: string) => Job | undefined} find */
  constructor(jobs, find) {
    this.#jobs = jobs;
    this.#find = find;
  }

  /** @param {string} id of a photo that is done @param {import('../document/document.js').Document['edits']} edits of its matte, by a person: all that hold now */
  edit(id, edits) {
    const before = this.#find(id)?.result;
    if (before) this.#jobs.amend(id, edited(before, edits));
  }

  /** @param {string} id @param {Result} result made of a document that may be another one by now */
  finish(id, result) {
    if (this.#find(id)?.result?.document === result.document) this.#jobs.amend(id, result);
  }
}

/**
 * @param {import('../ui/announcer.js').Announcer} announcer
 * @param {Job} job that is settled
 * @param {Job} previous as it was under way
 * @param {Job[]} all
 */
export function sayOutcome(announcer, job, { isAgain, result }, all) {
  if (isAgain && job.result === result) announcer.say(t(job.error ? 'job.redo.failed' : 'job.redo.cancelled', { name: job.name }));
  else if (job.state === 'done') announcer.finished(job.name, all.filter(({ state }) => !isSettled(state)).length);
}
