import { isSettled } from '../jobs/kinds.js';

/** Tells the page's state how many photos there are, and how many of them wait. */
export class PhotoCount {
  #store;
  #all;

  /** @param {import('./store.js').Store} store @param {() => import('./photos.js').Job[]} all */
  constructor(store, all) {
    this.#store = store;
    this.#all = all;
  }

  tell() {
    const all = this.#all();
    const [waiting, isBusy] = [all.filter(({ state }) => state === 'queued').length, all.some(({ state }) => !isSettled(state))];
    const { photos } = this.#store.state;
    if (waiting === photos.waiting && isBusy === photos.isBusy && all.length === photos.count) return;
    this.#store.dispatch({ type: 'photos', photos: { waiting, count: all.length, isBusy } });
  }
}
