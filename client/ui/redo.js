import { t } from '../messages/work.js';
import { part } from './dom.js';
import { element } from './element.js';
import { failure } from './failure.js';

/** @typedef {import('./job-card.js').Result} Result */

/**
 * @param {Result | null} result
 * @returns {boolean} the picture was cut out already, so that no model ran
 */
export const isKept = (result) => result?.notes.some(({ code }) => code === 'already-cut-out') ?? false;

/**
 * @param {Result} result
 * @param {import('./job-card.js').Present} present what a new photo would be made with
 * @returns {boolean} the cutout would be another model's then
 */
export const isOtherModels = (result, { choice }) => choice !== null && choice.id !== result.report.model.id && !isKept(result);

/**
 * @param {Result} result
 * @param {import('./job-card.js').Present} present what a new photo would be made with
 * @returns {string} label of the button that makes it once more, empty unless the cutout would be another one then
 */
export function redoLabel(result, present) {
  if (isKept(result)) return t('job.redo.kept');
  return isOtherModels(result, present) ? t('job.redo.model', { model: present.choice?.title ?? '' }) : '';
}

/**
 * Says on a card why its cutout is still the earlier one.
 * @param {HTMLElement} card
 * @param {import('./job-card.js').CardJob} job
 * @returns {HTMLElement | null} the words, null where there is nothing to say
 */
export function showUnredone(card, { state, error }) {
  if (state !== 'done' || !error) return null;
  const words = failure(error);
  words.prepend(element('p', {}, t('job.redo.kept-earlier')));
  part(card, 'actions', HTMLElement).before(words);
  return words;
}
