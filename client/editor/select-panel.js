/**
 * What can be set for *Select*, and what it is waiting for: consent to a download, the download, the photo being looked at.
 *
 * @typedef {import('./segmented.js').State} State
 * @typedef {import('../document/edits.js').RegionMode} Mode
 */
import { t } from '../messages/editor.js';
import { formatBytes, formatShare } from '../messages/format.js';
import { element } from '../ui/element.js';
import { hint, textButton, tick } from './controls.js';

const MODES = /** @type {const} */ (['add', 'remove', 'only']);

export class SelectPanel {
  options;
  /** Over the photo, where a finger has it in reach: there is no key to hold beside it. */
  modes;
  /** @type {Mode} */
  mode = 'add';
  #same = tick(t('editor.select.same'), () => {}, t('editor.select.same.hint'));
  #note = element('p', { class: 'editor-note', role: 'alert' });
  #ask = element('p', { class: 'editor-hint' });
  #agree;
  #again;
  #stop;
  #doing = element('p', { class: 'editor-hint', role: 'status' });
  #bar = element('progress', { 'class': 'editor-progress', 'max': 1, 'aria-label': t('editor.select.progress') });

  /** @param {{ onAgree: () => void, onStop: () => void, onMode: () => void }} hooks */
  constructor({ onAgree, onStop, onMode }) {
    this.#agree = textButton('', onAgree);
    this.#again = textButton(t('notice.retry'), onAgree);
    this.#stop = textButton(t('editor.cancel'), onStop);
    const choices = MODES.map((mode) => {
      const input = element('input', { type: 'radio', name: 'editor-mode', value: mode });
      input.checked = mode === this.mode;
      input.addEventListener('change', () => {
        this.mode = mode;
        onMode();
      });
      return element('label', { class: 'editor-choice editor-mode' }, input, element('span', {}, t(`editor.select.${mode}`)));
    });
    this.modes = element('div', { class: 'editor-modes', role: 'radiogroup', 'aria-label': t('editor.select.modes') }, ...choices);
    this.options = element('div', { class: 'editor-options' },
      hint(t('editor.hint.select')), this.#ask, this.#doing, this.#bar, element('div', { class: 'editor-buttons' }, this.#agree, this.#again, this.#stop),
      this.#note, this.#same.element, hint(t('editor.select.more')));
  }

  /** @returns {boolean} each press says more of the same thing */
  get isSame() {
    return this.#same.input.checked;
  }

  /** @param {string} words what came of the last press, where nothing did */
  note(words) {
    this.#note.textContent = words;
  }

  /** @param {State} state */
  show(state) {
    const hadFocus = [this.#agree, this.#again, this.#stop].some((button) => button === document.activeElement);
    const offer = state.is === 'asking' ? state.offer : null;
    this.#ask.textContent = offer ? t('editor.select.ask', { model: offer.title }) : '';
    this.#agree.textContent = offer ? t('editor.select.fetch', { size: formatBytes(offer.bytes) }) : '';
    this.#agree.hidden = !offer;
    this.#again.hidden = state.is !== 'stopped';
    this.#stop.hidden = state.is !== 'opening';
    this.#bar.hidden = state.is !== 'opening';
    this.#showProgress(state.is === 'opening' ? state.progress : null, state.is === 'opening');
    this.modes.toggleAttribute('data-waits', state.is !== 'ready');
    // The button that was pressed is gone; what comes next has its place.
    const next = [this.#agree, this.#again, this.#stop].find((button) => !button.hidden) ?? this.modes.querySelector('input:checked');
    if (hadFocus) /** @type {HTMLElement | null} */ (next)?.focus();
  }

  /** @param {import('../shared/protocol.js').Progress | null} progress @param {boolean} isOpening */
  #showProgress(progress, isOpening) {
    const words = isOpening ? wordsOf(progress) : '';
    if (this.#doing.textContent !== words) this.#doing.textContent = words;
    if (progress?.stage === 'downloading' && progress.total > 0) this.#bar.value = progress.loaded / progress.total;
    else this.#bar.removeAttribute('value');
  }
}

/** @param {import('../shared/protocol.js').Progress | null} progress @returns {string} */
function wordsOf(progress) {
  if (progress?.stage === 'downloading' && progress.total > 0) return t('editor.select.fetching', { share: formatShare(progress.loaded, progress.total) });
  return progress?.stage === 'running' || progress?.stage === 'decoding' ? t('editor.select.seeing') : t('editor.select.preparing');
}
