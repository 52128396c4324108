/**
 * The picture of a card: the photo, a preview of what it becomes, and what it has become.
 */
import { Compare } from './compare.js';
import { part } from './dom.js';

/** @typedef {import('./result-words.js').Result} Result */

export class CardPicture {
  #card;
  #compare;
  /** @type {Blob | null} */
  #shown = null;

  /**
   * @param {HTMLElement} card
   * @param {{ name: string, input: Blob }} job
   * @param {() => void} onOpen a person wants to see it large
   */
  constructor(card, { name, input }, onOpen) {
    this.#card = card;
    this.#compare = new Compare(card, name, input);
    const picture = part(card, 'compare', HTMLElement);
    picture.addEventListener('dblclick', onOpen);
    picture.addEventListener('keydown', ({ key }) => { if (key === 'Enter') onOpen(); });
  }

  /** @param {Blob} input the photo, which depends on its file no more */
  showHeld(input) {
    this.#card.dataset.held = '';
    this.#compare.replace(input);
  }

  /** @param {Result} result */
  show({ preview, original }) {
    delete this.#card.dataset.preview;
    if (preview.image !== this.#shown) this.#compare.showAfter({ ...preview, original });
    this.#shown = preview.image;
  }

  /** @param {Result['preview']} preview of a coarser matte, until there is a result */
  showEarly(preview) {
    this.#card.dataset.preview = '';
    this.#compare.showAfter({ ...preview, original: null, isEarly: true });
  }

  /** Nothing has come of the photo. */
  clear() {
    delete this.#card.dataset.preview;
    this.#shown = null;
    this.#compare.withdraw();
  }

  release() {
    this.#compare.release();
  }
}
