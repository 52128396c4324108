import { t } from '../messages/editor.js';
import { facts, formatPercent } from '../messages/format.js';
import { setText } from '../ui/dom.js';
import { element } from '../ui/element.js';
import { icon, iconButton } from './controls.js';
import { GROUNDS } from './grounds.js';

/** @typedef {import('./grounds.js').GroundName} GroundName */
/** @typedef {'cutout' | 'split' | 'matte'} LookName */
/**
 * @typedef {object} Hooks
 * @property {(isHeld: boolean) => void} onOriginal
 * @property {(look: LookName) => void} onLook
 * @property {(ground: GroundName) => void} onGround
 * @property {(direction: -1 | 1) => void} onZoom
 * @property {() => void} onScale between all of the photo and its own pixels
 */

const LOOKS = /** @type {const} */ (['cutout', 'split', 'matte']);
const LOOK_KEYS = { cutout: null, split: 'S', matte: 'M' };

/** How the photo is seen: what of it, on what, and how large. */
export class ViewBar {
  element;
  #original;
  #scale;
  /** @type {Map<string, HTMLInputElement>} */
  #looks = new Map();
  /** @type {Map<string, HTMLInputElement>} */
  #grounds = new Map();
  #onGround;

  /** @param {Hooks} hooks */
  constructor({ onOriginal, onLook, onGround, onZoom, onScale }) {
    this.#onGround = onGround;
    this.#original = this.#holdButton(onOriginal);
    this.#scale = element('button', { class: 'button quiet editor-scale', type: 'button', title: t('editor.zoom.toggle') });
    this.#scale.addEventListener('click', () => onScale());
    const looks = LOOKS.map((name) => {
      const label = t(`editor.see.${name}`);
      const input = element('input', { type: 'radio', name: 'editor-look', value: name, 'aria-label': label, 'aria-keyshortcuts': LOOK_KEYS[name] });
      input.addEventListener('change', () => onLook(name));
      this.#looks.set(name, input);
      return element('label', { class: 'editor-choice', title: facts(label, LOOK_KEYS[name] ?? '') }, input, icon(name));
    });
    const grounds = GROUNDS.map((name) => {
      const label = t(`editor.ground.${name}`);
      const input = element('input', { type: 'radio', name: 'editor-ground', value: name, 'aria-label': label });
      input.addEventListener('change', () => onGround(name));
      // Where only the chosen one has room, pressing it goes on to the next.
      let wasChecked = false;
      input.addEventListener('pointerdown', () => { wasChecked = input.checked; });
      input.addEventListener('click', () => {
        if (wasChecked && input.checked) this.nextGround();
        wasChecked = false;
      });
      this.#grounds.set(name, input);
      return element('label', { class: 'editor-choice editor-ground', 'data-ground': name, title: label }, input, element('span', { class: 'editor-swatch' }));
    });
    this.element = element('div', { class: 'editor-view', role: 'group', 'aria-label': t('editor.view') },
      this.#original,
      element('div', { class: 'editor-choices', role: 'radiogroup', 'aria-label': t('editor.looks') }, ...looks),
      element('div', { class: 'editor-choices editor-grounds', role: 'radiogroup', 'aria-label': t('editor.grounds') }, ...grounds),
      element('div', { class: 'editor-zoom' },
        iconButton('minus', t('editor.zoom.out'), () => onZoom(-1), { keys: '-' }), this.#scale, iconButton('plus', t('editor.zoom.in'), () => onZoom(1), { keys: '+' })));
  }

  /** @param {{ look: LookName, ground: GroundName, isOriginal: boolean, hasChosen: boolean }} state */
  show({ look, ground, isOriginal, hasChosen }) {
    const [shownLook, shownGround] = [this.#looks.get(look), this.#grounds.get(ground)];
    if (shownLook) shownLook.checked = true;
    if (shownGround) shownGround.checked = true;
    for (const [name, input] of this.#grounds) if (input.parentElement) input.parentElement.hidden = name === 'chosen' && !hasChosen;
    this.#original.setAttribute('aria-pressed', String(isOriginal));
  }

  /** @param {number} scale device pixels per pixel of the photo */
  showScale(scale) {
    setText(this.#scale, formatPercent(scale));
  }

  /** The ground after the one that is chosen. */
  nextGround() {
    const offered = [...this.#grounds.values()].filter((input) => !input.parentElement?.hidden);
    const next = offered[(offered.findIndex(({ checked }) => checked) + 1) % offered.length];
    this.#onGround(/** @type {GroundName} */ (next.value));
  }

  /** @param {(isHeld: boolean) => void} onOriginal */
  #holdButton(onOriginal) {
    const button = iconButton('original', t('editor.original'), null, { keys: 'O', 'aria-pressed': 'false' });
    button.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      button.setPointerCapture(event.pointerId);
      onOriginal(true);
    });
    for (const type of ['pointerup', 'pointercancel', 'blur']) button.addEventListener(type, () => onOriginal(false));
    // With the keyboard and what speaks the page, for which nothing can be held, it stays until it is pressed again.
    button.addEventListener('click', (event) => {
      if (event.detail === 0) onOriginal(button.getAttribute('aria-pressed') !== 'true');
    });
    button.addEventListener('contextmenu', (event) => event.preventDefault());
    return button;
  }
}
