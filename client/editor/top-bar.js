import { t } from '../messages/editor.js';
import { setText } from '../ui/dom.js';
import { element } from '../ui/element.js';
import { iconButton, textButton } from './controls.js';

/** Which photo it is, what can be undone, and the way out. */
export class TopBar {
  #name = element('h2', { class: 'editor-name', id: 'editor-title', translate: 'no' });
  #place = element('span', { class: 'editor-place' });
  #undo;
  #redo;
  #reset;
  element;

  /** @param {{ onClose: () => void, onUndo: () => void, onRedo: () => void, onReset: () => void, onHelp: () => void }} hooks */
  constructor({ onClose, onUndo, onRedo, onReset, onHelp }) {
    // They keep the focus when there is nothing more to undo.
    this.#undo = iconButton('undo', t('editor.undo'), onUndo, { keys: 'Control+Z Meta+Z' });
    this.#redo = iconButton('redo', t('editor.redo'), onRedo, { keys: 'Shift+Control+Z Control+Y Shift+Meta+Z' });
    this.#reset = iconButton('reset', t('editor.reset'), onReset);
    this.element = element('header', { class: 'editor-bar' },
      iconButton('back', t('editor.back'), onClose, { keys: 'Escape' }),
      element('div', { class: 'editor-title' }, this.#name, this.#place),
      element('div', { class: 'editor-history', role: 'group', 'aria-label': t('editor.history') }, this.#undo, this.#redo, this.#reset),
      iconButton('help', t('editor.help.title'), onHelp, { keys: '?', 'aria-haspopup': 'dialog' }),
      textButton(t('editor.done'), onClose, { class: 'button primary' }));
  }

  /** @param {string} name of the photo @param {number} index among the others @param {number} count of them */
  showName(name, index, count) {
    setText(this.#name, name);
    setText(this.#place, count > 1 ? t('editor.place', { index: index + 1, total: count }) : '');
  }

  /** @param {{ canUndo: boolean, canRedo: boolean, isOpen: boolean }} state */
  show({ canUndo, canRedo, isOpen }) {
    for (const [button, can] of /** @type {const} */ ([[this.#undo, canUndo], [this.#redo, canRedo], [this.#reset, canUndo]])) button.setAttribute('aria-disabled', String(!can || !isOpen));
  }
}
