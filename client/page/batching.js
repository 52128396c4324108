/**
 * Many photos at once: how far they are and how long they will still take, holding them and going on, giving up the rest, and what failed.
 *
 * @typedef {import('./photos.js').Job} Job
 */
import { isSettled, isUnderWay } from '../jobs/kinds.js';
import { withWords } from '../messages/index.js';
import { t } from '../messages/work.js';
import { BatchBar } from '../ui/batch-bar.js';
import { loadStyle } from '../ui/load-style.js';
import { Lazy } from './lazy.js';
import { begun, ended, NO_PACE, remainingMs } from './pace.js';

/** How often the time that is left is told anew between two photos. */
const TELL_MS = 1000;

/**
 * @typedef {object} Hooks
 * @property {() => Job[]} all photos
 * @property {(step: import('./undo.js').Step) => void} offer to take something back
 * @property {(words: string) => void} onSay to be heard
 * @property {() => void} onArrived photos wait that did not
 * @property {(id: string) => void} onShow one is to be seen
 */

export class Batching {
  #store;
  #jobs;
  #hooks;
  #pace = NO_PACE;
  #telling = Lazy.spared(() => withWords(import('./tell-when-done.js')).then(({ TellWhenDone }) => new TellWhenDone()), () => this.show());
  #bar = new BatchBar({
    onPause: () => this.#pause(!this.#store.state.isPaused),
    onCancel: () => this.#cancel(),
    onStartCancelled: () => this.#retry('cancelled'),
    onTell: () => void this.#tell(),
  });
  #failures = Lazy.spared(() => withWords(import('../ui/failure-list.js')).then(({ FailureList }) => new FailureList({ onRetryAll: () => this.#retry('failed'), onShow: (id) => this.#hooks.onShow(id) })), () => this.show());
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /** @param {import('./store.js').Store} store @param {import('../jobs/jobs.js').Jobs<any>} jobs @param {Hooks} hooks */
  constructor(store, jobs, hooks) {
    this.#store = store;
    this.#jobs = jobs;
    this.#hooks = hooks;
    store.connect([(_, state, previous) => {
      if (state.isPaused !== previous.isPaused) this.show();
      // Others take another time.
      if (state.model !== previous.model || state.kept !== previous.kept) this.#pace = NO_PACE;
    }]);
    // Without them it can be used all the same.
    loadStyle(new URL('../ui/batch.css', import.meta.url)).catch(() => {});
  }

  /** @param {Job} job @param {Job} previous */
  follow({ state }, previous) {
    const now = performance.now();
    if (isUnderWay(state)) this.#pace = begun(this.#pace, now, state);
    else if (isUnderWay(previous.state)) this.#pace = ended(this.#pace, now, state === 'done');
  }

  /** Photos have become others, or are held. */
  show() {
    const all = this.#hooks.all();
    const count = (/** @type {string} */ state) => all.filter((job) => job.state === state).length;
    const [total, settled] = [all.length, all.filter(({ state }) => isSettled(state)).length];
    const { isPaused } = this.#store.state;
    const isWorking = all.some(({ state }) => isUnderWay(state));
    this.#bar.show({
      total, settled, isPaused, isWorking,
      done: count('done'),
      failed: count('failed'),
      cancelled: count('cancelled'),
      leftMs: isWorking && !isPaused ? remainingMs(this.#pace, total - settled, performance.now()) : null,
      telling: this.#telling.loaded?.standing ?? 'none',
    });
    this.#failures.loaded?.show(all.filter(({ state }) => state === 'failed'), total);
    if (total > 0 && settled === total) this.#telling.loaded?.done(count('done'), count('failed'));
    this.#keepTelling(isWorking && total - settled > 1);
  }

  /** @param {boolean} isDue time passes that is told */
  #keepTelling(isDue) {
    if (isDue === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = isDue ? setInterval(() => this.show(), TELL_MS) : undefined;
  }

  /** @param {boolean} isPaused */
  #pause(isPaused) {
    this.#store.dispatch({ type: 'pause', isPaused });
    this.#hooks.onSay(t(isPaused ? 'batch.paused.said' : 'batch.going-on'));
  }

  /** Nothing more is made of what waits, or is under way. */
  #cancel() {
    const open = this.#hooks.all().filter(({ state }) => !isSettled(state));
    // Those that wait first, or each would be begun when its turn comes.
    for (const { id } of open.toSorted((a, b) => Number(isUnderWay(a.state)) - Number(isUnderWay(b.state)))) this.#jobs.cancel(id);
    const undo = () => {
      const cancelled = new Set(this.#hooks.all().flatMap(({ id, state }) => (state === 'cancelled' ? id : [])));
      for (const { id, isAgain, turn } of open) {
        if (isAgain) this.#jobs.redo(id, {}, turn);
        else if (cancelled.has(id)) this.#jobs.retry(id);
      }
      this.#hooks.onArrived();
    };
    if (open.length > 0) this.#hooks.offer({ words: t('batch.cancelled', { count: open.length }), undo });
  }

  /** @param {'failed' | 'cancelled'} what */
  #retry(what) {
    for (const { id, state } of this.#hooks.all()) if (state === what) this.#jobs.retry(id);
    this.#hooks.onArrived();
  }

  async #tell() {
    // Its button is not seen before.
    const words = await this.#telling.loaded?.ask();
    if (words) this.#hooks.onSay(words);
    this.show();
  }
}
