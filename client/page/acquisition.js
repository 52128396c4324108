/**
 * The question before a large download, and the download it leads to, on the screen. Loaded when there is one.
 *
 * @typedef {import('./state.js').State} State
 */
import { Consent } from '../ui/consent.js';
import { DownloadPanel } from '../ui/download-panel.js';
import { ASK_ABOVE_BYTES, downloadAbove, isConsentOpen } from './gate.js';
import { MatteboxError } from '../shared/errors.js';
import { modelOf, offerOf, otherModel } from './state.js';

export class Acquisition {
  #consent;
  #panel;
  #kept;
  #focus;

  /**
   * @param {import('./store.js').Store} store
   * @param {object} setting
   * @param {boolean} setting.kept whether the browser can store what is downloaded
   * @param {{ pause: () => void, resume: () => void }} setting.downloads
   * @param {(model: string) => void} setting.onOther the person would rather use this one
   * @param {() => void} setting.focus where the keyboard goes on when the panel is gone
   */
  constructor(store, { kept, downloads, onOther, focus }) {
    this.#kept = kept;
    this.#focus = focus;
    this.#consent = new Consent({ onAccept: () => store.dispatch({ type: 'accept' }), onDecline: () => this.#decline(store), onOther });
    this.#panel = new DownloadPanel({ onPause: () => downloads.pause(), onResume: () => downloads.resume(), onStop: () => store.dispatch({ type: 'give-up' }) });
  }

  /** What was chosen before is chosen again. @param {import('./store.js').Store} store */
  #decline({ state, dispatch }) {
    dispatch({ type: 'decline' });
    if (state.before !== null) dispatch({ type: 'choose-model', model: state.before });
  }

  /** @param {import('./store.js').Event} event @param {State} state @param {State} previous */
  show({ type }, state, previous) {
    this.#showDownload(state);
    const offer = offerOf(state);
    if (!offer || !isConsentOpen(state)) {
      this.#consent.close();
      return;
    }
    const hasPhotos = state.photos.waiting > 0;
    this.#consent.show({ offer, kept: this.#kept, isDeclined: state.consent === 'declined', hasPhotos, other: otherModel(state, ASK_ABOVE_BYTES) });
    const isNew = state.consent === 'asking' && (!isConsentOpen(previous) || previous.consent !== 'asking');
    if (isNew || type === 'arrived') this.#consent.call(type !== 'choose-model');
  }

  /** @param {State} state */
  #showDownload(state) {
    const { photos } = state;
    const download = downloadAbove(state);
    if (download) {
      const title = modelOf(state, download.model)?.title ?? download.model;
      const error = download.error && MatteboxError.fromWire(download.error);
      this.#panel.show({ ...download, phase: download.state, error }, { title, hasPhotos: photos.waiting > 0, kept: this.#kept });
      return;
    }
    const { hasFocus } = this.#panel;
    this.#panel.close();
    if (hasFocus) this.#focus();
  }
}
