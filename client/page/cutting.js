/**
 * A photo that is cut out: what is shown of it on the way, what it comes to, and what is taken back.
 *
 * @typedef {import('./photos.js').Result} Result
 * @typedef {import('./photos.js').Job} Job
 */
import { isSettled } from '../jobs/kinds.js';
import { edited } from './edited.js';

export class Cutting {
  #engine;
  #jobs;
  #finishing;
  #onEarly;
  #kind;

  /**
   * @param {Pick<typeof import('../api.js'), 'closeDocument'>} engine
   * @param {import('../jobs/jobs.js').Jobs<any>} jobs
   * @param {import('./finish-controller.js').FinishController} finishing
   * @param {string} kind of the jobs
   * @param {(id: string, preview: Result['preview']) => void} onEarly a photo can be shown before it is cut out
   */
  constructor(engine, jobs, finishing, kind, onEarly) {
    this.#engine = engine;
    this.#jobs = jobs;
    this.#finishing = finishing;
    this.#kind = kind;
    this.#onEarly = onEarly;
  }

  /**
   * @param {Job} job
   * @param {import('./finisher.js').CutOptions} options
   * @returns {Promise<Result>}
   */
  async cut(job, options) {
    const result = await this.#finishing.cut(job, { ...options, next: () => this.#next() }, {
      // What there is of one that is cut out once more is shown until all of the other is there.
      onEarly: (preview) => { if (!job.isAgain) this.#onEarly(job.id, preview); },
      onPreview: (early) => this.#jobs.amend(job.id, early),
      onWithdraw: (error, made) => this.#withdraw(job.id, error, made),
      isLast: () => this.#jobs.of(this.#kind).every((one) => one.id === job.id || isSettled(one.state)),
    });
    const edits = job.result?.document.edits ?? [];
    return edits.length > 0 ? edited(result, edits) : result;
  }

  /** @returns {{ blob: Blob, reduce: boolean } | null} the photo whose turn comes after those that are under way */
  #next() {
    const [next] = this.#jobs.of(this.#kind).filter(({ state }) => state === 'queued').toSorted((a, b) => a.turn - b.turn);
    return next ? { blob: next.input, reduce: next.reduce } : null;
  }

  /**
   * @param {string} id
   * @param {unknown} error why what came of it must not be used any more
   * @param {Result | null} made what came of it; null where that is still on its way
   */
  #withdraw(id, error, made) {
    const job = this.#jobs.find(this.#kind, id);
    // Done once more since, it has another document.
    if (made && job?.result?.document.id !== made.document.id) return;
    if (job?.result) this.#engine.closeDocument(job.result.document).catch(() => {});
    this.#jobs.withdraw(id, error);
  }
}
