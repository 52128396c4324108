import { part, setText, showButtons } from './dom.js';
import { text } from './strings.js';

/** @typedef {'cancel' | 'use-cpu' | 'retry' | 'reduce' | 'refinish' | 'redo' | 'remove'} Action name of its button */

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
    const button = this.#all.find(({ dataset }) => dataset.part === name);
    if (button) this.#call(button, words);
  }

  /** @param {HTMLElement} button @param {string} words */
  #call(button, words) {
    // What is called so already keeps its icon.
    if (button.textContent.trim() !== words) setText(button, words);
    button.setAttribute('aria-label', text.job.action(words, this.#name));
  }
}
