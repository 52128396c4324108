import { errorWords } from '../messages/errors.js';
import { t } from '../messages/later.js';
import { MatteboxError } from '../shared/errors.js';
import { part, setText } from './dom.js';
import { element } from './element.js';

/** @typedef {{ id: string, name: string, error: unknown }} Failed */
/** @typedef {{ what: string, advice: string, photos: Failed[] }} Group photos that failed of the same */

/** Of so many photos, one that failed may not be in view. */
const MANY = 4;

/** @param {readonly Failed[]} failed @returns {Group[]} what most failed of comes first */
export function groupsOf(failed) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const photo of failed) {
    const { what, advice } = errorWords(MatteboxError.from(photo.error));
    const key = JSON.stringify([what, advice]);
    const group = groups.get(key) ?? { what, advice, photos: [] };
    group.photos.push(photo);
    groups.set(key, group);
  }
  return [...groups.values()].toSorted((a, b) => b.photos.length - a.photos.length);
}

/** All photos that failed in one place, with what to do about each, above the photos. */
export class FailureList {
  #root = part(document, 'failures', HTMLDetailsElement);
  #title = part(document, 'failures-title', HTMLElement);
  #list = part(document, 'failures-list', HTMLElement);
  #retry = part(document, 'retry-all', HTMLButtonElement);
  #shown = '';
  #onShow;

  /** @param {{ onRetryAll: () => void, onShow: (id: string) => void }} intents `onShow`: a photo's card is to be seen */
  constructor({ onRetryAll, onShow }) {
    this.#onShow = onShow;
    this.#retry.addEventListener('click', () => {
      onRetryAll();
      part(document, 'summary', HTMLElement).focus();
    });
  }

  /** @param {readonly Failed[]} failed @param {number} total of photos */
  show(failed, total) {
    this.#root.hidden = failed.length === 0 || (failed.length < 2 && total < MANY);
    if (this.#root.hidden) {
      this.#root.open = false;
      this.#shown = '';
      return;
    }
    setText(this.#title, t('failures', { count: failed.length }));
    setText(this.#retry, t('jobs.retry', { total: failed.length }));
    const groups = groupsOf(failed);
    const shown = JSON.stringify(groups.map(({ what, advice, photos }) => [what, advice, photos.map(({ id }) => id)]));
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#list.replaceChildren(...groups.map((group) => this.#item(group)));
  }

  /** @param {Group} group */
  #item({ what, advice, photos }) {
    const names = photos.map(({ id, name }) => {
      const button = element('button', { 'class': 'link', 'type': 'button', 'translate': 'no', 'aria-label': t('failures.show', { name }) }, name);
      button.addEventListener('click', () => this.#onShow(id));
      return element('li', {}, button);
    });
    return element('li', {}, element('p', { class: 'failures-what' }, what), element('p', {}, advice), element('ul', { class: 'failures-names' }, ...names));
  }
}
