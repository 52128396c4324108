/**
 * What the page says of the network: that a model is not here and cannot be had now. It has to be here before the network is gone; what is said of
 * the shell (shell-told.js) does not.
 *
 * @typedef {import('./state.js').State} State
 */
import { formatBytes, sentences } from '../messages/format.js';
import { withWords } from '../messages/index.js';
import { t } from '../messages/work.js';
import { isOut } from './gate.js';
import { Lazy } from './lazy.js';
import { chosen, offerOf, otherModel } from './state.js';

/** As the service worker knows it. */
const PAST_THE_SHELL = 'sign-in';

export class Surroundings {
  #screen;
  #onOther;
  /** Of what is kept on this device: there is nothing of it before a first photo. */
  #shell = Lazy.spared(() => withWords(import('./shell-told.js')).then(({ ShellTold }) => new ShellTold((...told) => this.#tell(...told))));
  /** What the notices say, so that they are only replaced by something else. @type {Record<string, string>} */
  #told = {};

  /**
   * @param {{ announcer: import('../ui/announcer.js').Announcer, notices: import('../ui/notices.js').Notices }} screen
   * @param {(model: string) => void} onOther the person would rather use this one, which is here
   */
  constructor(screen, onOther) {
    this.#screen = screen;
    this.#onOther = onOther;
  }

  /** @param {State} state */
  show(state) {
    this.#showMissing(state);
    if (state.shell || this.#shell.loaded) this.#shell.use((told) => told.show(state));
  }

  /** @param {State} state */
  #showMissing(state) {
    const [model, offer] = [chosen(state), offerOf(state)];
    if (!model || !offer) return;
    const other = otherModel(state, 0);
    const { count, isBusy } = state.photos;
    const isSignedOut = state.server === 'signed-out' && isOut(state);
    const size = formatBytes(offer.download);
    const toSignIn = { title: t('signed-out'), body: sentences(t('signed-out.body', { model: model.title, size }), count > 0 && t('signed-out.photos')) };
    this.#tell('signed-out', 'warning', isSignedOut ? toSignIn : null, { label: t('signed-out.sign-in'), act: () => signIn(count > 0), isLasting: true });
    const words = { title: t('offline.missing', { model: model.title }), body: sentences(t('offline.missing.body', { size }), isBusy && t('download.photos-wait')) };
    const action = other && { label: t('consent.other', { model: other.title }), act: () => this.#onOther(other.id), isLasting: false };
    this.#tell('missing', 'warning', isOut(state) && !isSignedOut ? words : null, action);
  }

  /**
   * @param {string} key
   * @param {import('../ui/notices.js').Tone} tone
   * @param {import('../ui/notices.js').Words | null} words null takes them back
   * @param {import('../ui/notices.js').Action | null} action
   */
  #tell(key, tone, words, action) {
    const said = words ? JSON.stringify([words, action?.label]) : '';
    if (said === (this.#told[key] ?? '')) return;
    const isNew = !this.#told[key];
    this.#told[key] = said;
    if (!words) {
      this.#screen.notices.hide(key);
      return;
    }
    this.#screen.notices.show(key, tone, words, action ?? undefined);
    if (isNew) this.#screen.announcer.say(sentences(words.title, words.body));
  }
}

/**
 * At the page's own address, which the service worker leaves to the server when it is asked for like this. Photos would be lost
 * with the page they are in: then it is another one.
 * @param {boolean} hasPhotos
 */
function signIn(hasPhotos) {
  const address = new URL(location.href);
  address.search = `?${PAST_THE_SHELL}`;
  address.hash = '';
  if (hasPhotos) globalThis.window.open(address, '_blank', 'noopener');
  else location.assign(address);
}
