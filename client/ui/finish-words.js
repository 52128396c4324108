/** What is chosen about the finished file, in words. */
import { has, lookUp } from '../messages/index.js';
import { t } from '../messages/work.js';
import { formatName as typeName } from '../shared/file-types.js';

/** Ready to be picked: a colour, and its name. */
export const COLOURS = /** @type {const} */ ([['#ffffff', 'white'], ['#f0f0f0', 'light-grey'], ['#e9e7e2', 'warm-grey'], ['#1f211e', 'black'], ['#f3dfc8', 'sand'], ['#cfe3d2', 'sage'], ['#cbdcf0', 'sky'], ['#f6cfd0', 'rose']]);

/** @param {string} id of a size or preset @returns {string} */
export const sizeName = (id) => (has(`size.${id}`) ? lookUp(`size.${id}`) : id);

/** @param {string} id of an ID photo's format @returns {string} */
export const formatName = (id) => lookUp(`id-format.${id}`);

/** @param {Record<string, unknown>} settings @returns {string} their size, and of an ID photo its format */
export const sizeWords = ({ size, idFormat }) => (size === 'id-photo' ? t('id.name', { format: formatName(String(idFormat)) }) : sizeName(String(size)));

/** @param {string} id of a type of file @returns {string} */
export const fileName = (id) => (id === 'matte' ? t('finish.format.matte') : typeName(`image/${id}`));

/** @param {Record<string, unknown>} settings @returns {string} */
export function backgroundName({ background, colour }) {
  const known = background === 'colour' ? COLOURS.find(([value]) => value === colour) : undefined;
  return lookUp(known ? `colour.${known[1]}` : `background.${background}`);
}

/** @param {Record<string, unknown>} settings @returns {string} background, size and file in a line */
export function finishSummary(settings) {
  return t('finish.summary', { background: backgroundName(settings), size: sizeWords(settings), file: fileName(String(settings.format)) });
}
