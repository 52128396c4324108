/** How one begins: the starting points of the empty page, what was chosen at the last visit, and a photo to try. */
import { changed, isDefault } from '../finish/output-settings.js';
import { startOf, startSettings } from '../finish/starting-points.js';
import { withWords } from '../messages/index.js';
import { t } from '../messages/work.js';
import { ID_CHOICES } from './id-choices.js';
import { StartingPoints } from '../ui/starting-points.js';
import { Lazy } from './lazy.js';

/** @typedef {import('../finish/starting-points.js').Start} Start */
/** @typedef {import('../finish/output-settings.js').Settings} Settings */

export class Starting {
  #view;
  #questions;
  #finishing;
  /** Nothing has been chosen at this visit. */
  #isRecalled = true;

  /**
   * @param {{ settings: Settings, use: (settings: Settings) => void }} finishing
   * @param {{ announcer: import('../ui/announcer.js').Announcer, notices: import('../ui/notices.js').Notices }} screen
   * @param {(photo: File) => void} onPhoto the sample photo is to be cut out
   */
  constructor(finishing, { announcer, notices }, onPhoto) {
    this.#finishing = finishing;
    const onAnswer = (/** @type {Record<string, string>} */ change) => {
      this.#finishing.use(changed(this.#finishing.settings, change));
      this.show();
    };
    this.#questions = Lazy.spared(() => withWords(import('../ui/id-questions.js')).then(({ IdQuestions }) => new IdQuestions(ID_CHOICES, onAnswer)), (questions) => this.#view.ask(questions.element));
    this.#view = new StartingPoints({
      onStart: (start) => this.#begin(/** @type {Start} */ (start)),
      onReset: () => {
        this.#begin('cut-out');
        announcer.say(t('start.was-reset'));
      },
      onSample: () => void import('./sample-photo.js').then(({ samplePhoto }) => samplePhoto()).then(onPhoto, () => notices.notLoaded()),
    });
    const { early } = this.#view;
    if (early) this.#begin(/** @type {Start} */ (early));
    else this.show();
  }

  /** As the settings are now. */
  show() {
    const { settings } = this.#finishing;
    const start = startOf(settings);
    this.#view.show(settings, { start, isDefault: isDefault(settings), isRecalled: this.#isRecalled });
    if (start === 'id-photo' || this.#questions.loaded) this.#questions.use((questions) => questions.show(startOf(this.#finishing.settings) === 'id-photo' ? this.#finishing.settings : null));
  }

  /** @param {number} photos on the page: beside them, what they become has been seen */
  follow(photos) {
    if (photos > 0) this.#isRecalled = false;
    else this.show();
  }

  /** @param {Start} start */
  #begin(start) {
    this.#isRecalled = false;
    this.#finishing.use(startSettings(start));
    this.show();
  }
}
