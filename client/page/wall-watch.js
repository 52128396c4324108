/**
 * What the page says of its walls is the result of trying them, at each visit. Loaded when the page has nothing better to do.
 *
 * @typedef {{ footer: import('../ui/footer.js').Footer, notices: import('../ui/notices.js').Notices, announcer: import('../ui/announcer.js').Announcer }} Screen
 */
import { sentences } from '../messages/format.js';
import { t } from '../messages/later.js';
import { stateOf, WallPanel } from '../ui/wall-panel.js';

/**
 * @param {Pick<typeof import('../api.js'), 'environment' | 'tryWalls'>} engine
 * @param {Screen} screen
 */
export async function watchWalls(engine, { footer, notices, announcer }) {
  const panel = new WallPanel();
  let isTold = false;
  const show = () => {
    const { walls } = engine.environment();
    const state = stateOf(walls);
    panel.show(walls);
    footer.showPrivacy(t(`wall.footer.${state}`));
    if (state !== 'broken' || isTold) return;
    isTold = true;
    const [title, body] = [t('wall.notice'), t('wall.notice.body')];
    notices.show('walls', 'warning', { title, body }, { label: t('wall.notice.see'), act: () => panel.open(), isLasting: true });
    announcer.say(sentences(title, body));
  };
  await engine.tryWalls(show);
}
