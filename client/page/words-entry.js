/**
 * "Made from words" among the backgrounds, where this site has a model for it. What it takes to make pictures is loaded there, and nowhere else.
 *
 * @typedef {import('../finish/choices.js').Choices} Choices
 * @typedef {import('../finish/choices.js').Made} Made
 * @typedef {import('../document/document.js').Document} Document
 * @typedef {{ id: string, input: Blob, result: { document: Document } | null }} Job
 */
import { withWords } from '../messages/index.js';

export class WordsEntry {
  /** @type {import('./words/index.js').Words | null} */
  #words = null;
  /** The panel is about pictures from words, and none of them is the background yet. */
  #isOpen = false;
  #engine;
  #hooks;

  /**
   * @param {typeof import('../api.js')} engine
   * @param {{ onChoose: (made: Made) => void, onSay: (words: string) => void, jobs: () => readonly Job[], chosen: () => readonly string[] }} hooks `chosen`: ids of the photos
   *   that the panel is about; of none, it is about all
   */
  constructor(engine, hooks) {
    this.#engine = engine;
    this.#hooks = hooks;
  }

  /** @param {import('../ui/finish-panel.js').FinishPanel} panel that gets the entry; without one where it cannot be had */
  async offer(panel) {
    try {
      const { Words } = await withWords(import('./words/index.js'));
      this.#words = await Words.load(this.#engine, { onSay: this.#hooks.onSay, onChoose: (made) => this.#choose(made), photo: () => firstOf(this.#hooks) });
      if (this.#words) panel.add(this.#words.chip, this.#words.row);
    } catch {
      // Nothing else waits for it, and the next visit asks again.
    }
  }

  /** @param {Made} made */
  #choose(made) {
    this.#isOpen = false;
    this.#hooks.onChoose(made);
  }

  /**
   * @param {Record<string, unknown>} change that was made in the panel
   * @param {Choices} choices that it is about
   * @returns {boolean} whether that was all: there is no picture yet that photos could stand on
   */
  takes(change, { made = null }) {
    if (!('background' in change)) return false;
    this.#isOpen = change.background === 'words' && made === null;
    return this.#isOpen;
  }

  /** @param {Choices} choices that the panel is about @returns {Choices['settings']} as it shows them */
  show({ settings, made = null }) {
    this.#words?.show(settings.background === 'words' ? made : null);
    return this.#isOpen ? { ...settings, background: 'words' } : settings;
  }
}

/** @param {{ jobs: () => readonly Job[], chosen: () => readonly string[] }} hooks @returns {Document | null} of the first photo that has been cut out */
export function firstOf({ jobs, chosen }) {
  const ids = chosen();
  const job = jobs().find(({ id, result }) => result && (ids.length === 0 || ids.includes(id)));
  // The photo may have been copied since.
  return job?.result ? { ...job.result.document, file: job.input } : null;
}
