/** What is said of photos as a whole, shown and heard. */
import { t } from '../messages/work.js';

export class PhotoNotices {
  #screen;

  /** @param {{ announcer: Pick<import('../ui/announcer.js').Announcer, 'say'>, notices: import('../ui/notices.js').Notices }} screen */
  constructor(screen) {
    this.#screen = screen;
  }

  notLoaded() {
    this.#warn('not-loaded', { title: t('not-loaded'), body: t('not-loaded.body') });
  }

  /** @param {number} count of photos that could not be finished as they are wanted, and were not downloaded */
  unsaved(count) {
    if (count > 0) this.#warn('unsaved', { title: t('unsaved', { count }), body: t('unsaved.body', { count }) });
    else this.#screen.notices.hide('unsaved');
  }

  /** @param {'none' | 'sheet'} why nothing came of what was wanted of ID photos: none is done, or they cannot be on one sheet */
  idPhotos(why) {
    this.#warn('id-photos', why === 'none' ? { title: t('id.none'), body: t('id.none.body') } : { title: t('id.sheet.failed'), body: t('id.sheet.failed.body') });
  }

  /** @param {'zip' | 'folder'} what could not be made, or not be written */
  notSaved(what) {
    this.#warn('unsaved', { title: t(`${what}.failed`), body: t(`${what}.failed.body`) });
  }

  /** @param {number} count of photos that depend on their files */
  filesLeft(count) {
    if (count > 0) this.#screen.notices.show('files', 'warning', { title: t('files-left', { count }), body: t('files-left.body') });
    else this.#screen.notices.hide('files');
  }

  /** @param {string} key @param {import('../ui/notices.js').Words} words */
  #warn(key, words) {
    this.#screen.notices.show(key, 'warning', words);
    this.#screen.announcer.say(words.title);
  }
}
