/**
 * The picture of a card: the photo, a preview of what it becomes, and what it has become.
 */
import { Compare } from './compare.js';
import { part } from './dom.js';

/** @typedef {import('./result-words.js').Result} Result */

/** A second click within so many ms makes it a double one. */
const DOUBLE_MS = 250;
/** CSS pixels that a press may move and still be a click. */
const STILL = 4;

export class CardPicture {
  #card;
  #compare;
  /** @type {Blob | null} */
  #shown = null;

  /**
   * @param {HTMLElement} card
   * @param {{ name: string, input: Blob }} job
   * @param {(action: 'touch-up' | 'view') => void} onOpen a click and the space bar show it large, a double click and Enter open the editor
   */
  constructor(card, { name, input }, onOpen) {
    this.#card = card;
    this.#compare = new Compare(card, name, input);
    const picture = part(card, 'compare', HTMLElement);
    let [x, y] = [0, 0];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let waiting;
    picture.addEventListener('pointerdown', (event) => { [x, y] = [event.clientX, event.clientY]; });
    picture.addEventListener('click', (event) => {
      clearTimeout(waiting);
      const isStill = Math.hypot(event.clientX - x, event.clientY - y) <= STILL;
      if (event.detail === 1 && isStill) waiting = setTimeout(() => onOpen('view'), DOUBLE_MS);
    });
    picture.addEventListener('dblclick', () => {
      clearTimeout(waiting);
      onOpen('touch-up');
    });
    picture.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') onOpen('touch-up');
      if (event.key !== ' ') return;
      event.preventDefault();
      onOpen('view');
    });
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
