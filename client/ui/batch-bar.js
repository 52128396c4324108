import { t } from '../messages/work.js';
import { part, setText } from './dom.js';
import { remainingTime } from './remaining-time.js';

/**
 * @typedef {'none' | 'possible' | 'promised' | 'refused'} Standing of being told when all are done; `none`: this browser, or this address, knows no notifications
 *
 * @typedef {object} Intents
 * @property {() => void} onPause or go on
 * @property {() => void} onCancel the rest
 * @property {() => void} onStartCancelled
 * @property {() => void} onTell when done
 *
 * @typedef {object} Batch
 * @property {number} total of photos
 * @property {number} settled
 * @property {number} done
 * @property {number} failed
 * @property {number} cancelled
 * @property {boolean} isPaused
 * @property {boolean} isWorking one is under way
 * @property {number | null} leftMs until all are settled; null where nobody knows
 * @property {Standing} telling
 */

/** How far all photos are, in the head of the page and in the tab's title, and what holds for all that are not done. */
export class BatchBar {
  #summary = part(document, 'summary', HTMLElement);
  #bar = part(document, 'batch-bar', HTMLElement);
  #fill = part(document, 'batch-fill', HTMLElement);
  #left = part(document, 'batch-left', HTMLElement);
  #pause = part(document, 'pause-photos', HTMLButtonElement);
  #cancel = part(document, 'cancel-rest', HTMLButtonElement);
  #again = part(document, 'start-cancelled', HTMLButtonElement);
  #tell = part(document, 'tell-done', HTMLButtonElement);

  /** @param {Intents} intents */
  constructor({ onPause, onCancel, onStartCancelled, onTell }) {
    for (const [button, act] of /** @type {const} */ ([[this.#pause, onPause], [this.#cancel, onCancel], [this.#again, onStartCancelled], [this.#tell, onTell]])) {
      button.addEventListener('click', () => {
        act();
        // A button that is gone drops the focus to the top of the page.
        if (button.hidden) this.#summary.focus();
      });
    }
  }

  /** @param {Batch} batch */
  show(batch) {
    const { total, settled, done, cancelled, isPaused, telling } = batch;
    const open = total - settled;
    setText(this.#summary, t(done === total ? 'jobs.all' : 'jobs.some', { done, count: total }));
    this.#bar.hidden = open === 0;
    this.#fill.style.transform = `scaleX(${settled / (total || 1)})`;
    setText(this.#left, leftWords(batch));
    this.#pause.hidden = open < 2 && !isPaused;
    this.#pause.dataset.paused = String(isPaused);
    setText(part(this.#pause, 'pause-words', HTMLElement), t(isPaused ? 'batch.go-on' : 'batch.pause'));
    this.#cancel.hidden = open < 2;
    setText(this.#cancel, t('batch.cancel-rest', { total: open }));
    this.#again.hidden = cancelled < 2;
    setText(this.#again, t('batch.start-cancelled', { total: cancelled }));
    this.#tell.hidden = open === 0 || telling === 'none' || telling === 'refused';
    this.#tell.setAttribute('aria-pressed', String(telling === 'promised'));
    showTitle(titleOf(batch, siteTitle()));
  }
}

/** @param {Batch} batch */
function leftWords({ total, settled, isPaused, isWorking, leftMs }) {
  if (settled === total) return '';
  if (isPaused) return t(isWorking ? 'batch.pausing' : 'batch.paused');
  return leftMs === null ? '' : remainingTime(leftMs);
}

/** @param {Batch} batch @param {string} title of the site @returns {string} what is read in a row of tabs: how far it is comes first */
export function titleOf({ total, settled, done, failed, isPaused, leftMs }, title) {
  if (settled === total) return failed > 0 ? t('title.failed', { count: failed, title }) : title;
  if (isPaused) return t('title.paused', { done, total, title });
  return leftMs === null ? t('title.working', { done, total, title }) : t('title.working.left', { done, total, title, left: remainingTime(leftMs) });
}

/** What the operator calls this site: a name, the same in every language. @returns {string} */
const siteTitle = () => document.querySelector('.brand-name')?.textContent ?? '';

/** @param {string} title of the window */
function showTitle(title) {
  if (document.title !== title) document.title = title;
}
