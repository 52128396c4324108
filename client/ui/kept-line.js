import { formatBytes } from '../messages/format.js';
import { t } from '../messages/work.js';
import { part, setText } from './dom.js';

/**
 * @typedef {'days' | 'session' | 'never'} Term
 * @typedef {{ term: Term, count: number, bytes: number, trouble: string | null, isCleared: boolean }} Status what is kept of the photos
 */

/** The line above the photos that says how long they are kept on this device, and the setting for it. */
export class KeptLine {
  #line = part(document, 'kept', HTMLElement);
  #words = part(document, 'kept-words', HTMLElement);
  #clear = part(document, 'kept-clear', HTMLButtonElement);
  #resume = part(document, 'kept-resume', HTMLButtonElement);
  #term = part(document, 'kept-term', HTMLSelectElement);
  #size = part(document, 'kept-size', HTMLElement);

  /** @param {{ onClear: () => void, onResume: () => void, onTerm: (term: Term) => void }} intents */
  constructor({ onClear, onResume, onTerm }) {
    this.#clear.addEventListener('click', onClear);
    this.#resume.addEventListener('click', onResume);
    this.#term.addEventListener('change', () => onTerm(/** @type {Term} */ (this.#term.value)));
  }

  /** @param {Status} status @param {number} photos on the page */
  show(status, photos) {
    const { term, count, bytes, trouble, isCleared } = status;
    const isKept = trouble === null && !isCleared && term !== 'never';
    setText(this.#words, words(status));
    this.#line.dataset.kept = String(isKept);
    this.#line.hidden = photos === 0 || (isKept && count === 0);
    const isLeft = isCleared && trouble !== null;
    this.#clear.hidden = !isKept && !isLeft;
    this.#resume.hidden = isKept || isLeft || term === 'never' || (trouble !== null && !RETRIED.includes(trouble));
    this.#term.value = term;
    setText(this.#size, count > 0 ? t('kept.size', { count, size: formatBytes(bytes) }) : '');
  }
}

/** What may be otherwise at another try. */
const RETRIED = ['storage-full', 'storage-slow', 'storage-failed'];

/** @param {Status} status */
function words({ term, count, trouble, isCleared }) {
  if (term === 'never') return t('kept.never');
  if (isCleared) return t(trouble ? 'kept.left' : 'kept.cleared');
  if (trouble === 'storage-full') return t('kept.full');
  if (trouble === 'no-locks' || trouble === 'no-indexeddb') return t('kept.cannot');
  if (trouble) return t('kept.failed');
  return t(term === 'days' ? 'kept.days' : 'kept.session', { count });
}
