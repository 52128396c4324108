import { formatSize } from '../messages/format.js';
import { t } from '../messages/words.js';
import { setText } from './dom.js';
import { element } from './element.js';

/** @typedef {import('./words-panel.js').Picture} Picture */

/** Pictures to choose from, and what the chosen one was made of. */
export class WordsPictures {
  #list = element('div', { class: 'words-pictures', role: 'group', 'aria-label': t('words.pictures') });
  #chosen = element('p', { 'class': 'finish-hint', 'dir': 'auto', 'data-part': 'words-chosen' });
  #soft = element('p', { class: 'finish-hint' });
  root = element('div', { class: 'words-made', hidden: true }, this.#list, this.#chosen, this.#soft);
  /** By the picture's id. @type {Map<number, HTMLButtonElement>} */
  #buttons = new Map();
  #onChoose;

  /** @param {(picture: Picture) => void} onChoose */
  constructor(onChoose) {
    this.#onChoose = onChoose;
  }

  /** @param {readonly Picture[]} pictures @param {Picture | null} chosen one of them, or one that was made at another time */
  show(pictures, chosen) {
    const all = chosen && !pictures.some(({ id }) => id === chosen.id) ? [chosen, ...pictures] : pictures;
    this.root.hidden = all.length === 0;
    for (const [id, button] of this.#buttons) if (!all.some((picture) => picture.id === id)) this.#drop(id, button);
    for (const [i, picture] of all.entries()) {
      const button = this.#buttons.get(picture.id) ?? this.#make(picture);
      if (this.#list.children[i] !== button) this.#list.insertBefore(button, this.#list.children[i] ?? null);
      button.setAttribute('aria-pressed', String(picture.id === chosen?.id));
    }
    setText(this.#chosen, chosen ? t(chosen.origin.start ? 'words.chosen.start' : 'words.chosen', { model: chosen.origin.title, seed: chosen.origin.seed, prompt: chosen.origin.prompt }) : '');
    if (!chosen) setText(this.#soft, '');
    else this.#sizeUp(this.#buttons.get(chosen.id)?.querySelector('img') ?? null);
  }

  /** @param {Picture} picture */
  #make(picture) {
    const image = element('img', { alt: '', src: URL.createObjectURL(picture.image), draggable: 'false' });
    const button = element('button', { 'class': 'words-picture', 'type': 'button', 'aria-label': t('words.use', { number: picture.origin.seed }), 'data-seed': picture.origin.seed }, image);
    button.addEventListener('click', () => this.#onChoose(picture));
    this.#buttons.set(picture.id, button);
    return button;
  }

  /** @param {number} id @param {HTMLButtonElement} button */
  #drop(id, button) {
    this.#buttons.delete(id);
    URL.revokeObjectURL(button.querySelector('img')?.src ?? '');
    button.remove();
  }

  /** @param {HTMLImageElement | null} image */
  #sizeUp(image) {
    image?.decode().then(() => setText(this.#soft, t('words.soft', { size: formatSize({ width: image.naturalWidth, height: image.naturalHeight }) })), () => {});
  }
}
