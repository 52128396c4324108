import { t } from '../messages/later.js';
import { part, setText } from './dom.js';

/** "Ready offline", in the head of the page, when that has been found to be true. */
export class OfflineBadge {
  #root = part(document, 'offline', HTMLElement);
  #proof = part(this.#root, 'proof', HTMLElement);

  /** @param {string | null} title of the model that is here with all it needs; null takes the words back */
  show(title) {
    this.#root.hidden = title === null;
    if (title === null) return;
    const proof = t('offline.proof', { model: title });
    setText(this.#proof, proof);
    this.#root.title = proof;
  }
}
