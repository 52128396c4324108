/**
 * The page's state, and who hears of its changes.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {import('./reduce.js').Event} Event
 * @typedef {(event: Event, state: State, previous: State) => void} Effect what an event leads to besides another state
 */
import { reduce } from './reduce.js';

export class Store {
  #state;
  /** @type {Effect[]} */
  #effects = [];
  /** Events that effects caused. @type {Event[]} */
  #waiting = [];
  #isBusy = false;

  /** @param {State} state */
  constructor(state) {
    this.#state = state;
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /** @param {Effect[]} effects called after each event from now on, after those that are connected already */
  connect(effects) {
    this.#effects.push(...effects);
  }

  /**
   * One event after another: all effects have heard of one before the next changes anything.
   * @param {Event} event
   */
  dispatch = (event) => {
    this.#waiting.push(event);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) this.#take(next);
    } finally {
      this.#isBusy = false;
    }
  };

  /** @param {Event} event */
  #take(event) {
    const previous = this.#state;
    this.#state = reduce(previous, event);
    for (const effect of this.#effects) effect(event, this.#state, previous);
  }
}
