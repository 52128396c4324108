import { part } from './dom.js';
import { text } from './strings.js';

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
    this.say(text.announce.added(count));
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
    this.say(text.announce.finished(this.#finished, this.#left));
    this.#finished = [];
    this.#timer = undefined;
  }
}
