/** What files are called: the pattern that a person chose, and the panel in which they do. */
import { recallPattern, rememberPattern } from '../finish/name-preference.js';
import { withWords } from '../messages/index.js';
import { part } from '../ui/dom.js';

/**
 * @param {Pick<import('../ui/job-list.js').JobList, 'showPattern' | 'nameBy'>} list
 * @param {() => void} onFailure the panel cannot be had now
 */
export function followNames(list, onFailure) {
  list.showPattern(recallPattern());
  const open = async () => {
    const { NamesPanel } = await withWords(import('../ui/names-panel.js'));
    new NamesPanel({
      pattern: recallPattern(),
      example: (pattern) => list.nameBy(pattern),
      onPattern: (pattern) => {
        rememberPattern(pattern);
        list.showPattern(pattern);
      },
    }).open();
  };
  part(document, 'names', HTMLButtonElement).addEventListener('click', () => void open().catch(onFailure));
}
