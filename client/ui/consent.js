import { formatBytes } from '../messages/format.js';
import { t } from '../messages/work.js';
import { part, prefersStillness, setText, stamp } from './dom.js';
import { exactParts, needsWords } from './model-words.js';

/**
 * @typedef {object} Question
 * @property {import('./model-words.js').Offer} offer
 * @property {boolean} kept whether the browser can store it
 * @property {boolean} isDeclined it was answered with "Not now"
 * @property {boolean} hasPhotos whether photos wait for the answer
 * @property {{ id: string, title: string } | null} other a model that needs no question
 */

/** Asks before a large download. After "Not now" it stays, without asking, so that the answer can change. */
export class Consent {
  #root = part(document, 'consent', HTMLElement);
  #panel = stamp('consent-template');
  #title = part(this.#panel, 'title', HTMLElement);
  #body = part(this.#panel, 'body', HTMLElement);
  #accept = part(this.#panel, 'accept', HTMLButtonElement);
  #decline = part(this.#panel, 'decline', HTMLButtonElement);
  #other = part(this.#panel, 'other', HTMLButtonElement);
  /** @type {Question | null} */
  #question = null;

  /**
   * @param {object} actions
   * @param {() => void} actions.onAccept
   * @param {() => void} actions.onDecline
   * @param {(model: string) => void} actions.onOther the photos are to be cut out with this model
   */
  constructor({ onAccept, onDecline, onOther }) {
    this.#accept.addEventListener('click', onAccept);
    this.#decline.addEventListener('click', () => {
      onDecline();
      if (this.#panel.isConnected) this.#title.focus();
      // The question is gone with its choice: the keyboard goes on from the one that holds.
      else /** @type {HTMLElement | null} */ (document.querySelector('.models [name="model"]:checked'))?.focus();
    });
    this.#other.addEventListener('click', () => {
      if (this.#question?.other) onOther(this.#question.other.id);
    });
  }

  /** @param {Question} question */
  show(question) {
    this.#question = question;
    this.#write(question);
    if (!this.#panel.isConnected) this.#root.replaceChildren(this.#panel);
  }

  /** @param {boolean} hasCaller the person is here because of it, rather than busy elsewhere on the page */
  call(hasCaller) {
    // The heading, not a button: Enter from the file dialog must not answer the question.
    if (hasCaller) this.#title.focus();
    else this.#panel.scrollIntoView({ block: 'nearest', behavior: prefersStillness() ? 'instant' : 'smooth' });
  }

  close() {
    this.#panel.remove();
  }

  /** @param {Question} question */
  #write({ offer, kept, hasPhotos, other, isDeclined }) {
    const size = formatBytes(offer.download);
    setText(this.#title, isDeclined ? t('consent.declined') : t(hasPhotos ? 'consent.ask.first' : 'consent.ask', { size }));
    setText(this.#body, isDeclined ? t(hasPhotos ? 'consent.waiting' : 'consent.open') : needsWords(offer, kept));
    this.#body.title = exactParts(offer);
    setText(this.#accept, t('consent.accept', { size }));
    setText(this.#other, other ? t('consent.other', { model: other.title }) : '');
    this.#decline.hidden = isDeclined;
    this.#other.hidden = !isDeclined || other === null;
    this.#panel.toggleAttribute('data-declined', isDeclined);
  }
}
