import { t } from '../messages/editor.js';
import { element } from '../ui/element.js';
import { iconButton } from './controls.js';
import { TOOLS } from './tools.js';

/** The keys, as people find them on their keyboard, by what they do. */
const ROWS = /** @type {const} */ ([
  ['size', ['[', ']']],
  ['hardness', ['Shift+[', 'Shift+]']],
  ['line', ['Shift']],
  ['paint', ['←', '↑', '→', '↓', 'Enter']],
  ['take', ['Alt']],
  ['same', ['Shift']],
  ['undo', ['Ctrl+Z', '⌘Z']],
  ['redo', ['Shift+Ctrl+Z', 'Ctrl+Y', '⇧⌘Z']],
  ['original', ['O']],
  ['split', ['S']],
  ['matte', ['M']],
  ['ground', ['G']],
  ['zoom', ['+', '−']],
  ['fit', ['0']],
  ['actual', ['1', '2']],
  ['pan', ['Space']],
  ['photos', ['Page Up', 'Page Down']],
  ['help', ['?']],
  ['close', ['Esc']],
]);

/** @type {ReadonlySet<string>} */
const OF_SELECT = new Set(['take', 'same']);

/** @param {readonly string[]} keys */
const keyCaps = (keys) => element('dd', {}, ...keys.map((key) => element('kbd', { translate: 'no' }, key)));

/**
 * What can be done, and with which keys.
 * @param {(tool: import('./tools.js').ToolName) => boolean} hasTool
 * @returns {HTMLDialogElement} to be shown over the editor
 */
export function helpSheet(hasTool) {
  const rows = [
    ...TOOLS.filter(({ name }) => hasTool(name)).map(({ name, key }) => element('div', {}, element('dt', {}, t(`editor.tool.${name}`)), keyCaps([key]))),
    ...ROWS.filter(([name]) => hasTool('select') || !OF_SELECT.has(name)).map(([name, keys]) => element('div', {}, element('dt', {}, t(`editor.help.${name}`)), keyCaps(keys))),
  ];
  const title = element('h2', { id: 'editor-help-title', tabindex: -1 }, t('editor.help.title'));
  const sheet = element('dialog', { class: 'sheet editor-help', 'aria-labelledby': 'editor-help-title' },
    element('div', { class: 'sheet-body' },
      element('div', { class: 'sheet-head' }, title, iconButton('close', t('notice.close'), () => sheet.close())),
      element('p', { class: 'editor-hint' }, t('editor.help.lead')),
      element('dl', { class: 'editor-keys' }, ...rows)));
  sheet.addEventListener('click', (event) => {
    if (event.target === sheet) sheet.close();
  });
  return sheet;
}
