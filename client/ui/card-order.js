/**
 * @param {HTMLElement} list
 * @param {Map<string, HTMLElement>} cards all there are, by the photo's id
 * @param {string[]} ids of the photos that are shown, in their order; the other cards are hidden, behind them
 */
export function arrangeCards(list, cards, ids) {
  const shown = new Set(ids);
  for (const [id, card] of cards) card.hidden = !shown.has(id);
  const ordered = [...ids.flatMap((id) => cards.get(id) ?? []), ...[...cards].flatMap(([id, card]) => (shown.has(id) ? [] : card))];
  // A card that is moved loses the focus, and what it plays begins anew.
  if (ordered.every((card, i) => list.children[i] === card)) return;
  const focused = document.activeElement;
  list.append(...ordered);
  if (focused instanceof HTMLElement && list.contains(focused)) focused.focus({ preventScroll: true });
}
