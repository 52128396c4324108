import { facts } from '../messages/format.js';
import { t } from '../messages/later.js';
import { backgroundName, fileName, sizeWords } from './finish-words.js';

/** @typedef {import('./finish-panel.js').Values} Values */

/** @type {Record<string, (settings: Values) => string>} */
const NAMES = {
  background: backgroundName,
  size: sizeWords,
  format: ({ format }) => fileName(String(format)),
  shadow: ({ shadow }) => t(shadow ? 'own.shadow' : 'own.no-shadow'),
  other: () => t('own.other'),
};

/**
 * @param {readonly string[]} differences keys of NAMES
 * @param {Values} settings the photo's own
 * @returns {string} what a photo's card says of it, empty where it is as the others
 */
export const ownWords = (differences, settings) => (differences.length > 0 ? t('own', { choices: facts(...differences.map((one) => NAMES[one](settings))) }) : '');
