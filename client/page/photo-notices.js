/** What is said of photos as a whole, shown and heard. Its words are loaded behind the first photo, or when they are needed. */
import { t, withWords } from '../messages/index.js';
import { Lazy } from './lazy.js';

/** @typedef {import('../ui/notices.js').Words} Words */

/** @typedef {(all: typeof import('./photo-notice-words.js')) => Words} Say */

export class PhotoNotices {
  #screen;
  #words = Lazy.spared(() => withWords(import('./photo-notice-words.js')));
  /** What is to be seen, by the notice's key; where nothing is any more, its words come too late. @type {Map<string, Say>} */
  #due = new Map();

  /** @param {{ announcer: Pick<import('../ui/announcer.js').Announcer, 'say'>, notices: import('../ui/notices.js').Notices }} screen */
  constructor(screen) {
    this.#screen = screen;
  }

  notLoaded() {
    this.#screen.notices.notLoaded();
    this.#screen.announcer.say(t('not-loaded'));
  }

  /** @param {number} count of photos that could not be finished as they are wanted, and were not downloaded */
  unsaved(count) {
    this.#tell('unsaved', count > 0 ? (all) => all.unsaved(count) : null);
  }

  /** @param {'none' | 'sheet'} why nothing came of what was wanted of ID photos: none is done, or they cannot be on one sheet */
  idPhotos(why) {
    this.#tell('id-photos', (all) => all.idPhotos(why));
  }

  /** @param {'zip' | 'folder'} what could not be made, or not be written */
  notSaved(what) {
    this.#tell('unsaved', (all) => all.notSaved(what));
  }

  /** @param {number} count of photos that depend on their files: seen, not heard */
  filesLeft(count) {
    this.#tell('files', count > 0 ? (all) => all.filesLeft(count) : null, false);
  }

  /** @param {string} key @param {Say | null} say null takes back what was said @param {boolean} [isHeard] */
  #tell(key, say, isHeard = true) {
    if (say) {
      this.#due.set(key, say);
      this.#words.use((all) => { if (this.#due.get(key) === say) this.#show(key, say(all), isHeard); }, () => this.notLoaded());
    } else {
      this.#due.delete(key);
      this.#screen.notices.hide(key);
    }
  }

  /** @param {string} key @param {Words} words @param {boolean} [isHeard] */
  #show(key, words, isHeard = true) {
    this.#screen.notices.show(key, 'warning', words);
    if (isHeard) this.#screen.announcer.say(words.title);
  }
}
