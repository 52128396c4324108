/**
 * What the page says of its walls is the result of trying them, at each visit. Loaded at once where one is missing, else behind the first photo.
 *
 * @typedef {{ footer: import('../ui/footer.js').Footer, notices: import('../ui/notices.js').Notices, announcer: import('../ui/announcer.js').Announcer }} Screen
 */
import { sentences } from '../messages/format.js';
import { t } from '../messages/later.js';
import { stateOf, WallPanel } from '../ui/wall-panel.js';

export class WallWatch {
  #panel = new WallPanel();
  #isTold = false;
  #screen;

  /** @param {Screen} screen */
  constructor(screen) {
    this.#screen = screen;
  }

  /** @param {import('../ui/wall-panel.js').Walls} walls as they were found until now */
  show(walls) {
    const { footer, notices, announcer } = this.#screen;
    const state = stateOf(walls);
    this.#panel.show(walls);
    footer.showPrivacy(t(`wall.footer.${state}`));
    if (state !== 'broken' || this.#isTold) return;
    this.#isTold = true;
    const [title, body] = [t('wall.notice'), t('wall.notice.body')];
    notices.show('walls', 'warning', { title, body }, { label: t('wall.notice.see'), act: () => this.#panel.open(), isLasting: true });
    announcer.say(sentences(title, body));
  }
}
