/**
 * Tells a person who is elsewhere that their photos are done, by a notification of their system. The browser is asked for it by a press only,
 * and it is told once for each press.
 *
 * @typedef {import('../ui/batch-bar.js').Standing} Standing
 */
import { sentences } from '../messages/format.js';
import { t } from '../messages/later.js';

export class TellWhenDone {
  #isPromised = false;
  /** Asking the browser takes a while; what is seen asks often. @type {NotificationPermission | null} null where it may be another one by now */
  #permission = null;
  #given;

  /**
   * @param {object} [given]
   * @param {typeof Notification | undefined} [given.notification]
   * @param {() => boolean} [given.isSeen] the person looks at the page
   * @param {() => Promise<ServiceWorkerRegistration | undefined>} [given.registration] by which some browsers want it to be told
   */
  constructor({
    notification = globalThis.isSecureContext ? globalThis.Notification : undefined,
    isSeen = () => !document.hidden && document.hasFocus(),
    registration = async () => navigator.serviceWorker?.getRegistration(),
  } = {}) {
    this.#given = { notification, isSeen, registration };
    // It is changed in the browser's own windows.
    globalThis.addEventListener?.('focus', () => { this.#permission = null; });
  }

  /** @returns {Standing} */
  get standing() {
    const { notification } = this.#given;
    if (!notification) return 'none';
    this.#permission ??= notification.permission;
    if (this.#permission === 'denied') return 'refused';
    return this.#isPromised ? 'promised' : 'possible';
  }

  /** A press: it will be told, or is not to be told after all. @returns {Promise<string>} what came of it, in words */
  async ask() {
    const { notification } = this.#given;
    if (!notification) return t('batch.tell.refused');
    if (this.#isPromised) {
      this.#isPromised = false;
      return t('batch.tell.taken-back');
    }
    const permission = notification.permission === 'default' ? await notification.requestPermission() : notification.permission;
    this.#permission = permission;
    this.#isPromised = permission === 'granted';
    return t(this.#isPromised ? 'batch.tell.promised' : 'batch.tell.refused');
  }

  /** Nothing is under way any more. @param {number} count of photos that are done @param {number} failed */
  done(count, failed) {
    if (!this.#isPromised) return;
    this.#isPromised = false;
    if (this.#given.isSeen()) return;
    const options = { body: sentences(t('batch.done.body', { count }), failed > 0 && t('batch.done.failed', { count: failed })), tag: 'mattebox-done' };
    void this.#show(t('batch.done'), options);
  }

  /** @param {string} title @param {NotificationOptions} options */
  async #show(title, options) {
    try {
      const made = new /** @type {typeof Notification} */ (this.#given.notification)(title, options);
      made.addEventListener('click', () => globalThis.focus());
    } catch {
      // On phones only a service worker may. Without one the title of the tab tells.
      await this.#given.registration().then((one) => one?.showNotification(title, options)).catch(() => {});
    }
  }
}
