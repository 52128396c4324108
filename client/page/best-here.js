/**
 * Which model serves a person best on this device, by what was measured or counted here, and not by its name. Pure.
 *
 * @typedef {import('./state.js').Catalog} Catalog
 * @typedef {import('./state.js').Offer} Offer
 * @typedef {Pick<import('./state.js').Model, 'id' | 'tier'>} Rated
 */
import { modelOf } from './state.js';

/** Longer than this, nobody should be advised to wait for each photo. */
export const MOST_MS = 30_000;

/** How long a person waits, and how fine the edges are. @type {readonly string[]} */
const TIERS = ['instant', 'fast', 'best'];

/** @param {Rated} one @param {Rated} other @returns {boolean} */
export const isFiner = (one, other) => TIERS.indexOf(one.tier) > TIERS.indexOf(other.tier);

/**
 * What the catalog recommends, or else the finest kind that this device does in time; of its kind, whichever is quickest here.
 * @param {{ models: readonly Rated[], default: string, recommended?: string | null }} catalog
 * @param {Readonly<Record<string, Pick<Offer, 'photoMs' | 'hasRoom'>>>} offers of the models that can run here
 * @returns {string | null} a model's id; null while nothing tells
 */
export function bestHere({ models, default: preset, recommended = null }, offers) {
  const msOf = (/** @type {Rated} */ { id }) => offers[id]?.photoMs ?? null;
  const usable = models.filter((model) => offers[model.id]?.hasRoom && (msOf(model) ?? 0) <= MOST_MS);
  const start = models.find(({ id }) => id === preset);
  const named = models.find(({ id }) => id === (start && start.tier !== TIERS[0] ? preset : recommended));
  const kind = named && usable.some(({ tier }) => tier === named.tier) ? named.tier : TIERS.findLast((tier) => usable.some((model) => model.tier === tier && (tier === TIERS[0] || msOf(model) !== null)));
  const peers = usable.filter(({ tier }) => tier === kind);
  const [quickest] = peers.filter((model) => msOf(model) !== null).toSorted((a, b) => Number(msOf(a)) - Number(msOf(b)));
  // Where it is not known of the one that is named, it is taken at its word.
  const isKnown = named === undefined || msOf(named) !== null || !peers.includes(named);
  return (isKnown ? quickest ?? peers[0] : named)?.id ?? null;
}

/** @param {import('./state.js').State} state @returns {import('./state.js').Model | null} what serves best on this device; null while nothing tells */
export function bestOf(state) {
  const id = state.catalog && bestHere(state.catalog, state.offers);
  return id ? modelOf(state, id) : null;
}
