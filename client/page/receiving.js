/**
 * Photos on their way into the list, however they came, and what is said of those that did not make it: what is no photo by its first
 * bytes, and what is in the list already.
 *
 * @typedef {import('../ui/dropzone.js').Arrival} Arrival
 *
 * @typedef {object} Known a photo in the list
 * @property {string} name
 * @property {string} folder empty where it came by itself
 * @property {number} modified ms since the epoch
 * @property {Blob} input
 * @typedef {{ name: string, type: string | null }} Refused `type`: what it is instead of a photo; null where nothing tells
 */
import { kindOfFile } from '../image/read/kind.js';
import { sentences } from '../messages/format.js';
import { withWords } from '../messages/index.js';
import { t } from '../messages/work.js';
import { Lazy } from './lazy.js';

/** How long photos are added before the page may draw: reading a file's size alone takes milliseconds on some systems. */
const SLICE_MS = 12;
/** Files whose first bytes are read at a time. */
const AT_ONCE = 16;

/** Of notices of what was left out (left-out.js). */
const KEYS = /** @type {const} */ (['lacking', 'unread', 'leftOut', 'again', 'isCut']);

export class Receiving {
  #notices;
  #announcer;
  #hooks;
  /** Counts the fresh starts, so that photos that are still being added to an earlier one are left out. */
  #start = 0;
  /** Arrivals are taken in one by one, and after what comes back of an earlier visit: each knows all that came before. @type {Promise<unknown>} */
  #last;
  #leftOut = Lazy.spared(() => withWords(import('./left-out.js')));

  /**
   * @param {{ notices: import('../ui/notices.js').Notices, announcer: import('../ui/announcer.js').Announcer }} screen
   * @param {object} hooks
   * @param {(file: File, folder: string) => void} hooks.onPhoto
   * @param {() => void} hooks.onAll
   * @param {() => readonly Known[]} hooks.known photos that are in the list
   * @param {Promise<unknown>} hooks.areBack photos of an earlier visit are in the list; there may be none
   */
  constructor({ notices, announcer }, hooks) {
    this.#notices = notices;
    this.#announcer = announcer;
    this.#hooks = hooks;
    this.#last = hooks.areBack;
  }

  /** @param {Arrival} arrival @returns {Promise<void>} it has been taken in */
  take(arrival) {
    const start = this.#start;
    this.#clear();
    const taking = this.#last.then(() => this.#takeIn(arrival, start));
    this.#last = taking.catch(() => {});
    return taking;
  }

  /** @param {Arrival} arrival @param {number} start at which it came */
  async #takeIn(arrival, start) {
    if (start !== this.#start) return;
    /** @type {Refused[]} */
    const refused = [];
    /** @type {File[]} */
    const again = [];
    let [added, until] = [0, performance.now() + SLICE_MS];
    for (let at = 0; at < arrival.files.length; at += AT_ONCE) {
      const files = arrival.files.slice(at, at + AT_ONCE);
      const types = await Promise.all(files.map(typeOfOther));
      const known = [...this.#hooks.known()];
      for (const [i, file] of files.entries()) {
        if (performance.now() > until) {
          await breathe();
          until = performance.now() + SLICE_MS;
        }
        const type = types[i];
        const folder = arrival.folders?.get(file) ?? '';
        // Nothing is waited for where none looks like it: each time the page would look through all photos again.
        const alike = type === undefined ? known.filter((one) => isAlike(file, folder, one)) : [];
        const isHere = alike.length > 0 && (await import('./same-file.js').then(({ isSameFile }) => isSameFile(file, alike), () => false));
        if (start !== this.#start) return;
        if (type !== undefined) refused.push({ name: file.name, type });
        else if (isHere) again.push(file);
        else {
          added += 1;
          known.push({ name: file.name, folder, modified: file.lastModified, input: file });
          this.#hooks.onPhoto(file, folder);
        }
      }
    }
    this.#tell(arrival, { added, refused, again });
    if (added > 0) this.#hooks.onAll();
  }

  /** What is still on its way is no longer wanted. */
  stop() {
    this.#start += 1;
    this.#clear();
  }

  #clear() {
    for (const key of KEYS) this.#notices.hide(key);
  }

  /**
   * @param {Arrival} arrival
   * @param {{ added: number, refused: Refused[], again: File[] }} outcome
   */
  #tell(arrival, { added, ...outcome }) {
    const said = added > 0 ? t('arrival.added', { count: added }) : '';
    const start = this.#start;
    if (isWhole(arrival, outcome)) {
      this.#announcer.say(said);
      return;
    }
    this.#leftOut.use(({ leftOut }) => {
      if (start !== this.#start) return;
      const told = leftOut(arrival, outcome, () => this.#addAgain(outcome.again, arrival.folders));
      for (const { key, words, action } of told) this.#notices.show(key, 'warning', words, action);
      this.#announcer.say(sentences(said, ...told.map(({ words }) => words.title)));
    }, () => this.#notices.notLoaded());
  }

  /** @param {File[]} files @param {Arrival['folders']} folders */
  #addAgain(files, folders) {
    for (const file of files) this.#hooks.onPhoto(file, folders?.get(file) ?? '');
    this.#announcer.added(files.length);
    this.#hooks.onAll();
  }
}

/**
 * @param {File} file
 * @returns {Promise<string | null | undefined>} what it is instead of a photo, null where nothing tells; undefined for a photo, and for what
 *   cannot be read now: whoever reads it later says why
 */
function typeOfOther(file) {
  return kindOfFile(file).then((kind) => (kind?.isPhoto ? undefined : kind?.type ?? null), () => undefined);
}

/** Lets the browser draw and handle input. */
const breathe = () => new Promise((resolve) => { setTimeout(resolve); });

/** @param {Arrival} arrival @param {{ refused: Refused[], again: File[] }} outcome @returns {boolean} all that came is in the list */
const isWhole = ({ unread = [], leftOut = [], isCut = false, lacking }, { refused, again }) => !lacking && !isCut && [unread, leftOut, refused, again].every(({ length }) => length === 0);

/**
 * @param {File} file
 * @param {string} folder in which it was dropped; empty where there is none
 * @param {Known} known
 * @returns {boolean} by name, size, time and place it may be the same
 */
const isAlike = (file, folder, known) => known.name === file.name && known.modified === file.lastModified && known.input.size === file.size && areOnePlace(known.folder, folder);

/** A file that came by itself may be one of a folder's. @param {string} one @param {string} other */
const areOnePlace = (one, other) => one === other || one === '' || other === '';
