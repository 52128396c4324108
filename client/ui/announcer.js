import { sentences } from '../messages/format.js';
import { t } from '../messages/index.js';
import { part } from './dom.js';

/** Long enough that a batch of quick photos is one sentence, short enough to be news. */
const GATHER_MS = 1200;

/** Tells a screen reader what finished, gathered so that fifty photos are not fifty interruptions. */
export class Announcer {
  #status = part(document, 'status', HTMLElement);
  /** @type {string[]} */
  #finished = [];
  #left = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {number} count */
  added(count) {
    this.say(t('arrival.added', { count }));
  }

  /** @param {string} words at once */
  say(words) {
    this.#status.textContent = words;
  }

  /**
   * @param {string} name
   * @param {number} left jobs that are not settled yet
   */
  finished(name, left) {
    this.#finished.push(name);
    this.#left = left;
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#speak(), GATHER_MS);
  }

  #speak() {
    const [name] = this.#finished;
    const count = this.#finished.length;
    const ready = count === 1 ? t('job.ready', { name }) : t('job.ready.many', { count });
    this.say(sentences(ready, this.#left > 0 && t('job.to-go', { count: this.#left })));
    this.#finished = [];
    this.#timer = undefined;
  }
}
