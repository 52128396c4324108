/**
 * Has photos' cards made when they are needed, a few in each frame, so that scrolling through hundreds of them stays quick.
 *
 * @typedef {import('./listed-card.js').ListedCard} ListedCard
 */
import { FIRST, needingCards } from './card-window.js';

/** Of a frame of 16 ms, with as much again for their layout. */
const SLICE_MS = 6;
/** Of what a task may take before it is felt, 50 ms. */
const AT_ONCE_MS = 20;

export class CardMaking {
  #cards;
  /** Ids of the photos that are shown, as they stand. @type {readonly string[]} */
  #order = [];
  /** Of those in view, or a screen before or after it. @type {Set<string>} */
  #near = new Set();
  /** @type {string | null} */
  #focused = null;
  #isDue = false;
  /** When this task has made enough of them; null where it has made none. @type {number | null} */
  #until = null;
  #isBrief = false;
  #watcher = this.#watching();

  /** @param {HTMLElement} list @param {ReadonlyMap<string, ListedCard>} cards all there are, by the photo's id */
  constructor(list, cards) {
    this.#cards = cards;
    list.addEventListener('focusin', ({ target }) => {
      this.#focused = target instanceof Element ? idOf(target.closest('.job')) : null;
      // Tab may be pressed before the next frame.
      for (const id of needingCards(this.#order, { near: new Set(), focused: this.#focused })) this.#cards.get(id)?.make();
    });
    list.addEventListener('focusout', () => { this.#focused = null; });
  }

  #watching() {
    return new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) this.#near[isIntersecting ? 'add' : 'delete'](idOf(target));
      this.#look();
    }, { rootMargin: this.#isBrief ? '0px' : '100% 0px' });
  }

  /** @param {boolean} isBrief from now on only what is in view, or has the focus, gets its card */
  limit(isBrief) {
    if (isBrief === this.#isBrief) return;
    this.#isBrief = isBrief;
    this.#watcher.disconnect();
    this.#near.clear();
    this.#watcher = this.#watching();
    for (const { element } of this.#cards.values()) this.#watcher.observe(element);
    this.#look();
  }

  /** @param {ListedCard} card that is in the list */
  add(card) {
    this.#watcher.observe(card.element);
    if (this.#isBrief) return;
    // Most lists hold no more than have their cards at once.
    if (this.#cards.size > FIRST) return;
    if (this.#until === null) {
      this.#until = performance.now() + AT_ONCE_MS;
      setTimeout(() => { this.#until = null; });
    }
    if (performance.now() < this.#until) card.make();
  }

  /** @param {ListedCard} card */
  remove({ element }) {
    this.#watcher.unobserve(element);
    this.#near.delete(idOf(element));
  }

  /** @param {readonly string[]} ids of the photos that are shown, in their order */
  arrange(ids) {
    this.#order = ids;
    this.#look();
  }

  #look() {
    if (this.#isDue || this.#missing.length === 0) return;
    this.#isDue = true;
    requestAnimationFrame(() => this.#make());
  }

  get #missing() {
    return needingCards(this.#order, { near: this.#near, focused: this.#focused, isBrief: this.#isBrief }).flatMap((id) => {
      const card = this.#cards.get(id);
      return card && !card.isMade ? card : [];
    });
  }

  #make() {
    this.#isDue = false;
    const until = performance.now() + (this.#isBrief ? AT_ONCE_MS : SLICE_MS);
    for (const card of this.#missing) {
      card.make();
      if (performance.now() > until) break;
    }
    this.#look();
  }
}

/** @param {Element | null} element of a card */
const idOf = (element) => element?.getAttribute('data-job') ?? '';
