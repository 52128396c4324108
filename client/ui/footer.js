import { part, setText } from './dom.js';
import { text } from './strings.js';

/** @typedef {import('./strings.js').Report} Report */

/** What ran, where, how long; and that the photos stayed. */
export class Footer {
  #report = part(document, 'report', HTMLElement);
  #about = part(document, 'about', HTMLElement);

  /** The model is loaded before the first photo. */
  showReady() {
    setText(this.#report, text.footer.ready);
  }

  /** @param {Report} report of the last run */
  showRun(report) {
    setText(this.#report, [text.footer.ran(report), text.footer.reason(report.reason), text.footer.private].filter(Boolean).join(' '));
  }

  /**
   * @param {string} version
   * @param {{ title: string, licence: string }} model
   */
  showAbout(version, model) {
    setText(this.#about, text.footer.about(version, model));
  }
}
