import { formatAbout, formatBytes } from '../messages/format.js';
import { t } from '../messages/later.js';
import { part, setText } from './dom.js';
import { element } from './element.js';
import { exactParts } from './model-words.js';

/** Offers a finer model beside the photos, which go on meanwhile. */
export class FinerOffer {
  #root = part(document, 'finer', HTMLElement);
  #title = element('h3', { 'class': 'finer-title', 'id': 'finer-title', 'tabindex': '-1' });
  #body = element('p', { class: 'finer-body' });
  #accept = element('button', { 'class': 'button primary', 'type': 'button', 'data-part': 'finer-accept' }, t('finer.accept'));
  #decline = element('button', { 'class': 'button quiet', 'type': 'button', 'data-part': 'finer-decline' }, t('finer.decline'));
  #panel = element('section', { 'class': 'finer', 'aria-labelledby': 'finer-title' }, element('div', { class: 'finer-words' }, this.#title, this.#body), element('div', { class: 'finer-actions' }, this.#accept, this.#decline));

  /** @param {{ onAccept: () => void, onDecline: () => void }} actions */
  constructor({ onAccept, onDecline }) {
    this.#accept.addEventListener('click', onAccept);
    this.#decline.addEventListener('click', onDecline);
  }

  /** @returns {boolean} */
  get hasFocus() {
    return this.#panel.contains(document.activeElement);
  }

  /** @param {import('./model-words.js').Offer} offer @param {boolean} kept whether the browser can store it */
  show(offer, kept) {
    setText(this.#title, finerWords(offer, kept));
    setText(this.#body, t('finer.body', { model: offer.model.title }));
    this.#title.title = exactParts(offer);
    if (!this.#panel.isConnected) this.#root.append(this.#panel);
  }

  close() {
    this.#panel.remove();
  }
}

/**
 * @param {Pick<import('./model-words.js').Offer, 'download' | 'photoMs'>} offer
 * @param {boolean} kept whether the browser can store it
 * @returns {string} what finer edges would cost
 */
export function finerWords({ download, photoMs }, kept) {
  const cost = download === 0 ? 'here' : kept ? 'once' : 'each-time';
  const size = formatBytes(download);
  return photoMs ? t(`finer.${cost}.timed`, { size, time: formatAbout(photoMs) }) : t(`finer.${cost}`, { size });
}
