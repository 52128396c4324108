import { t } from '../messages/editor.js';
import { formatSize } from '../messages/format.js';
import { element } from '../ui/element.js';

/** @typedef {import('../shared/protocol-edit.js').Piece} Piece */

/** Pieces that are listed: nobody goes through more one by one. */
const MOST = 40;

/** The pieces of a matte, the largest first, each with a tick that keeps it. */
export class PartsList {
  #list = element('ul', { class: 'editor-parts', 'aria-label': t('editor.parts.list') });
  #rest = element('p', { class: 'editor-hint' });
  element = element('div', {}, this.#list, this.#rest);
  /** With the index of the piece. @type {{ index: number, input: HTMLInputElement, words: HTMLElement }[]} */
  #rows = [];
  #hooks;

  /** @param {{ onPoint: (index: number | null) => void, onKeep: (index: number, isKept: boolean) => void }} hooks by the index of a piece */
  constructor(hooks) {
    this.#hooks = hooks;
  }

  /** @param {readonly Piece[]} pieces @param {number} smaller those of fewer pixels are specks, and not listed */
  show(pieces, smaller) {
    const found = pieces.map((piece, index) => ({ piece, index })).filter(({ piece }) => piece.area >= smaller);
    const listed = found.slice(0, MOST);
    const focused = this.#rows.findIndex(({ input }) => input === document.activeElement);
    while (this.#rows.length > listed.length) this.#rows.pop()?.input.closest('li')?.remove();
    while (this.#rows.length < listed.length) this.#add();
    for (const [i, { piece: { box, isKept }, index }] of listed.entries()) {
      const row = this.#rows[i];
      row.index = index;
      row.input.checked = isKept;
      row.words.replaceChildren(t('editor.parts.one', { number: i + 1 }), element('span', { class: 'editor-hint' }, isKept ? formatSize(box) : t('editor.parts.gone')));
    }
    this.#rest.textContent = found.length > MOST ? t('editor.parts.rest', { count: found.length - MOST }) : '';
    if (focused >= 0) this.#rows[Math.min(focused, this.#rows.length - 1)]?.input.focus();
  }

  /** @param {number | null} index of the piece that is pointed at */
  mark(index) {
    for (const row of this.#rows) row.input.parentElement?.toggleAttribute('data-pointed', row.index === index);
  }

  #add() {
    const row = { index: 0, input: element('input', { type: 'checkbox' }), words: element('span') };
    const { input } = row;
    const label = element('label', { class: 'editor-tick' }, input, row.words);
    input.addEventListener('change', () => this.#hooks.onKeep(row.index, input.checked));
    for (const [type, target] of /** @type {const} */ ([['pointerenter', label], ['focus', input]])) target.addEventListener(type, () => this.#hooks.onPoint(row.index));
    for (const [type, target] of /** @type {const} */ ([['pointerleave', label], ['blur', input]])) target.addEventListener(type, () => this.#hooks.onPoint(null));
    this.#rows.push(row);
    this.#list.append(element('li', {}, label));
  }
}
