import { formatNames } from '../messages/format-names.js';
import { t } from '../messages/later.js';
import { element } from './element.js';

/**
 * @param {string[]} names of files that are there already
 * @returns {Promise<'replace' | 'beside' | null>} null: save nothing
 */
export function askToReplace(names) {
  const title = element('h2', { id: 'replace-title' }, t('folder.there', { count: names.length, names: formatNames(names) }));
  /** @param {string} value @param {string} words @param {string} [kind] */
  const choice = (value, words, kind = '') => element('button', { class: `button ${kind}`, value }, words);
  const beside = choice('beside', t('folder.beside'), 'primary');
  const actions = element('div', { class: 'consent-actions' }, beside, choice('replace', t('folder.replace', { count: names.length })), choice('', t('folder.cancel'), 'quiet'));
  const form = element('form', { class: 'sheet-body', method: 'dialog' }, title, element('p', {}, t('folder.there.body')), actions);
  const dialog = element('dialog', { 'class': 'sheet', 'aria-labelledby': 'replace-title' }, form);
  document.body.append(dialog);
  dialog.showModal();
  beside.focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(/** @type {'replace' | 'beside'} */ (dialog.returnValue) || null);
    }, { once: true });
  });
}
