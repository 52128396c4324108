import { Transfer } from './transfer.js';
import { Consent } from '../ui/consent.js';
import { DownloadPanel } from '../ui/download-panel.js';

/** @typedef {import('../ui/model-words.js').Offer} Offer */
/** @typedef {{ id: string, title: string } | null} OtherModel one that needs no question */
/**
 * @typedef {object} Hooks
 * @property {(model: string, outcome: import('./transfer.js').Outcome) => void} onDone
 * @property {(model: string) => void} onOther the person would rather use this one
 * @property {() => void} onStop the download was given up
 * @property {() => boolean} hasPhotos whether photos wait for it
 * @property {() => void} focus where the keyboard goes on when the panel is gone
 */

/**
 * The question before a large download, and the download it leads to.
 *
 * Invariant: nothing is fetched here but for the model whose question was answered with yes.
 */
export class Acquisition {
  /** Id of the model that may be downloaded. @type {string | null} */
  #agreed = null;
  /** @type {{ offer: Offer, other: OtherModel } | null} */
  #asked = null;
  #consent;
  #panel;
  #transfer;
  #kept;
  #hooks;

  /**
   * @param {import('./transfer.js').Download} download
   * @param {boolean} kept whether the browser can store it
   * @param {Hooks} hooks
   */
  constructor(download, kept, hooks) {
    this.#kept = kept;
    this.#hooks = hooks;
    this.#transfer = new Transfer(download, (state) => this.#show(state), hooks.onDone);
    this.#consent = new Consent({ onAccept: () => this.#accept(), onOther: hooks.onOther });
    this.#panel = new DownloadPanel({
      onPause: () => this.#transfer.pause(),
      onResume: () => this.#transfer.resume(),
      onStop: () => this.#giveUp(),
    });
  }

  /** @returns {boolean} a download runs, is paused or has failed */
  get isUnderWay() {
    return this.#transfer.state.phase !== 'idle';
  }

  /** @returns {boolean} */
  get isAsking() {
    return this.#consent.isOpen;
  }

  /** @param {string} model @returns {boolean} */
  isAgreed(model) {
    return this.#agreed === model;
  }

  /**
   * @param {Offer} offer
   * @param {OtherModel} other
   * @param {boolean} hasCaller the person is here because of it, rather than busy elsewhere on the page
   */
  ask(offer, other, hasCaller) {
    this.#asked = { offer, other };
    this.#consent.ask(this.#question(offer, other), hasCaller);
  }

  /**
   * The same question with numbers that may have changed.
   * @param {Offer} offer
   * @param {OtherModel} other
   */
  update(offer, other) {
    this.#asked = { offer, other };
    this.#consent.update(this.#question(offer, other));
  }

  /** Nothing is to be asked any more. A download that was agreed to goes on. */
  close() {
    this.#consent.close();
  }

  /** A download that failed goes on: the server is back. */
  goOn() {
    if (this.#transfer.state.phase === 'failed') this.#transfer.resume();
  }

  /** The agreement ends, and with it the download. What has been stored by now stays stored. */
  stop() {
    this.#agreed = null;
    this.#transfer.stop();
  }

  /** @param {Offer} offer @param {OtherModel} other */
  #question(offer, other) {
    return { offer, other, kept: this.#kept, hasPhotos: this.#hooks.hasPhotos() };
  }

  #accept() {
    if (!this.#asked) return;
    const { id } = this.#asked.offer.model;
    this.#agreed = id;
    this.#transfer.start(id);
  }

  /** Back to the question; what has arrived by now will not be asked for again. */
  #giveUp() {
    this.stop();
    if (this.#asked) this.ask(this.#asked.offer, this.#asked.other, true);
    this.#hooks.onStop();
  }

  /** @param {import('./transfer.js').TransferState} state */
  #show(state) {
    const { phase } = state;
    if (phase !== 'idle') {
      const title = this.#asked?.offer.model.title ?? state.model;
      this.#panel.show({ ...state, phase }, { title, hasPhotos: this.#hooks.hasPhotos(), kept: this.#kept });
      return;
    }
    const { hasFocus } = this.#panel;
    this.#panel.close();
    if (hasFocus) this.#hooks.focus();
  }
}
