/** The same box in every other photo: for those that were taken from one place. */
import { t } from '../messages/editor.js';
import { carried } from './box.js';

/**
 * @param {import('./open-photo.js').Photo} from the one that the box was drawn on
 * @param {{ box: import('./box.js').Box, isOnly: boolean }} wish
 * @param {import('./open-photo.js').Page} page
 * @param {import('./status-line.js').StatusLine} status
 */
export async function lookInAll(from, { box, isOnly }, page, status) {
  const others = page.photos().filter(({ id }) => id !== from.id);
  const stop = new AbortController();
  let done = 0;
  try {
    for (const [i, { id, document }] of others.entries()) {
      status.showBusy(t('editor.look.in-all', { index: i + 1, total: others.length }), () => stop.abort());
      const look = await page.look(document, carried(box, from.document.size, document.size), stop.signal);
      if (stop.signal.aborted) break;
      // It may have been removed, or edited, meanwhile.
      const now = page.photos().find((photo) => photo.id === id);
      if (now && look) page.onEdited(id, [...now.document.edits, { ...look, isOnly }]);
      if (look) done += 1;
    }
    status.say(t('editor.look.all-done', { count: done }));
  } catch (error) {
    if (!stop.signal.aborted) status.showFailure(error);
  } finally {
    status.showBusy(null);
  }
}
