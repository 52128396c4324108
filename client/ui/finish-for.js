import { t } from '../messages/later.js';
import { part, setText } from './dom.js';
import { element } from './element.js';

/** For which photos the choices beside it hold. Hidden as long as nothing else is possible. */
export class FinishFor {
  #words = element('p', { class: 'finish-for-words', 'data-part': 'finish-for' });
  #mixed = element('p', { class: 'finish-hint', 'data-part': 'finish-mixed', hidden: true }, t('own.mixed'));
  #drop = element('button', { class: 'link', type: 'button', 'data-part': 'as-others', hidden: true }, t('own.drop'));
  #root = element('div', { class: 'finish-for', hidden: true }, this.#words, this.#drop, this.#mixed);

  /** @param {() => void} onDrop the chosen photos follow those for all again */
  constructor(onDrop) {
    this.#drop.addEventListener('click', onDrop);
    part(document, 'finish', HTMLElement).prepend(this.#root);
  }

  /** @param {{ count: number, total: number, isOwn: boolean, isMixed: boolean }} chosen how many photos of all, whether some have choices of their own, and whether they differ */
  show({ count, total, isOwn, isMixed }) {
    this.#root.hidden = total < 2;
    setText(this.#words, count > 0 ? t('own.for', { count }) : t('own.for-all'));
    this.#drop.hidden = !isOwn;
    this.#mixed.hidden = !isMixed;
  }
}
