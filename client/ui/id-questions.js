import { t } from '../messages/later.js';
import { element } from './element.js';
import { idFormats, idGrounds } from './id-panel.js';

/** What an ID photo cannot do without: for whom it is, and what it stands on. Asked where it is chosen, before a photo comes. */
export class IdQuestions {
  #formats;
  element;

  /** @param {import('./id-panel.js').IdChoices} choices @param {(change: Record<string, string>) => void} onAnswer */
  constructor({ formats, grounds }, onAnswer) {
    this.#formats = idFormats('start-id-format', formats, 'start-format');
    const ground = idGrounds(grounds, 'start-ground');
    this.element = element('div', { class: 'start-questions', hidden: true }, element('div', { class: 'finish-choice' }, element('label', { class: 'finish-caption', for: 'start-id-format' }, t('id.format')), this.#formats), ground);
    this.#formats.addEventListener('change', () => onAnswer({ idFormat: this.#formats.value }));
    ground.addEventListener('change', ({ target }) => { if (target instanceof HTMLInputElement) onAnswer({ colour: target.value }); });
  }

  /** @param {Record<string, unknown> | null} settings null where no ID photo is wanted */
  show(settings) {
    this.element.hidden = settings === null;
    if (!settings) return;
    this.#formats.value = String(settings.idFormat);
    for (const radio of this.element.querySelectorAll('input')) radio.checked = radio.value === settings.colour;
  }
}
