import { t } from '../messages/editor.js';
import { section, slider, textButton } from './controls.js';

/** Pixels that a speck has, at first, and at most as a part of the photo. */
const FIRST = 400;
const LARGEST = 0.02;

/** Small pieces, which go all at once; those that would are shown while somebody is here. */
export class Specks {
  element;
  /** They are shown in the photo. */
  isPreviewed = false;
  /** Pixels: pieces of fewer are specks. */
  smaller = FIRST;
  #hooks;
  #slider;
  #remove;
  #most = 10_000;
  /** Of each piece that is there. @type {number[]} */
  #areas = [];

  /** @param {{ onChange: () => void, onRemove: (smaller: number) => void }} hooks */
  constructor(hooks) {
    this.#hooks = hooks;
    this.#slider = slider(t('editor.specks.smaller'), { min: 0, max: 100 }, (value) => {
      this.smaller = Math.round(this.#most ** (value / 100));
      this.#draw();
      this.isPreviewed = true;
      hooks.onChange();
    });
    this.#remove = textButton(t('editor.specks.none'), () => hooks.onRemove(this.smaller));
    this.element = section(t('editor.specks'), this.#slider.element, this.#remove);
    for (const type of ['pointerenter', 'focusin']) this.element.addEventListener(type, () => this.#preview(true));
    for (const type of ['pointerleave', 'focusout']) this.element.addEventListener(type, () => this.#preview(this.element.matches(':focus-within') && type === 'pointerleave'));
  }

  /** @param {readonly import('../shared/protocol-edit.js').Piece[]} pieces @param {{ width: number, height: number }} photo */
  show(pieces, { width, height }) {
    this.#areas = pieces.filter(({ isKept }) => isKept).map(({ area }) => area);
    this.#most = Math.max(100, Math.round(width * height * LARGEST));
    this.smaller = Math.min(this.smaller, this.#most);
    this.#draw();
  }

  #draw() {
    const count = this.#areas.filter((area) => area < this.smaller).length;
    this.#slider.show(Math.round((Math.log(Math.max(1, this.smaller)) / Math.log(this.#most)) * 100), t('editor.pixels', { count: this.smaller }));
    this.#remove.textContent = count === 0 ? t('editor.specks.none') : t('editor.specks.remove', { count });
    this.#remove.disabled = count === 0;
  }

  /** @param {boolean} isOn */
  #preview(isOn) {
    if (this.isPreviewed === isOn) return;
    this.isPreviewed = isOn;
    this.#hooks.onChange();
  }
}
