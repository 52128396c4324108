import { MOST_ADJUST } from '../document/edits.js';
import { t } from '../messages/editor.js';
import { section, slider } from './controls.js';

/** @typedef {{ feather: number, shift: number }} Adjustment in pixels of the photo */

/** What is done to all edges at once. */
export class AdjustPanel {
  element;
  #feather;
  #shift;
  /** @type {Adjustment} */
  #value = { feather: 0, shift: 0 };
  /** Wanted while the one before is on its way. @type {Adjustment | null} */
  #next = null;
  #isBusy = false;
  #apply;

  /** @param {(value: Adjustment) => Promise<unknown>} apply */
  constructor(apply) {
    this.#apply = apply;
    this.#feather = slider(t('editor.feather'), { min: 0, max: MOST_ADJUST }, (feather) => this.#change({ feather }));
    this.#shift = slider(t('editor.shift'), { min: -MOST_ADJUST, max: MOST_ADJUST }, (shift) => this.#change({ shift }));
    this.element = section(t('editor.edges'), this.#feather.element, this.#shift.element);
    this.show(this.#value);
  }

  /** @param {Adjustment} value that holds; what a person is just choosing stays as it is */
  show(value) {
    if (this.#isBusy) return;
    this.#value = value;
    this.#draw();
  }

  /** @param {boolean} isDisabled */
  disable(isDisabled) {
    this.#feather.disable(isDisabled);
    this.#shift.disable(isDisabled);
  }

  #draw() {
    const { feather, shift } = this.#value;
    this.#feather.show(feather, t('editor.pixels', { count: feather }));
    this.#shift.show(shift, shift === 0 ? t('editor.pixels', { count: 0 }) : t(shift > 0 ? 'editor.shift.out' : 'editor.shift.in', { count: Math.abs(shift) }));
  }

  /** @param {Partial<Adjustment>} change */
  #change(change) {
    this.#value = { ...this.#value, ...change };
    this.#draw();
    this.#next = this.#value;
    if (!this.#isBusy) void this.#send();
  }

  /** One at a time, and of those that have come meanwhile the last. */
  async #send() {
    this.#isBusy = true;
    for (let value = this.#next; value; value = this.#next) {
      this.#next = null;
      await this.#apply(value);
    }
    this.#isBusy = false;
  }
}
