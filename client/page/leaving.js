/**
 * Asks before the page is left with results that are neither kept on this device nor downloaded. The words of the question are the browser's.
 *
 * @typedef {Pick<import('./photos.js').Job, 'id' | 'state' | 'isAgain' | 'result'>} Job
 */

/** @param {Job} job @returns {string | null} which document of it there is, null for none */
const versionOf = ({ result }) => (result ? `${result.document.id}.${result.document.revision}` : null);

export class Leaving {
  /** What was downloaded of each. @type {Map<string, string>} */
  #downloaded = new Map();
  #jobs;
  #isKept;
  #isArmed = false;

  /** @param {() => Job[]} jobs all there are @param {(id: string) => boolean} isKept it comes back by itself */
  constructor(jobs, isKept) {
    this.#jobs = jobs;
    this.#isKept = isKept;
  }

  /** @param {string} id of a photo whose file has been downloaded */
  downloaded(id) {
    const job = this.#jobs().find((one) => one.id === id);
    if (job) this.#downloaded.set(id, versionOf(job) ?? '');
  }

  /** Photos have become others. A page that asks is not held by browsers to be gone back to, so only one that may have to ask listens. */
  follow() {
    const isNeeded = this.#jobs().some(({ result }) => result !== null);
    if (isNeeded === this.#isArmed) return;
    this.#isArmed = isNeeded;
    if (isNeeded) addEventListener('beforeunload', this.#ask);
    else removeEventListener('beforeunload', this.#ask);
  }

  /** @returns {boolean} something would be lost */
  get isUnsaved() {
    return this.#jobs().some((job) => (job.state === 'done' || job.isAgain) && this.#downloaded.get(job.id) !== versionOf(job) && !this.#isKept(job.id));
  }

  /** @param {Event} event */
  #ask = (event) => {
    if (this.isUnsaved) event.preventDefault();
  };
}
