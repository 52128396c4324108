/**
 * Which photos have a card: pure. All others have a place in the list, with their name and state.
 *
 * Invariant: what Tab leads to next, or back to, has its card, so that no photo is stepped over: the first ones, the last one, and those beside
 * the one that has the focus.
 */

/** So many have theirs at once, wherever they are: what most lists hold in all. */
export const FIRST = 24;
/** To each side of the focus. */
const BESIDE = 2;

/**
 * @param {readonly string[]} order ids of the photos that are shown, as they stand
 * @param {{ near: ReadonlySet<string>, focused: string | null, isBrief?: boolean }} now `near`: in view, or a little before or after it; `focused`: where the focus is; `isBrief`: for a while,
 *   no others but these
 * @returns {string[]} ids of those that are to have their card, the most urgent first
 */
export function needingCards(order, { near, focused, isBrief = false }) {
  const at = focused === null ? -1 : order.indexOf(focused);
  const beside = at < 0 ? [] : order.slice(Math.max(0, at - BESIDE), at + BESIDE + 1);
  return [...new Set([...beside, ...order.filter((id) => near.has(id)), ...(isBrief ? [] : [...order.slice(0, FIRST), ...order.slice(-1)])])];
}
