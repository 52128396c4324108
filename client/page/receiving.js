/**
 * Photos on their way into the list, however they came, and what is said of those that did not make it.
 *
 * @typedef {import('../ui/dropzone.js').Arrival} Arrival
 */
import { formatNames, sentences } from '../messages/format.js';
import { t } from '../messages/work.js';

/** How long photos are added before the page may draw: reading a file's size alone takes milliseconds on some systems. */
const SLICE_MS = 12;

const KEYS = /** @type {const} */ (['lacking', 'unread', 'leftOut', 'isCut']);

export class Receiving {
  #notices;
  #announcer;
  #onPhoto;
  #onAll;
  /** Counts the fresh starts, so that photos that are still being added to an earlier one are left out. */
  #start = 0;

  /**
   * @param {{ notices: import('../ui/notices.js').Notices, announcer: import('../ui/announcer.js').Announcer }} screen
   * @param {{ onPhoto: (file: File) => void, onAll: () => void }} hooks
   */
  constructor({ notices, announcer }, { onPhoto, onAll }) {
    this.#notices = notices;
    this.#announcer = announcer;
    this.#onPhoto = onPhoto;
    this.#onAll = onAll;
  }

  /** @param {Arrival} arrival */
  async take(arrival) {
    const { files } = arrival;
    this.#tell(arrival);
    const start = this.#start;
    let until = performance.now() + SLICE_MS;
    for (const file of files) {
      if (performance.now() > until) {
        await breathe();
        if (start !== this.#start) return;
        until = performance.now() + SLICE_MS;
      }
      this.#onPhoto(file);
    }
    if (files.length > 0) this.#onAll();
  }

  /** What is still on its way is no longer wanted. */
  stop() {
    this.#start += 1;
    this.#clear();
  }

  #clear() {
    for (const key of KEYS) this.#notices.hide(key);
  }

  /** @param {Arrival} arrival */
  #tell({ files, unread = [], leftOut = [], isCut = false, lacking }) {
    this.#clear();
    const said = [files.length > 0 ? t('arrival.added', { count: files.length }) : ''];
    const warn = (/** @type {typeof KEYS[number]} */ key, /** @type {import('../ui/notices.js').Words} */ words) => {
      this.#notices.show(key, 'warning', words);
      said.push(words.title);
    };
    if (lacking) warn('lacking', { title: t(`arrival.${lacking}`), body: t(`arrival.${lacking}.body`) });
    if (unread.length > 0) warn('unread', listed('unread', unread));
    if (leftOut.length > 0) warn('leftOut', listed('left-out', leftOut));
    if (isCut) warn('isCut', { title: t('arrival.is-cut'), body: t('arrival.is-cut.body') });
    this.#announcer.say(sentences(...said));
  }
}

/** @param {'unread' | 'left-out'} what @param {string[]} all the names of files and folders; empty ones are not known */
export function listed(what, all) {
  const [count, names] = [all.length, formatNames(all)];
  return { title: names ? t(`arrival.${what}.named`, { count, names }) : t(`arrival.${what}`, { count }), body: t(`arrival.${what}.body`, { count }) };
}

/** Lets the browser draw and handle input. */
const breathe = () => new Promise((resolve) => { setTimeout(resolve); });
