import { t } from '../messages/later.js';
import { part } from './dom.js';
import { element } from './element.js';
import { moved } from './grid-moves.js';

/**
 * @typedef {object} Hooks
 * @property {(id: string) => void} onToggle one more, or one less
 * @property {(id: string) => void} onRange all from where the range began to there
 * @property {(id: string) => void} onMove the keyboard is there now
 * @property {() => void} onAll
 * @property {() => void} onNone
 * @property {() => void} onRemove what is chosen
 */

/** What a click with a modifier is for itself. */
const ACTIVE = 'a, button, summary, select, textarea, input:not(.compare-range)';

/**
 * A tick on each photo, by which it is chosen: with a click, Shift and Ctrl or Cmd, by touch, and with the keyboard, for which all ticks are one stop of the Tab key:
 * arrow keys go on from there.
 */
export class Picks {
  #list = part(document, 'jobs', HTMLElement);
  /** @type {Map<string, HTMLInputElement>} */
  #boxes = new Map();
  /** The stop. @type {HTMLInputElement | null} */
  #stop = null;
  #hooks;

  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.#hooks = hooks;
    const list = this.#list;
    list.addEventListener('click', (event) => this.#click(event), { capture: true });
    // Neither text nor the picture's slider is meant.
    for (const name of /** @type {const} */ (['pointerdown', 'mousedown'])) {
      list.addEventListener(name, (event) => {
        if (!isModified(event) || !this.#cardAt(event.target, true)) return;
        event.stopPropagation();
        if (name === 'mousedown') event.preventDefault();
      }, { capture: true });
    }
    list.addEventListener('keydown', (event) => this.#press(event));
    list.addEventListener('focusin', ({ target }) => {
      if (target instanceof HTMLInputElement && this.#idOf(target)) this.#hold(target);
    });
    document.addEventListener('keydown', (event) => this.#pressAnywhere(event));
  }

  /** @param {HTMLElement} card @param {string} id @param {string} name of the photo */
  add(card, id, name) {
    const box = element('input', { class: 'pick', type: 'checkbox', 'data-part': 'pick', 'aria-label': t('pick', { name }), tabindex: -1 });
    this.#boxes.set(id, box);
    card.prepend(box);
    if (!this.#stop) this.#hold(box);
  }

  /** @param {string} id */
  remove(id) {
    const box = this.#boxes.get(id);
    this.#boxes.delete(id);
    if (box !== this.#stop) return;
    this.#stop = null;
    for (let card = this.#list.firstElementChild; card && !this.#stop; card = card.nextElementSibling) {
      const next = this.#boxes.get(shownId(card));
      if (next) this.#hold(next);
    }
  }

  /** @returns {string[]} ids of the photos that are shown, as they stand */
  get order() {
    return [...this.#list.children].map(shownId).filter((id) => this.#boxes.has(id));
  }

  /** @param {readonly string[]} ids of the photos that are chosen */
  show(ids) {
    const chosen = new Set(ids);
    this.#list.toggleAttribute('data-choosing', ids.length > 0);
    for (const [id, box] of this.#boxes) {
      box.checked = chosen.has(id);
      box.closest('.job')?.toggleAttribute('data-chosen', box.checked);
    }
  }

  /** @param {HTMLInputElement} box */
  #hold(box) {
    if (this.#stop) this.#stop.tabIndex = -1;
    box.tabIndex = 0;
    this.#stop = box;
  }

  /** @param {EventTarget | null} target @returns {string} empty where it is no tick */
  #idOf(target) {
    return target instanceof HTMLInputElement && target.dataset.part === 'pick' ? target.closest('.job')?.getAttribute('data-job') ?? '' : '';
  }

  /** @param {EventTarget | null} target @param {boolean} isPlain only where nothing there has a click of its own @returns {string} id of its photo, empty for none */
  #cardAt(target, isPlain) {
    if (!(target instanceof Element) || (isPlain && target.closest(ACTIVE))) return '';
    const id = target.closest('.job')?.getAttribute('data-job') ?? '';
    return this.#boxes.has(id) ? id : '';
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const own = this.#idOf(event.target);
    const id = own || (isModified(event) ? this.#cardAt(event.target, true) : '');
    if (!id) return;
    // A tick that is clicked has changed by itself.
    if (!own) event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) this.#hooks.onRange(id);
    else this.#hooks.onToggle(id);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const id = this.#idOf(event.target);
    if (!id || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Delete') {
      this.#hooks.onRemove();
      return;
    }
    const { order } = this;
    const cards = order.map((one) => this.#boxes.get(one)?.closest('.job')?.getBoundingClientRect() ?? new DOMRect());
    const next = moved(cards, order.indexOf(id), event.key, document.documentElement.dir === 'rtl');
    if (next === null) return;
    event.preventDefault();
    this.#boxes.get(order[next])?.focus();
    if (event.shiftKey) this.#hooks.onRange(order[next]);
    else this.#hooks.onMove(order[next]);
  }

  /** @param {KeyboardEvent} event */
  #pressAnywhere(event) {
    const { target, key, defaultPrevented } = event;
    if (defaultPrevented || document.querySelector('dialog[open], [data-popover][open]')) return;
    if (key === 'Escape' && this.#list.hasAttribute('data-choosing')) this.#hooks.onNone();
    const isHere = target === document.body || (target instanceof Element && target.closest('[data-part="photos"]') !== null);
    if (key.toLowerCase() !== 'a' || !(event.ctrlKey || event.metaKey) || event.altKey || !isHere || this.#boxes.size < 2) return;
    event.preventDefault();
    this.#hooks.onAll();
  }
}

/** @param {Element} card @returns {string} id of its photo, empty where it is not shown */
const shownId = (card) => (card.hasAttribute('hidden') ? '' : card.getAttribute('data-job') ?? '');

/** @param {MouseEvent} event */
const isModified = ({ shiftKey, ctrlKey, metaKey }) => shiftKey || ctrlKey || metaKey;
