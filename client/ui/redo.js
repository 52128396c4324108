import { t } from '../messages/work.js';

/** @typedef {import('./job-card.js').Result} Result */

/**
 * @param {Result | null} result
 * @returns {boolean} the picture was cut out already, so that no model ran
 */
export const isKept = (result) => result?.notes.some(({ code }) => code === 'already-cut-out') ?? false;

/**
 * @param {Result} result
 * @param {import('./job-card.js').Present} present what a new photo would be made with
 * @returns {string} label of the button that makes it once more, empty unless the cutout would be another one then
 */
export function redoLabel(result, { choice }) {
  if (isKept(result)) return t('job.redo.kept');
  if (choice && choice.id !== result.report.model.id) return t('job.redo.model', { model: choice.title });
  return '';
}
