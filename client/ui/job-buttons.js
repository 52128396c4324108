import { t } from '../messages/work.js';
import { part, setData, showButtons } from './dom.js';

/** @typedef {'prepare' | 'cancel' | 'use-cpu' | 'retry' | 'reduce' | 'refinish' | 'touch-up' | 'adjust-crop' | 'view' | 'redo' | 'remove'} Action name of its button */

/** What there is to press: in each state, where it is listed, and where a state has several ways. @type {Record<string, string[]>} */
export const BUTTONS = {
  queued: ['cancel'],
  underWay: ['cancel'],
  underWayOnGpu: ['use-cpu', 'cancel'],
  done: ['download', 'touch-up', 'adjust-crop', 'view', 'redo', 'remove'],
  unfinished: ['download', 'refinish', 'touch-up', 'adjust-crop', 'view', 'redo', 'remove'],
  failed: ['retry', 'remove'],
  unfinishedTooLong: ['download', 'reduce', 'touch-up', 'adjust-crop', 'view', 'redo', 'remove'],
  tooLarge: ['reduce', 'remove'],
  tooLong: ['reduce', 'retry', 'remove'],
  cancelled: ['retry', 'remove'],
};

/** What can be done with one photo: which buttons are shown, and what they are called. */
export class JobButtons {
  #all;
  #name;

  /**
   * @param {ParentNode} card
   * @param {string} name of the photo
   * @param {(action: Action) => void} onPress
   */
  constructor(card, name, onPress) {
    this.#name = name;
    this.#all = [...part(card, 'actions', HTMLElement).children].filter((child) => child instanceof HTMLElement);
    for (const button of this.#all) {
      this.#call(button, button.textContent.trim());
      if (button instanceof HTMLButtonElement) button.addEventListener('click', () => onPress(/** @type {Action} */ (button.dataset.part)));
    }
  }

  /** @param {readonly string[]} names values of `data-part`; the others are hidden */
  show(names) {
    showButtons(this.#all, names);
  }

  /** @param {string} name value of `data-part` @param {string} words of which there may be others on another card */
  label(name, words) {
    this.#call(this.#find(name), words);
  }

  /** @param {string} name value of `data-part` @param {boolean} isDisabled for now: it keeps the focus */
  disable(name, isDisabled) {
    this.#find(name).setAttribute('aria-disabled', String(isDisabled));
  }

  /** @param {string} name */
  #find(name) {
    const found = this.#all.find(({ dataset }) => dataset.part === name);
    if (!found) throw new TypeError(`a card has no button "${name}"`);
    return found;
  }

  /** @param {HTMLElement} button @param {string} words beside its icon */
  #call(button, words) {
    const label = [...button.childNodes].find((node) => node instanceof Text);
    if (!label) button.append(words);
    else if (label.data !== words) label.data = words;
    // Shown beside the icon, or, where there is no room, over it while it is pointed at.
    setData(button, 'label', words);
    button.setAttribute('aria-label', t('job.action', { action: words, name: this.#name }));
  }
}
