/** Photos that are kept on this device: what the page does with them, and says of them. */
import { t } from '../../messages/work.js';
import { LocalEntry } from '../../shared/local-store.js';
import { KeptLine } from '../../ui/kept-line.js';
import { Keeping } from './keeping.js';
import { PhotoStore } from './photo-store.js';

/** @typedef {import('./keeping.js').Term} Term */

/** @type {readonly Term[]} */
const TERMS = ['days', 'session', 'never'];
/** Until pictures that are there have been drawn. */
const SEEN_MS = 500;
/** What a person chose, over what the operator set. */
const chosen = new LocalEntry('keep-photos');

/** @returns {Term} */
function termHere() {
  const preset = document.querySelector('meta[name="mattebox-keep"]')?.getAttribute('content');
  const known = [chosen.read(), preset].find((one) => TERMS.includes(/** @type {Term} */ (one)));
  return /** @type {Term} */ (known ?? 'never');
}

export class KeptPhotos {
  #jobs;
  #kind;
  #keeping;
  #line;
  #hooks;
  /** @type {import('../../ui/kept-line.js').Status | null} */
  #status = null;

  /**
   * @param {import('../../jobs/jobs.js').Jobs<any>} jobs
   * @param {string} kind of those that are photos
   * @param {object} hooks
   * @param {(words: string) => void} hooks.onSay to be heard
   * @param {(step: import('../undo.js').Step) => void} hooks.offer to take something back
   * @param {(ground: import('../../finish/choices.js').Ground) => void} hooks.onGround what photos stood on
   * @param {() => void} hooks.onBack photos that were brought back have been seen; there may be none
   */
  constructor(jobs, kind, hooks) {
    this.#jobs = jobs;
    this.#kind = kind;
    this.#keeping = new Keeping(new PhotoStore(), termHere(), (status) => {
      this.#status = status;
      this.#show();
    });
    this.#line = new KeptLine({
      onClear: () => void this.#clear(),
      onResume: () => this.#keeping.resume(this.#all),
      onTerm: (term) => {
        chosen.write(term);
        void this.#keeping.choose(term, this.#all);
      },
    });
    this.#hooks = hooks;
    // Meanwhile what shows them is loaded.
    void this.#keeping.read();
  }

  get #all() {
    return this.#jobs.of(this.#kind);
  }

  /** Bring back what is kept. @returns {Promise<number>} how many photos */
  async start() {
    let count = 0;
    const early = this.#all;
    // Others may come while these do, and a download is a job as well.
    const isTaken = (/** @type {string} */ id) => this.#jobs.toJSON().some((job) => job.id === id);
    const rename = (/** @type {string} */ id) => {
      let free = id;
      for (let n = 1; isTaken(free); n++) free = `job-${n}`;
      return free;
    };
    await this.#keeping.start((job, held) => {
      count += 1;
      this.#jobs.restore(job, held);
    }, rename, this.#hooks.onGround);
    // Those that came before this was loaded.
    const now = new Map(this.#all.map((job) => [job.id, job]));
    for (const { id } of early) {
      const job = now.get(id);
      if (job) this.#keeping.follow({ type: 'added', job, next: null });
    }
    if (count > 0) this.#hooks.onSay(t('kept.back', { count }));
    setTimeout(() => this.#hooks.onBack(), count > 0 ? SEEN_MS : 0);
    return count;
  }

  /** @param {import('../../finish/choices.js').Ground | null} ground that photos stand on, but for those with choices of their own */
  stand(ground) {
    this.#keeping.stand(ground);
  }

  /** What is on the device goes at once, whatever can be taken back: that would be from what is on the page. */
  async #clear() {
    await this.#keeping.clear();
    const { isCleared, trouble } = this.#status ?? {};
    if (isCleared && !trouble) this.#hooks.offer({ words: t('kept.cleared.now'), undo: () => this.#keeping.resume(this.#all) });
  }

  /** @param {string} id of a photo @returns {boolean} it comes back by itself, as it is now */
  isKept(id) {
    return this.#keeping.isKept(id);
  }

  /** @param {import('./keeping.js').Change} change @param {boolean} [isHeld] what was removed can be put back */
  follow(change, isHeld) {
    this.#keeping.follow(change, isHeld);
    if (change.type !== 'changed') this.#show();
  }

  #show() {
    if (this.#status) this.#line.show(this.#status, this.#all.length);
  }
}
