import { formatBytes } from '../messages/format.js';
import { t } from '../messages/index.js';
import { part, prefersStillness, setText, stamp } from './dom.js';
import { exactParts, needsWords } from './model-words.js';

/**
 * @typedef {object} Question
 * @property {import('./model-words.js').Offer} offer
 * @property {boolean} kept whether the browser can store it
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
  #isDeclined = false;

  /**
   * @param {object} actions
   * @param {() => void} actions.onAccept
   * @param {(model: string) => void} actions.onOther the photos are to be cut out with this model
   */
  constructor({ onAccept, onOther }) {
    this.#accept.addEventListener('click', onAccept);
    this.#decline.addEventListener('click', () => {
      this.#isDeclined = true;
      this.#write();
      this.#title.focus();
    });
    this.#other.addEventListener('click', () => {
      if (this.#question?.other) onOther(this.#question.other.id);
    });
  }

  /** @returns {boolean} */
  get isOpen() {
    return this.#panel.isConnected;
  }

  /**
   * Asks, or asks again.
   * @param {Question} question
   * @param {boolean} hasCaller the person is here because of it, rather than busy elsewhere on the page
   */
  ask(question, hasCaller) {
    this.#isDeclined = false;
    this.update(question);
    const isNew = !this.isOpen;
    if (isNew) this.#root.replaceChildren(this.#panel);
    // The heading, not a button: Enter from the file dialog must not answer the question.
    if (hasCaller) this.#title.focus();
    else if (isNew) this.#panel.scrollIntoView({ block: 'nearest', behavior: prefersStillness() ? 'instant' : 'smooth' });
  }

  /**
   * The same question with numbers that may have changed.
   * @param {Question} question
   */
  update(question) {
    this.#question = question;
    this.#write();
  }

  close() {
    this.#panel.remove();
  }

  #write() {
    if (!this.#question) return;
    const { offer, kept, hasPhotos, other } = this.#question;
    const size = formatBytes(offer.download);
    setText(this.#title, this.#isDeclined ? t('consent.declined') : t(hasPhotos ? 'consent.ask.first' : 'consent.ask', { size }));
    setText(this.#body, this.#isDeclined ? t(hasPhotos ? 'consent.waiting' : 'consent.open') : needsWords(offer, kept));
    this.#body.title = exactParts(offer);
    setText(this.#accept, t('consent.accept', { size }));
    setText(this.#other, other ? t('consent.other', { model: other.title }) : '');
    this.#decline.hidden = this.#isDeclined;
    this.#other.hidden = !this.#isDeclined || other === null;
    this.#panel.toggleAttribute('data-declined', this.#isDeclined);
  }
}
