/**
 * What a person can take back: inverse actions, the latest last. Pure.
 *
 * Invariant: only the latest is offered, and only its time passes. Those before it are offered again, with the time that they have left, once
 * it has been taken back or its time is over.
 *
 * @typedef {object} Step
 * @property {string} words what was done
 * @property {() => void} undo
 * @property {() => void} [forget] it will not be taken back: what was held for it can go
 * @property {object} [about] a step about the same takes the place of the one before
 *
 * @typedef {Readonly<{ step: Step, leftMs: number }>} Offer
 * @typedef {readonly Offer[]} Offers
 */

/** For how long a step is offered, at least. */
export const OFFER_MS = 10_000;

/** Of more, the oldest cannot be taken back any more. */
export const MOST = 20;

/** @type {Offers} */
export const NO_OFFERS = Object.freeze([]);

/**
 * @param {Offers} offers
 * @param {Step} step
 * @returns {{ offers: Offers, forgotten: Step[] }}
 */
export function offered(offers, step) {
  const all = [...offers.filter(({ step: one }) => step.about === undefined || one.about !== step.about), { step, leftMs: OFFER_MS }];
  return { offers: all.slice(-MOST), forgotten: all.slice(0, -MOST).map(({ step: one }) => one) };
}

/** @param {Offers} offers @returns {{ offers: Offers, step: Step | null }} the one to be taken back, and those that can be then */
export const taken = (offers) => ({ offers: offers.slice(0, -1), step: offers.at(-1)?.step ?? null });

/**
 * @param {Offers} offers
 * @param {number} ms for which the latest has been offered since
 * @returns {{ offers: Offers, forgotten: Step[] }}
 */
export function passed(offers, ms) {
  const last = offers.at(-1);
  if (!last) return { offers, forgotten: [] };
  const rest = offers.slice(0, -1);
  const leftMs = last.leftMs - ms;
  return leftMs > 0 ? { offers: [...rest, { ...last, leftMs }], forgotten: [] } : { offers: rest, forgotten: [last.step] };
}
