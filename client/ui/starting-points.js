import { t } from '../messages/work.js';
import { part, setText } from './dom.js';
import { finishSummary } from './finish-words.js';

/** What a person has come for, on the empty page, and what was chosen at the last visit, which is told before it is used. */
export class StartingPoints {
  #radios = /** @type {HTMLInputElement[]} */ ([...part(document, 'starts', HTMLElement).querySelectorAll('[name="start"]')]);
  #line = part(document, 'start-line', HTMLElement);
  #words = part(document, 'start-words', HTMLElement);

  /** @param {{ onStart: (start: string) => void, onReset: () => void, onSample: () => void }} intents */
  constructor({ onStart, onReset, onSample }) {
    for (const radio of this.#radios) radio.addEventListener('change', () => onStart(radio.value));
    part(document, 'start-reset', HTMLButtonElement).addEventListener('click', () => {
      // The button goes away with what it resets.
      this.#radios[0]?.focus();
      onReset();
    });
    const sample = part(document, 'sample', HTMLButtonElement);
    sample.disabled = false;
    sample.addEventListener('click', onSample);
  }

  /** @returns {string | null} what was chosen before this could hear it, null where nothing was */
  get early() {
    return this.#radios.find(({ checked, defaultChecked }) => checked && !defaultChecked)?.value ?? null;
  }

  /** @param {HTMLElement} questions about what was chosen */
  ask(questions) {
    this.#line.before(questions);
  }

  /**
   * @param {Record<string, unknown>} settings
   * @param {{ start: string | null, isDefault: boolean, isRecalled: boolean }} circumstances `start`: the one that the settings are
   */
  show(settings, { start, isDefault, isRecalled }) {
    for (const radio of this.#radios) radio.checked = radio.value === start;
    this.#line.hidden = isDefault;
    const summary = finishSummary(settings);
    setText(this.#words, isRecalled ? t('start.recalled', { summary }) : summary);
  }
}
