import { t } from '../messages/editor.js';
import { formatPercent } from '../messages/format.js';
import { element } from '../ui/element.js';
import { sizeOfSlider, sliderOfSize } from './brush.js';
import { hint, slider } from './controls.js';

/** Size and hardness, which all brushes share. */
export class BrushPanel {
  element;
  #size;
  #hardness;

  /**
   * @param {'restore' | 'erase' | 'edge'} brush
   * @param {(change: { size?: number, hardness?: number }) => void} onSet
   */
  constructor(brush, onSet) {
    this.#size = slider(t('editor.size'), { min: 0, max: 100, step: 0.5 }, (value) => onSet({ size: sizeOfSlider(value) }));
    this.#hardness = slider(t('editor.hardness'), { min: 0, max: 100, step: 5 }, (value) => onSet({ hardness: value / 100 }));
    this.element = element('div', { class: 'editor-options' }, hint(t(`editor.hint.${brush}`)), this.#size.element);
    // What is solved anew has no brush's rim.
    if (brush !== 'edge') this.element.append(this.#hardness.element);
  }

  /** @param {{ size: number, hardness: number }} settings */
  show({ size, hardness }) {
    this.#size.show(Math.round(sliderOfSize(size) * 2) / 2, t('editor.pixels', { count: size }));
    this.#hardness.show(Math.round(hardness * 100), formatPercent(hardness));
  }
}
