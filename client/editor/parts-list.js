import { t } from '../messages/editor.js';
import { formatSize } from '../messages/format.js';
import { element } from '../ui/element.js';

/** @typedef {import('../shared/protocol-edit.js').Piece} Piece */

/** Pieces that are listed by themselves: those beyond are so small that nobody goes through them one by one. */
const MOST = 40;

/** The pieces of a matte, the largest first, each with a tick that keeps it. */
export class PartsList {
  #list = element('ul', { class: 'editor-parts', 'aria-label': t('editor.parts.list') });
  #rest = element('p', { class: 'editor-hint' });
  element = element('div', {}, this.#list, this.#rest);
  /** @type {HTMLInputElement[]} */
  #inputs = [];
  #hooks;

  /** @param {{ onPoint: (index: number | null) => void, onKeep: (index: number, isKept: boolean) => void }} hooks */
  constructor(hooks) {
    this.#hooks = hooks;
  }

  /** @param {readonly Piece[]} pieces */
  show(pieces) {
    const listed = pieces.slice(0, MOST);
    const focused = this.#inputs.findIndex((input) => input === document.activeElement);
    if (this.#inputs.length !== listed.length) this.#build(listed.length);
    for (const [i, { box, isKept }] of listed.entries()) {
      const input = this.#inputs[i];
      input.checked = isKept;
      const words = input.nextElementSibling;
      words?.replaceChildren(t('editor.parts.one', { number: i + 1 }), element('span', { class: 'editor-hint' }, isKept ? formatSize(box) : t('editor.parts.gone')));
    }
    this.#rest.textContent = pieces.length > MOST ? t('editor.parts.rest', { count: pieces.length - MOST }) : '';
    if (focused >= 0) this.#inputs[Math.min(focused, this.#inputs.length - 1)]?.focus();
  }

  /** @param {number | null} index of the piece that is pointed at */
  mark(index) {
    for (const [i, input] of this.#inputs.entries()) input.parentElement?.toggleAttribute('data-pointed', i === index);
  }

  /** @param {number} count */
  #build(count) {
    this.#inputs = [];
    this.#list.replaceChildren(...Array.from({ length: count }, (_, i) => {
      const input = element('input', { type: 'checkbox' });
      this.#inputs.push(input);
      const label = element('label', { class: 'editor-tick' }, input, element('span', {}));
      input.addEventListener('change', () => this.#hooks.onKeep(i, input.checked));
      label.addEventListener('pointerenter', () => this.#hooks.onPoint(i));
      label.addEventListener('pointerleave', () => this.#hooks.onPoint(null));
      input.addEventListener('focus', () => this.#hooks.onPoint(i));
      input.addEventListener('blur', () => this.#hooks.onPoint(null));
      return element('li', {}, label);
    }));
  }
}
