/**
 * Pictures that photos may stand on: a person's own, and those that are made from words where this site has a model for it. What each takes is loaded
 * where it is wanted.
 *
 * @typedef {import('../finish/choices.js').Choices} Choices
 * @typedef {import('../finish/choices.js').Ground} Ground
 */
import { Lazy } from './lazy.js';
import { withWords } from '../messages/index.js';

export class GroundPictures {
  #engine;
  #own;
  #words;
  #hooks;

  /**
   * @param {typeof import('../api.js')} engine
   * @param {object} hooks
   * @param {(ground: Ground, ids?: readonly string[]) => void} hooks.onGround these photos stand on it from now on; of none, all do; left out, those that choices are made for
   * @param {() => readonly string[]} hooks.chosen ids of the photos that choices are made for; of none, they are for all
   * @param {() => readonly import('./finish-controller.js').Job[]} hooks.jobs all photos
   * @param {() => void} hooks.onChange a picture begins to be opened, or does so no more
   * @param {() => void} hooks.onEntry there may be pictures from words
   * @param {(words: string) => void} hooks.onSay to be heard
   * @param {() => void} hooks.onNotLoaded a part of the page could not be loaded
   */
  constructor(engine, hooks) {
    const { onGround, onChange, onSay, chosen, jobs } = hooks;
    this.#engine = engine;
    this.#hooks = hooks;
    this.#own = Lazy.spared(() => withWords(import('./own-picture.js')).then(({ OwnPicture }) => new OwnPicture(engine, { chosen, onChange, onOpened: (picture, ids) => onGround({ background: 'image', picture }, ids) })));
    this.#words = new Lazy(() => import('./words-entry.js').then(({ WordsEntry }) => new WordsEntry(engine, { onSay, jobs, chosen, onChoose: (picture) => onGround({ background: 'words', picture }) })));
  }

  /** @param {File} image a person's own */
  choose(image) {
    this.#own.use((own) => void own.choose(image), this.#hooks.onNotLoaded);
  }

  /** Tell no more why the picture that was chosen last is not the background. */
  forget() {
    this.#own.loaded?.forget();
  }

  /** @param {string} id of a photo @param {boolean} isAsAll it has no choices of its own @returns {boolean} a picture is being opened for it */
  isFor = (id, isAsAll) => this.#own.loaded?.isFor(id, isAsAll) ?? false;

  /** @returns {{ isOpening: boolean, trouble: unknown }} of a person's own */
  get state() {
    return { isOpening: this.#own.loaded?.isOpening ?? false, trouble: this.#own.loaded?.trouble ?? null };
  }

  /** @param {import('../ui/finish-panel.js').FinishPanel} panel that gets the entry "Made from words" where this site can @returns {Promise<void>} it has, or cannot */
  async offer(panel) {
    // Nothing else waits for it, and the next visit asks again.
    const isOffered = await this.#engine.catalog().then(({ pipelines }) => pipelines.some(({ task }) => task === 'generate'), () => false);
    if (!isOffered) return;
    await new Promise((resolve) => { this.#words.use((words) => resolve(words.offer(panel)), () => resolve(null)); });
    this.#hooks.onEntry();
  }

  /**
   * @param {Record<string, unknown>} change that was made in the panel
   * @param {Choices} choices that it is about
   * @returns {boolean} whether that was all: there is no picture yet that photos could stand on
   */
  takes = (change, choices) => this.#words.loaded?.takes(change, choices) ?? false;

  /** @param {Choices} choices that the panel is about @returns {Choices['settings']} as it shows them */
  shown = (choices) => this.#words.loaded?.show(choices) ?? choices.settings;
}
