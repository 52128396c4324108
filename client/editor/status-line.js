import { t } from '../messages/editor.js';
import { element } from '../ui/element.js';
import { failure } from '../ui/failure.js';
import { iconButton, textButton } from './controls.js';

/** What is going on with the photo that is open, and what went wrong with it. */
export class StatusLine {
  element;
  #busy = element('div', { class: 'editor-busy', hidden: true });
  #words = element('span', {});
  #stop;
  #said = element('p', { class: 'visually-hidden', role: 'status' });
  #failures = element('div', { class: 'editor-failures' });
  /** @type {(() => void) | null} */
  #onStop = null;

  constructor() {
    this.#stop = textButton(t('editor.cancel'), () => this.#onStop?.());
    this.#busy.append(element('span', { class: 'editor-spinner', 'aria-hidden': 'true' }), this.#words, this.#stop);
    this.element = element('div', { class: 'editor-status' }, this.#busy, this.#failures, this.#said);
  }

  /** @param {string} words to be heard */
  say(words) {
    this.#said.textContent = words;
  }

  /** @param {string | null} words what takes a while; null once nothing does @param {(() => void) | null} [onStop] it can be given up */
  showBusy(words, onStop = null) {
    this.#busy.hidden = words === null;
    this.#words.textContent = words ?? '';
    this.#onStop = onStop;
    this.#stop.hidden = onStop === null;
  }

  /** @param {unknown} error @param {{ label: string, act: () => void } | null} [action] */
  showFailure(error, action = null) {
    const box = element('div', { class: 'editor-failure' }, failure(error), iconButton('close', t('notice.close'), () => box.remove()));
    if (action) {
      box.append(textButton(action.label, () => {
        box.remove();
        action.act();
      }));
    }
    this.#failures.replaceChildren(box);
  }

  clear() {
    this.#failures.replaceChildren();
  }
}
