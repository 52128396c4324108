/**
 * The finer model that is offered beside the photos, once, and which photos are made once more with it. Pure.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {import('./photos.js').Job} Job
 */
import { isKept } from '../ui/redo.js';
import { worstFirst } from '../ui/to-check.js';
import { bestOf, isFiner } from './best-here.js';
import { questionOf } from './gate.js';
import { chosen, modelOf } from './state.js';

/**
 * Nobody who has chosen a model is asked, nor is anybody asked twice, or two things at a time.
 * @param {State} state
 * @param {string | null} [asked] id of the model that the question is about already: what is measured meanwhile does not take it back
 * @returns {{ model: import('./state.js').Model, offer: import('./state.js').Offer } | null}
 */
export function finerOf(state, asked = null) {
  const [model, now] = [(asked !== null && state.offers[asked] ? modelOf(state, asked) : null) ?? bestOf(state), chosen(state)];
  if (!model || !now || !isFiner(model, now)) return null;
  if (state.photos.count === 0 || state.isChosen || state.download || questionOf(state) !== null || state.declined === model.id) return null;
  const offer = state.offers[model.id];
  return state.server !== 'here' && offer.download > 0 ? null : { model, offer };
}

/**
 * @param {readonly Job[]} jobs of photos
 * @param {string} model id of the one that they are to be made with
 * @returns {string[]} those that another model has cut out, and that no person has found fine, the worst first
 */
export function toRedo(jobs, model) {
  const others = jobs.filter(({ state, mark, result }) => state === 'done' && mark !== 'fine' && result !== null && result.report.model.id !== model && !isKept(result));
  return worstFirst(others).map(({ id }) => id);
}
