import { t } from '../messages/later.js';
import { part, setText } from './dom.js';
import { drawing, element } from './element.js';

/**
 * What was just done, and the way back: one at a time, at the lower edge of the screen.
 */
export class Toast {
  #root = part(document, 'toasts', HTMLElement);
  #words = element('p', { class: 'toast-words', role: 'status', 'data-part': 'toast-words' });
  #undo = element('button', { class: 'button toast-undo', type: 'button', 'data-part': 'undo', 'aria-keyshortcuts': 'Control+Z Meta+Z' }, t('undo'));
  #close = element('button', { class: 'button quiet icon-only', type: 'button', 'data-part': 'toast-close', 'aria-label': t('notice.close') }, drawing('svg', { class: 'icon', 'aria-hidden': 'true', focusable: 'false' }, drawing('use', { href: '#icon-close' })));
  #box = element('div', { class: 'toast', 'data-part': 'toast', hidden: true }, this.#undo, this.#close);
  #onHold;
  #isPointedAt = false;

  /** @param {{ onUndo: () => void, onClose: () => void, onHold: (isHeld: boolean) => void }} hooks `onHold`: it is being looked at, or is not any more */
  constructor({ onUndo, onClose, onHold }) {
    this.#onHold = onHold;
    // Words are heard when they come to what is there already.
    this.#root.append(this.#box);
    this.#box.prepend(this.#words);
    this.#undo.addEventListener('click', () => this.#leave(onUndo));
    this.#close.addEventListener('click', () => this.#leave(onClose));
    this.#box.addEventListener('pointerenter', () => this.#point(true));
    this.#box.addEventListener('pointerleave', () => this.#point(false));
    this.#box.addEventListener('focusin', () => onHold(true));
    this.#box.addEventListener('focusout', () => onHold(this.#isPointedAt));
  }

  /** @param {string} words none hide it */
  show(words) {
    this.#box.hidden = words === '';
    if (words === '') this.#isPointedAt = false;
    setText(this.#words, words);
  }

  /** @param {boolean} isPointedAt */
  #point(isPointedAt) {
    this.#isPointedAt = isPointedAt;
    this.#onHold(isPointedAt || this.#box.contains(document.activeElement));
  }

  /** The button may go away with the toast; the keyboard goes on from the photos. @param {() => void} act */
  #leave(act) {
    act();
    if (this.#box.hidden) document.getElementById('main')?.focus({ preventScroll: true });
  }
}
