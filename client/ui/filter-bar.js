/** Which photos are seen, and in which order: shown once there are so many that one looks for some of them. */
import { t } from '../messages/later.js';
import { part } from './dom.js';
import { element } from './element.js';
import { counts, FILTERS, ORDERS } from './to-check.js';

/** @typedef {import('./to-check.js').Filter} Filter */
/** @typedef {import('./to-check.js').Order} Order */

const LEAST = 4;

export class FilterBar {
  #bar = part(document, 'toolbar', HTMLElement);
  #root = element('div', { 'class': 'filters', 'data-part': 'filters' });
  #select = element('select', { 'class': 'select', 'id': 'order', 'aria-label': t('filter.order') });
  /** @type {Map<Filter, { input: HTMLInputElement, words: Text }>} */
  #filters = new Map();
  /** @type {{ filter: Filter, order: Order }} */
  choice = { filter: 'all', order: 'added' };
  #onChange;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    const radios = FILTERS.map((filter) => {
      const input = element('input', { class: 'chip-radio', type: 'radio', name: 'filter', value: filter });
      const words = new Text();
      input.addEventListener('change', () => this.#choose({ filter }));
      this.#filters.set(filter, { input, words });
      return element('label', { class: 'filter' }, input, words);
    });
    this.#select.append(...ORDERS.map((order) => element('option', { value: order }, t(`filter.order.${order}`))));
    this.#select.addEventListener('change', () => this.#choose({ order: /** @type {Order} */ (this.#select.value) }));
    this.#bar.prepend(this.#root);
    this.#root.append(element('fieldset', { class: 'filters-kinds' }, element('legend', { class: 'visually-hidden' }, t('filter.show')), ...radios), this.#select);
  }

  /** @param {readonly import('./to-check.js').Photo[]} photos all there are */
  show(photos) {
    const each = counts(photos);
    this.#root.hidden = photos.length < LEAST;
    this.#bar.hidden = [...this.#bar.children].every((child) => child instanceof HTMLElement && child.hidden);
    // What nobody can see a way out of any more is given up.
    if (this.#root.hidden || each[this.choice.filter] === 0) this.choice = { ...this.choice, filter: 'all' };
    if (this.#root.hidden) this.choice = { filter: 'all', order: 'added' };
    this.#select.value = this.choice.order;
    for (const [filter, { input, words }] of this.#filters) {
      const data = t(`filter.${filter}`, { count: each[filter] });
      if (words.data !== data) words.data = data;
      input.checked = filter === this.choice.filter;
      const label = /** @type {HTMLElement} */ (input.parentElement);
      label.hidden = filter !== 'all' && each[filter] === 0;
    }
  }

  /** @param {Partial<FilterBar['choice']>} change */
  #choose(change) {
    this.choice = { ...this.choice, ...change };
    this.#onChange();
  }
}
