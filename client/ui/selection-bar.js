import { t } from '../messages/later.js';
import { part, setText } from './dom.js';
import { element } from './element.js';

/**
 * @typedef {object} Intents
 * @property {() => void} onAll
 * @property {() => void} onLike all that are like the first of those that are chosen
 * @property {() => void} onRedo
 * @property {() => void} onRemove
 * @property {() => void} onNone
 */

/** What can be done with the photos that are chosen, above them. It has its place before one is, so that no photo moves. */
export class SelectionBar {
  #toolbar = part(document, 'toolbar', HTMLElement);
  #words = element('p', { class: 'chosen-words', role: 'status', 'data-part': 'chosen' });
  #all = button('choose-all', t('chosen.all'));
  #like = button('choose-like', t('chosen.like'));
  #redo = button('redo-chosen', t('job.redo'));
  #remove = button('remove-chosen', t('chosen.remove'));
  #none = button('choose-none', t('chosen.none'));
  #root = element('div', { class: 'chosen-bar', role: 'group', 'aria-label': t('chosen'), hidden: true }, this.#words, this.#all, this.#like, this.#redo, this.#remove, this.#none);

  /** @param {Intents} intents */
  constructor({ onAll, onLike, onRedo, onRemove, onNone }) {
    for (const [one, act] of /** @type {const} */ ([[this.#all, onAll], [this.#like, onLike], [this.#redo, onRedo], [this.#remove, onRemove], [this.#none, onNone]])) one.addEventListener('click', act);
    this.#toolbar.append(this.#root);
  }

  /** @param {{ count: number, total: number, model: string }} now photos that are chosen, of all; `model`: title of the one that is chosen, empty where there is only one */
  show({ count, total, model }) {
    this.#root.hidden = total < 2;
    this.#toolbar.hidden = [...this.#toolbar.children].every((child) => child instanceof HTMLElement && child.hidden);
    setText(this.#words, count > 0 ? t('chosen.count', { count, total }) : '');
    setText(this.#redo, model ? t('job.redo.model', { model }) : t('job.redo'));
    const hadFocus = this.#root.contains(document.activeElement);
    this.#all.hidden = count === total;
    for (const one of [this.#like, this.#redo, this.#remove, this.#none]) one.hidden = count === 0;
    if (hadFocus && !this.#root.contains(document.activeElement)) (this.#all.hidden ? this.#none : this.#all).focus();
  }
}

/** @param {string} name @param {string} words */
const button = (name, words) => element('button', { class: 'button quiet', type: 'button', 'data-part': name }, words);
