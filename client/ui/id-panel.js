import { lookUp } from '../messages/index.js';
import { t } from '../messages/later.js';
import { element } from './element.js';
import { backgroundName, formatName } from './finish-words.js';

/** @typedef {{ formats: string[], papers: string[], grounds: readonly string[] }} IdChoices ids of formats and of papers, and colours */

/**
 * What is asked of an ID photo, below its size in the panel. The controls are named after their settings, as the panel's others are.
 * @param {IdChoices} choices
 * @param {(wish: 'crop' | 'sheet') => void} onWish
 * @returns {HTMLElement}
 */
export function idPanel({ formats, papers, grounds }, onWish) {
  const crop = element('button', { 'class': 'button', 'type': 'button', 'data-part': 'crop' }, t('id.crop'));
  const sheet = element('button', { 'class': 'button', 'type': 'button', 'data-part': 'sheet', 'data-when': 'sheet!=none' }, t('id.sheet.save'));
  crop.addEventListener('click', () => onWish('crop'));
  sheet.addEventListener('click', () => onWish('sheet'));
  return element('div', { class: 'finish-id', role: 'group', 'aria-label': t('size.id-photo'), 'data-when': 'size=id-photo' },
    chosen('id-format', t('id.format'), idFormats('id-format', formats, 'idFormat')),
    idGrounds(grounds, 'ground'),
    chosen('id-density', t('id.density'), element('select', { 'class': 'select', 'id': 'id-density', 'name': 'idDensity', 'data-kind': 'number' }, option('300', t('id.density.300')), option('600', t('id.density.600')))),
    crop,
    chosen('id-sheet', t('id.sheet'), element('select', { 'class': 'select', 'id': 'id-sheet', 'name': 'sheet', 'aria-describedby': 'id-sheet-hint' }, ...['none', ...papers].map((id) => option(id, lookUp(`id.sheet.${id}`))))),
    element('p', { class: 'finish-hint', id: 'id-sheet-hint', 'data-when': 'sheet!=none' }, t('id.sheet.hint')),
    sheet);
}

/** @param {string} id @param {string} words @param {HTMLElement} control */
const chosen = (id, words, control) => element('div', { class: 'finish-choice' }, element('label', { class: 'finish-caption', for: id }, words), control);

/** @param {string} value @param {string} words */
const option = (value, words) => element('option', { value }, words);

/** @param {string} id @param {string[]} formats @param {string} name of the control */
export const idFormats = (id, formats, name) => element('select', { class: 'select', id, name }, ...formats.map((one) => option(one, formatName(one))));

/** @param {readonly string[]} grounds @param {string} name of the controls */
export const idGrounds = (grounds, name) => element('fieldset', { class: 'finish-grounds' }, element('legend', { class: 'finish-caption' }, t('id.ground')), element('div', { class: 'finish-controls' }, ...grounds.map((value) => {
  const swatch = element('span', { class: 'well', 'aria-hidden': 'true' });
  swatch.style.background = value;
  return element('label', { class: 'finish-ground' }, element('input', { class: 'chip-radio', type: 'radio', name, value }), swatch, backgroundName({ background: 'colour', colour: value }));
})));
