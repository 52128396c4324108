import { formatBytes } from '../messages/format.js';
import { t } from '../messages/words.js';
import { setText } from './dom.js';
import { element } from './element.js';
import { partRows } from './words-words.js';

/** @typedef {import('./words-panel.js').Offer} Offer */

/** Asks before the first picture: what is downloaded, part by part, and the licence where it forbids some use. */
export class WordsQuestion {
  #title = element('h3', { class: 'words-title', id: 'words-question', tabindex: '-1' });
  #needs = element('p', {});
  #parts = element('ul', { class: 'words-parts' });
  #stays = element('p', { class: 'finish-hint' });
  #licence = element('p', {});
  /** A page of this site's own, which a person opens; nothing is fetched for it before. */
  #text = element('a', { class: 'link', target: '_blank', rel: 'noopener noreferrer', hidden: true }, t('words.licence.read'));
  #tick = element('input', { type: 'checkbox' });
  #terms = element('div', { class: 'words-terms' }, element('p', {}, t('words.licence.restricts')), element('label', { class: 'tick' }, this.#tick, t('words.licence.accept')));
  #accept = element('button', { 'class': 'button primary', 'type': 'button', 'data-part': 'words-accept' });
  #decline = element('button', { 'class': 'button', 'type': 'button', 'data-part': 'words-decline' }, t('words.decline'));
  root = element('section', { class: 'words-question', 'aria-labelledby': 'words-question', hidden: true },
    this.#title, this.#needs, this.#parts, this.#stays, element('div', {}, this.#licence, this.#text), this.#terms, element('div', { class: 'finish-controls' }, this.#accept, this.#decline));

  /** @param {{ onAccept: () => void, onDecline: () => void }} actions */
  constructor({ onAccept, onDecline }) {
    this.#accept.addEventListener('click', onAccept);
    this.#decline.addEventListener('click', onDecline);
    this.#tick.addEventListener('change', () => this.#allow());
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      // The question alone: not the sheet around it, nor what is chosen among the photos.
      event.preventDefault();
      event.stopPropagation();
      onDecline();
    });
  }

  /**
   * @param {Offer} offer
   * @param {{ isKept: boolean, isAccepted: boolean }} setting `isKept`: the browser can store what is downloaded; `isAccepted`: the licence is no question
   */
  ask(offer, { isKept, isAccepted }) {
    const size = formatBytes(offer.bytes);
    const isDownload = offer.bytes > 0;
    setText(this.#title, isDownload ? t('consent.ask.first', { size }) : t('words.ask.licence'));
    setText(this.#needs, t('words.needs', { model: offer.title }));
    this.#parts.replaceChildren(...partRows(offer).map(({ name, size: bytes, exact, here }) => element('li', { class: 'words-part' }, element('span', {}, name), element('span', { title: exact }, bytes), here ? element('span', { class: 'words-here' }, here) : null)));
    setText(this.#stays, isDownload ? t(isKept ? 'consent.once' : 'consent.each-time') : '');
    setText(this.#licence, t('model.licence', { licence: offer.licence.title }));
    const { url } = offer.licence;
    this.#text.hidden = url === null;
    if (url === null) this.#text.removeAttribute('href');
    else this.#text.setAttribute('href', url);
    this.#terms.hidden = isAccepted;
    setText(this.#accept, isDownload ? t('consent.accept', { size }) : t('words.accept'));
    this.#tick.checked = false;
    this.root.hidden = false;
    this.#allow();
    // The heading, not a button: Enter in the words must not answer the question.
    this.#title.focus();
  }

  close() {
    this.root.hidden = true;
  }

  #allow() {
    this.#accept.disabled = !this.#terms.hidden && !this.#tick.checked;
  }
}
