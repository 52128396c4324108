/** How files are called: a pattern with fields, and what comes of it for a photo that is here. */
import { DEFAULT_PATTERN, FIELDS, LONGEST_PATTERN, usablePattern } from '../finish/file-names.js';
import { t } from '../messages/later.js';
import { element } from './element.js';
import { setText } from './dom.js';

/**
 * @typedef {object} Hooks
 * @property {string} pattern that holds
 * @property {(pattern: string) => string} example a file's name by a pattern
 * @property {(pattern: string) => void} onPattern
 */

export class NamesPanel {
  #input = element('input', { id: 'names-pattern', type: 'text', maxlength: LONGEST_PATTERN, spellcheck: 'false', autocomplete: 'off' });
  #example = element('output', { for: 'names-pattern' });
  #dialog;

  /** @param {Hooks} hooks */
  constructor({ pattern, example, onPattern }) {
    const show = () => {
      const usable = usablePattern(this.#input.value);
      setText(this.#example, t('names.example', { name: example(usable) }));
      onPattern(usable);
    };
    const fields = FIELDS.map((field) => {
      const button = element('button', { class: 'button', type: 'button' }, t(`names.field.${field}`));
      button.addEventListener('click', () => this.#insert(`{${field}}`));
      return button;
    });
    const reset = element('button', { class: 'button quiet', type: 'button' }, t('names.reset'));
    reset.addEventListener('click', () => {
      this.#input.value = DEFAULT_PATTERN;
      show();
    });
    this.#input.value = pattern;
    this.#input.addEventListener('input', show);
    const form = element('form', { class: 'sheet-body names-form', method: 'dialog' },
      element('h2', { id: 'names-title' }, t('names.title')),
      element('label', { for: 'names-pattern' }, t('names.pattern')),
      this.#input,
      element('p', { id: 'names-fields' }, t('names.fields')),
      element('div', { 'class': 'consent-actions', 'role': 'group', 'aria-labelledby': 'names-fields' }, ...fields),
      this.#example,
      element('div', { class: 'consent-actions' }, element('button', { class: 'button primary' }, t('names.done')), reset),
    );
    this.#dialog = element('dialog', { 'class': 'sheet', 'aria-labelledby': 'names-title' }, form);
    this.#dialog.addEventListener('close', () => this.#dialog.remove(), { once: true });
    document.body.append(this.#dialog);
    setText(this.#example, t('names.example', { name: example(pattern) }));
  }

  open() {
    this.#dialog.showModal();
    this.#input.focus();
  }

  /** @param {string} field in braces, put where the cursor is */
  #insert(field) {
    const { selectionStart, selectionEnd, value } = this.#input;
    this.#input.setRangeText(field, selectionStart ?? value.length, selectionEnd ?? value.length, 'end');
    this.#input.dispatchEvent(new Event('input'));
    this.#input.focus();
  }
}
