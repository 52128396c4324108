/**
 * Photos that a person chose, for which choices are made, and what can be done with them together.
 *
 * @typedef {import('./photos.js').Job} Job
 * @typedef {import('./selection.js').Selection} Selection
 */
import { wantedOf } from '../finish/choices.js';
import { loadStyle } from '../ui/load-style.js';
import { Picks } from '../ui/picks.js';
import { SelectionBar } from '../ui/selection-bar.js';
import { anchored, NOTHING, only, present, ranged, toggled } from './selection.js';

export class Selecting {
  /** @type {Selection} */
  #selection = NOTHING;
  #picks = new Picks({
    onToggle: (id) => this.#set(toggled(this.#selection, id)),
    onRange: (id) => this.#set(ranged(this.#selection, id, this.#picks.order)),
    onMove: (id) => this.#set(anchored(this.#selection, id)),
    onAll: () => this.#all(),
    onNone: () => this.#set(NOTHING),
    onRemove: () => this.#remove(),
  });
  #bar = new SelectionBar({
    onAll: () => this.#all(),
    onLike: () => this.#like(),
    onRedo: () => this.#hooks.onRedo(this.#selection.ids),
    onRemove: () => this.#remove(),
    onNone: () => this.#set(NOTHING),
  });
  /** @type {Job[]} */
  #jobs = [];
  #model = '';
  #hooks;

  /** @param {{ onChoose: (ids: readonly string[]) => void, onRedo: (ids: readonly string[]) => void, onRemove: (ids: readonly string[]) => void }} hooks `onChoose`: choices are for these from now on, and of none for all */
  constructor(hooks) {
    this.#hooks = hooks;
    // Without them it can be used all the same.
    loadStyle(new URL('../ui/selection.css', import.meta.url)).catch(() => {});
  }

  /** @param {HTMLElement} place of a photo in the list @param {Job} job */
  add(place, { id, name }) {
    this.#picks.add(place, id, name);
  }

  /** @param {string} id */
  remove(id) {
    this.#picks.remove(id);
  }

  /** @param {Job[]} jobs all there are now */
  follow(jobs) {
    this.#jobs = jobs;
    this.#set(present(this.#selection, jobs.map(({ id }) => id)));
    this.#show();
  }

  /** @param {string} title of the model that is chosen, empty where there is only one */
  showModel(title) {
    this.#model = title;
    this.#show();
  }

  #all() {
    this.#set(only(this.#picks.order));
  }

  #remove() {
    const { ids } = this.#selection;
    this.#set(NOTHING);
    this.#hooks.onRemove(ids);
  }

  /** All that have come as far as the first one, and are wanted as it is. */
  #like() {
    const first = this.#jobs.find(({ id }) => this.#selection.ids.includes(id));
    const shown = new Set(this.#picks.order);
    if (first) this.#set(only(this.#jobs.filter((job) => shown.has(job.id) && likeness(job) === likeness(first)).map(({ id }) => id)));
  }

  /** @param {Selection} selection */
  #set(selection) {
    const before = this.#selection;
    this.#selection = selection;
    if (selection.ids === before.ids) return;
    this.#picks.show(selection.ids);
    this.#show();
    const chosen = new Set(selection.ids);
    this.#hooks.onChoose(this.#jobs.map(({ id }) => id).filter((id) => chosen.has(id)));
  }

  #show() {
    this.#bar.show({ count: this.#selection.ids.length, total: this.#jobs.length, model: this.#model });
  }
}

/** @param {Job} job @returns {string} the same for photos that are like each other */
const likeness = ({ state, own }) => `${state} ${own ? wantedOf(/** @type {import('../finish/choices.js').Choices} */ (own)).fileKey : ''}`;
