import { sentences } from '../messages/format.js';
import { t } from '../messages/index.js';
import { part, setText } from './dom.js';

/** What ran, where, how long; and that the photos stayed. */
export class Footer {
  #report = part(document, 'report', HTMLElement);
  #about = part(document, 'about', HTMLElement);
  #version = '';
  #isReady = false;
  /** @type {string | null} */
  #model = null;
  #ran = '';
  #privacy = t('footer.private');

  /** The model is loaded before the first photo. */
  showReady() {
    this.#isReady = true;
    setText(this.#report, t('footer.ready'));
  }

  /** @param {string} words on the last run */
  showRun(words) {
    this.#isReady = false;
    this.#ran = words;
    setText(this.#report, sentences(this.#ran, this.#privacy));
  }

  /** @param {string} words on what became of the photos, as far as it is known */
  showPrivacy(words) {
    this.#privacy = words;
    if (this.#ran && !this.#isReady) setText(this.#report, sentences(this.#ran, words));
  }

  /** @param {string} version of Mattebox */
  showVersion(version) {
    this.#version = version;
  }

  /** @param {{ id: string, title: string, licence: string }} model the one that is chosen */
  showModel(model) {
    // What was ready is not what is chosen now.
    if (this.#isReady && model.id !== this.#model) setText(this.#report, '');
    this.#model = model.id;
    setText(this.#about, t('footer.about', { version: this.#version, model: model.title, licence: model.licence }));
  }
}
