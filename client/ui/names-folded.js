import { MOST_NAMES } from '../messages/format-names.js';
import { t } from '../messages/later.js';
import { element } from './element.js';

/**
 * All names, where a sentence has room for a few only.
 * @param {string[]} names
 * @returns {HTMLElement | null} null where the sentence has them all
 */
export function namesFolded(names) {
  if (names.length <= MOST_NAMES) return null;
  const list = element('ul', { tabindex: 0 }, ...names.map((name) => element('li', { translate: 'no' }, name)));
  return element('details', { class: 'names' }, element('summary', {}, t('arrival.all-names', { count: names.length })), list);
}
