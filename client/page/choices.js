/**
 * The models as a person compares them.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Model} Model
 */
import { ofCatalog } from '../messages/index.js';
import { bestOf } from './best-here.js';
import { models } from './state.js';

/** How a model's work is called in plain words, by how long a person waits for it. @type {Partial<Record<string, 'quick' | 'finer' | 'finest'>>} */
const QUALITIES = { instant: 'quick', fast: 'finer', best: 'finest' };

/**
 * @param {Pick<Model, 'id' | 'tier'>[]} all
 * @param {Pick<Model, 'id' | 'tier'>} model one of them
 * @returns {{ quality: 'quick' | 'finer' | 'finest' | null, isShared: boolean }} null for a tier that has no plain word; `isShared`: another
 *   model has the same, so that the word alone does not tell them apart
 */
export function qualityOf(all, { id, tier }) {
  return { quality: QUALITIES[tier] ?? null, isShared: all.some((other) => other.id !== id && other.tier === tier) };
}

/**
 * @param {State} state
 * @param {() => Record<string, { medianMs: number, runs: number }>} speeds how long photos take on this device, by model
 * @returns {import('../ui/model-chooser.js').Choice[]}
 */
export function choicesOf(state, speeds) {
  const all = models(state);
  const known = all.length > 1 ? speeds() : {};
  const best = bestOf(state);
  return all.map((model) => ({ model, ...qualityOf(all, model), isBest: model === best, contents: contentsOf(model), offer: state.offers[model.id] ?? null, speedMs: known[model.id]?.medianMs ?? null }));
}

/**
 * @param {Model} model
 * @returns {{ name: string, bytes: number }[]} the models it is made of, by title; of a plain one its files, by role
 */
function contentsOf({ parts, files }) {
  if (parts.length < 2) return files.map(({ role, bytes }) => ({ name: role, bytes }));
  return parts.map((part) => ({ name: ofCatalog(part.title ?? part.model), bytes: part.files.reduce((sum, { bytes }) => sum + bytes, 0) }));
}
