/**
 * The finer model that is offered beside the photos: the question, its download behind the work, and the photos that are made once more with
 * it. Loaded with the first photo.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {import('./photos.js').Job} Job
 */
import { isUnderWay } from '../jobs/kinds.js';
import { t } from '../messages/later.js';
import { MatteboxError } from '../shared/errors.js';
import { DownloadPanel } from '../ui/download-panel.js';
import { part } from '../ui/dom.js';
import { FinerOffer } from '../ui/finer-offer.js';
import { loadStyle } from '../ui/load-style.js';
import { finerOf, toRedo } from './finer-offer.js';
import { rememberDeclined } from './preference.js';
import { modelOf } from './state.js';

export class Finer {
  #hooks;
  #view;
  #panel;
  /** What the question is about while it is put. @type {string | null} */
  #asked = null;
  /** Photos that were being cut out with the model before when the finer one came. @type {Set<string>} */
  #late = new Set();

  /**
   * @param {import('./store.js').Store} store
   * @param {object} hooks
   * @param {boolean} hooks.kept whether the browser can store what is downloaded
   * @param {{ pause: () => void, resume: () => void }} hooks.downloads
   * @param {() => Job[]} hooks.all
   * @param {(ids: string[]) => void} hooks.redo in this order
   * @param {(step: import('./undo.js').Step) => void} hooks.offer
   * @param {() => void} hooks.focus where the keyboard goes on when what it was on is gone
   */
  constructor({ dispatch }, hooks) {
    this.#hooks = hooks;
    // Without them it can be used all the same.
    loadStyle(new URL('../ui/finer.css', import.meta.url)).catch(() => {});
    const about = (/** @type {(model: string) => void} */ act) => () => { if (this.#asked) act(this.#asked); };
    this.#view = new FinerOffer({
      onAccept: about((model) => dispatch({ type: 'take-finer', model })),
      onDecline: about((model) => {
        dispatch({ type: 'decline-finer', model });
        hooks.offer({ words: t('finer.declined'), undo: () => dispatch({ type: 'offer-finer' }) });
      }),
    });
    this.#panel = new DownloadPanel({ onPause: () => hooks.downloads.pause(), onResume: () => hooks.downloads.resume(), onStop: () => dispatch({ type: 'give-up' }) }, part(document, 'finer', HTMLElement));
  }

  /** @param {import('./store.js').Event} event @param {State} state @param {State} previous */
  follow({ type }, state, previous) {
    if (state.declined !== previous.declined) rememberDeclined(state.declined);
    this.#show(state);
    if (type === 'downloaded' && previous.coming !== null && state.model === previous.coming) this.#come(state.model);
    else if (state.model !== previous.model) this.#late.clear();
  }

  /** @param {Job} job that is settled */
  settled({ id }) {
    if (this.#late.delete(id)) this.#hooks.redo([id]);
  }

  /** @param {State} state */
  #show(state) {
    const { download, coming } = state;
    const hadFocus = this.#view.hasFocus || this.#panel.hasFocus;
    const finer = finerOf(state, this.#asked);
    this.#asked = finer?.model.id ?? null;
    if (finer) this.#view.show(finer.offer, this.#hooks.kept);
    else this.#view.close();
    // Without photos it stands where all downloads do.
    if (download && download.model === coming && state.photos.count > 0) {
      const error = download.error && MatteboxError.fromWire(download.error);
      this.#panel.show({ ...download, phase: download.state, error }, { title: modelOf(state, coming)?.title ?? coming, hasPhotos: false, kept: this.#hooks.kept, isBehind: true });
      if (hadFocus) this.#panel.focus();
    } else {
      this.#panel.close();
      if (hadFocus && !finer) this.#hooks.focus();
    }
  }

  /** @param {string} model that is here now */
  #come(model) {
    const all = this.#hooks.all();
    this.#late = new Set(all.filter(({ state }) => isUnderWay(state)).map(({ id }) => id));
    this.#hooks.redo(toRedo(all, model));
  }
}
