import { finishText } from './strings-finish.js';
import { modelText } from './strings-models.js';

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
export function redoLabel(result, { choice, refine }) {
  if (isKept(result)) return finishText.redoKept;
  if (choice && choice.id !== result.report.model.id) return modelText.chooser.redo(choice.title);
  return (result.made.output.refine ?? true) === refine ? '' : finishText.redo(refine);
}
