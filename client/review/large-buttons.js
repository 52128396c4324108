import { t } from '../messages/review.js';
import { setText } from '../ui/dom.js';
import { drawing, element } from '../ui/element.js';

/** @typedef {'close' | 'previous' | 'next' | 'original' | 'split' | 'zoom-in' | 'zoom-out' | 'toggle' | 'fine' | 'check' | 'look' | 'copy' | 'share' | 'touch-up' | 'download'} Command */

/** 20 x 20, as the page's own. */
const PATHS = Object.freeze({
  close: 'm5 5 10 10M15 5 5 15',
  previous: 'm12.500 4-6 6 6 6',
  next: 'm7.500 4 6 6-6 6',
  original: 'M3 4.500h14v11H3zM3 13l4-4 3.500 3.500L13 10l4 4',
  split: 'M3 4.500h14v11H3zM10 4.500v11',
  'zoom-in': 'M10 4v12M4 10h12',
  'zoom-out': 'M4 10h12',
  fine: 'm4 10.500 4 4 8-9',
  check: 'M5 17V3.500h9l-2 3.250 2 3.250H5',
});

/** What can be pressed in the large view. */
export class LargeButtons {
  #onPress;
  /** @type {Map<Command, HTMLButtonElement>} */
  #all = new Map();
  close;
  view;
  actions;

  /** @param {(command: Command) => void} onPress */
  constructor(onPress) {
    this.#onPress = onPress;
    this.close = this.#icon('close', t('review.close'), 'Escape');
    const scale = this.#words('toggle', '', 'quiet large-scale');
    scale.title = t('review.scale');
    this.view = element('div', { class: 'large-view' },
      element('div', { class: 'large-group' }, this.#icon('original', t('review.original'), 'O'), this.#icon('split', t('review.split'), 'S')),
      element('div', { class: 'large-group' }, this.#icon('zoom-out', t('review.zoom-out'), '-'), scale, this.#icon('zoom-in', t('review.zoom-in'), '+')),
      element('div', { class: 'large-group' }, this.#icon('previous', t('review.previous'), document.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft'), this.#icon('next', t('review.next'), document.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight')));
    this.actions = element('div', { class: 'large-actions' },
      element('div', { class: 'large-group', role: 'group', 'aria-label': t('review.judge') }, this.#mark('fine', t('review.fine'), 'F'), this.#mark('check', t('review.check'), 'C')),
      this.#words('look', t('review.look'), ''), this.#words('copy', t('review.copy'), ''), this.#words('share', t('review.share'), ''),
      this.#words('touch-up', t('review.touch-up'), ''), this.#words('download', t('review.download'), 'primary'));
  }

  /** @param {Partial<Record<Command, boolean>>} which that can be had, or cannot */
  offer(which) {
    for (const [command, isOffered] of Object.entries(which)) this.#get(/** @type {Command} */ (command)).hidden = !isOffered;
  }

  /** @param {boolean} hasOthers there are photos before and behind */
  showPlace(hasOthers) {
    this.offer({ previous: hasOthers, next: hasOthers });
  }

  /** @param {Partial<Record<Command, boolean>>} which that hold now, or do not */
  press(which) {
    for (const [command, isPressed] of Object.entries(which)) this.#get(/** @type {Command} */ (command)).setAttribute('aria-pressed', String(isPressed));
  }

  /** @param {string} words */
  showScale(words) {
    setText(this.#get('toggle'), words);
  }

  /** @param {import('../ui/to-check.js').Mark} mark a person's own @param {boolean} isAsked to be looked at, by a person or for a reason */
  showMark(mark, isAsked) {
    this.press({ fine: mark === 'fine', check: mark === 'check' });
    this.#get('check').toggleAttribute('data-suggested', isAsked && mark !== 'check');
  }

  /** @param {Command} command */
  #get(command) {
    return /** @type {HTMLButtonElement} */ (this.#all.get(command));
  }

  /** @param {Command} command @param {HTMLButtonElement} button */
  #add(command, button) {
    button.dataset.command = command;
    button.addEventListener('click', () => this.#onPress(command));
    this.#all.set(command, button);
    return button;
  }

  /** @param {Command} command @param {string} words @param {string} kind */
  #words(command, words, kind) {
    return this.#add(command, element('button', { class: `button ${kind}`, type: 'button' }, words));
  }

  /** @param {Command & keyof typeof PATHS} command @param {string} label @param {string} key */
  #icon(command, label, key) {
    return this.#add(command, element('button', { 'class': 'button quiet icon-only', 'type': 'button', 'aria-label': label, 'title': label, 'aria-keyshortcuts': key }, icon(PATHS[command])));
  }

  /** @param {'fine' | 'check'} command @param {string} label @param {string} key */
  #mark(command, label, key) {
    return this.#add(command, element('button', { 'class': 'button large-mark', 'type': 'button', 'aria-pressed': 'false', 'aria-keyshortcuts': key }, icon(PATHS[command]), label));
  }
}

/** @param {string} d */
const icon = (d) => drawing('svg', { 'class': 'icon', 'viewBox': '0 0 20 20', 'aria-hidden': 'true', 'focusable': 'false' }, drawing('path', { d }));
