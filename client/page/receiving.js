/**
 * Photos on their way into the list, however they came, and what is said of those that did not make it: what is no photo by its first
 * bytes, and what is in the list already.
 *
 * @typedef {import('../ui/dropzone.js').Arrival} Arrival
 * @typedef {import('./same-file.js').Known} Known
 * @typedef {{ name: string, type: string | null }} Refused `type`: what it is instead of a photo; null where nothing tells
 */
import { kindOfFile } from '../image/read/kind.js';
import { errorWords } from '../messages/errors.js';
import { formatNames, sentences } from '../messages/format.js';
import { t } from '../messages/work.js';
import { namesFolded } from '../ui/names-folded.js';
import { isAlike, isSameFile } from './same-file.js';

/** How long photos are added before the page may draw: reading a file's size alone takes milliseconds on some systems. */
const SLICE_MS = 12;
/** Files whose first bytes are read at a time. */
const AT_ONCE = 16;

const KEYS = /** @type {const} */ (['lacking', 'unread', 'leftOut', 'again', 'isCut']);

export class Receiving {
  #notices;
  #announcer;
  #hooks;
  /** Counts the fresh starts, so that photos that are still being added to an earlier one are left out. */
  #start = 0;
  /** Arrivals are taken in one by one, and after what comes back of an earlier visit: each knows all that came before. @type {Promise<unknown>} */
  #last;

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
        const isHere = alike.length > 0 && (await isSameFile(file, alike));
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
  #tell({ folders, unread = [], leftOut = [], isCut = false, lacking }, { added, refused, again }) {
    const said = [added > 0 ? t('arrival.added', { count: added }) : ''];
    /** @param {typeof KEYS[number]} key @param {import('../ui/notices.js').Words} words @param {string[]} [names] @param {import('../ui/notices.js').Action} [action] */
    const warn = (key, words, names = [], action) => {
      this.#notices.show(key, 'warning', { ...words, more: namesFolded(names) }, action);
      said.push(words.title);
    };
    if (lacking) warn('lacking', { title: t(`arrival.${lacking}`), body: t(`arrival.${lacking}.body`) });
    if (unread.length > 0) warn('unread', listed('unread', unread), unread);
    const others = [...refused.map(({ name }) => name), ...leftOut];
    if (others.length > 0) warn('leftOut', refusedWords(others, refused), others);
    const names = again.map(({ name }) => name);
    if (again.length > 0) warn('again', listed('again', names), names, { label: t('arrival.again.add'), act: () => this.#addAgain(again, folders), isLasting: false });
    if (isCut) warn('isCut', { title: t('arrival.is-cut'), body: t('arrival.is-cut.body') });
    this.#announcer.say(sentences(...said));
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

/** @param {'unread' | 'left-out' | 'again'} what @param {string[]} all the names of files and folders; empty ones are not known */
export function listed(what, all) {
  const [count, names] = [all.length, formatNames(all)];
  return { title: names ? t(`arrival.${what}.named`, { count, names }) : t(`arrival.${what}`, { count }), body: t(`arrival.${what}.body`, { count }) };
}

/**
 * @param {string[]} names of all that are no photos
 * @param {Refused[]} refused those of them whose first bytes told
 * @returns {{ title: string, body: string }} of a single one, what it is, and what to do about it
 */
function refusedWords(names, refused) {
  const words = listed('left-out', names);
  if (names.length > 1 || refused.length === 0) return words;
  const [{ type }] = refused;
  const { what, advice } = errorWords(type === 'empty' ? { code: 'empty-image', details: {} } : { code: 'unsupported-image', details: { type } });
  return { ...words, body: sentences(what, advice) };
}

/** Lets the browser draw and handle input. */
const breathe = () => new Promise((resolve) => { setTimeout(resolve); });
