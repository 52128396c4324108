/**
 * Which photos are chosen, and what clicks and keys make of that. Pure. `order` is that of the photos on the page.
 *
 * @typedef {object} Selection
 * @property {readonly string[]} ids
 * @property {string | null} anchor where a range begins
 * @property {readonly string[]} base what was chosen when it began: a range that becomes shorter lets go of the rest
 */

/** @type {Readonly<Selection>} */
export const NOTHING = Object.freeze({ ids: [], anchor: null, base: [] });

/** @param {Selection} selection @param {string} id @returns {Selection} with it, or without */
export function toggled({ ids }, id) {
  const next = ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id];
  return { ids: next, anchor: id, base: next };
}

/**
 * @param {Selection} selection
 * @param {string} id the other end
 * @param {readonly string[]} order
 * @returns {Selection} with all from the anchor to there
 */
export function ranged({ anchor, base }, id, order) {
  const from = order.indexOf(anchor ?? id);
  const to = order.indexOf(id);
  if (to < 0) return { ids: base, anchor, base };
  const start = from < 0 ? to : from;
  const within = order.slice(Math.min(start, to), Math.max(start, to) + 1);
  return { ids: order.filter((one) => base.includes(one) || within.includes(one)), anchor: order[start], base };
}

/** @param {Selection} selection @param {string} id @returns {Selection} the next range begins there */
export const anchored = ({ ids }, id) => ({ ids, anchor: id, base: ids });

/** @param {readonly string[]} ids @returns {Selection} these and no others */
export const only = (ids) => ({ ids, anchor: ids[0] ?? null, base: ids });

/**
 * @param {Selection} selection
 * @param {readonly string[]} order
 * @returns {Selection} of the photos that are there; the same where all are
 */
export function present(selection, order) {
  const { ids, anchor, base } = selection;
  const there = new Set(order);
  if (ids.every((id) => there.has(id))) return selection;
  return { ids: ids.filter((id) => there.has(id)), anchor: anchor !== null && there.has(anchor) ? anchor : null, base: base.filter((id) => there.has(id)) };
}
