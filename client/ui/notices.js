import { t } from '../messages/index.js';
import { part, setText, stamp } from './dom.js';

/** @typedef {'quiet' | 'warning' | 'error'} Tone an error interrupts a screen reader, the others do not */
/** @typedef {{ title: string, body: string, more?: Node | null }} Words `more` comes below the words */
/** @typedef {{ label: string, act: () => void, isLasting: boolean }} Action a lasting one leaves the notice where it is */

/** What the whole page has to say, as opposed to one job. One notice per key. */
export class Notices {
  #root = part(document, 'notices', HTMLElement);
  /** @type {Map<string, HTMLElement>} */
  #shown = new Map();

  /**
   * @param {string} key a notice with the same key is replaced
   * @param {Tone} tone
   * @param {Words} words
   * @param {Action} [action]
   */
  show(key, tone, { title, body, more = null }, action) {
    this.hide(key);
    const element = stamp('notice-template');
    element.dataset.notice = key;
    element.dataset.tone = tone;
    if (tone === 'error') element.setAttribute('role', 'alert');
    setText(part(element, 'title', HTMLElement), title);
    setText(part(element, 'body', HTMLElement), body);
    if (more) part(element, 'body', HTMLElement).after(more);
    if (action) this.#arm(element, 'action', key, action);
    // What a quiet notice tells stays true for the whole visit.
    if (tone === 'warning') this.#arm(element, 'dismiss', key, { label: t('notice.close'), act: () => {}, isLasting: false });
    this.#shown.set(key, element);
    this.#root.append(element);
  }

  /** A module of the page could not be had, as without a network. */
  notLoaded() {
    this.show('not-loaded', 'warning', { title: t('not-loaded'), body: t('not-loaded.body') });
  }

  /** @param {string} key */
  hide(key) {
    this.#shown.get(key)?.remove();
    this.#shown.delete(key);
  }

  /**
   * @param {HTMLElement} element
   * @param {'action' | 'dismiss'} name
   * @param {string} key
   * @param {Action} action
   */
  #arm(element, name, key, { label, act, isLasting }) {
    const button = part(element, name, HTMLButtonElement);
    button.hidden = false;
    if (name === 'action') setText(button, label);
    else button.setAttribute('aria-label', label);
    button.addEventListener('click', () => {
      if (!isLasting) {
        this.hide(key);
        // The button is gone; the keyboard goes on from the top of the content.
        document.getElementById('main')?.focus({ preventScroll: true });
      }
      act();
    });
  }
}
