import { t } from '../messages/later.js';
import { element } from './element.js';

/** The line between the photo as it was, on its left, and the cutout: dragged, or moved with the keyboard. */
export class Divider {
  #range = element('input', { type: 'range', min: 0, max: 100, value: 50, 'aria-label': t('job.divider') });
  element = element('div', { class: 'divider', hidden: true }, element('span', { class: 'divider-handle', 'aria-hidden': 'true' }), this.#range);

  /** @param {() => void} onMove */
  constructor(onMove) {
    this.#range.addEventListener('input', () => {
      this.#show();
      onMove();
    });
    this.element.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.element.setPointerCapture(event.pointerId);
      this.#range.focus({ preventScroll: true });
      event.preventDefault();
      event.stopPropagation();
    });
    this.element.addEventListener('pointermove', (event) => {
      const stage = this.element.parentElement;
      if (!stage || !this.element.hasPointerCapture(event.pointerId)) return;
      event.stopPropagation();
      const { left, width } = stage.getBoundingClientRect();
      this.#range.value = String(Math.round(((event.clientX - left) / width) * 1000) / 10);
      this.#show();
      onMove();
    });
    this.#range.step = '0.1';
    this.#show();
  }

  /** @returns {number} 0..1 of the stage's width */
  get share() {
    return this.#range.valueAsNumber / 100;
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.element.hidden = !isShown;
  }

  #show() {
    this.element.style.insetInlineStart = `${this.share * 100}%`;
    this.#range.setAttribute('aria-valuetext', t('job.compare.value', { before: Math.round(this.share * 100), after: 100 - Math.round(this.share * 100) }));
  }
}
