/** What the editor's bars and panels are made of. */
import { facts } from '../messages/format.js';
import { drawing, element } from '../ui/element.js';
import { ICONS } from './icons.js';

/** @typedef {keyof typeof ICONS} IconName */
/** @typedef {import('../ui/element.js').Attributes} Attributes */

/** @param {IconName} name */
export const icon = (name) => drawing('svg', { 'class': 'icon', 'data-icon': name, 'viewBox': '0 0 20 20', 'aria-hidden': 'true', 'focusable': 'false' }, drawing('path', { d: ICONS[name] }));

/**
 * @param {IconName} name
 * @param {string} label what it does
 * @param {(() => void) | null} onPress
 * @param {Attributes & { keys?: string }} [attributes] `keys` as `aria-keyshortcuts` has them
 */
export function iconButton(name, label, onPress, { keys, ...attributes } = {}) {
  const title = keys ? facts(label, shownKey(keys)) : label;
  const button = element('button', { class: 'button quiet icon-only', type: 'button', 'aria-label': label, 'aria-keyshortcuts': keys, title, ...attributes }, icon(name));
  if (onPress) button.addEventListener('click', () => onPress());
  return button;
}

/** @param {string} label @param {() => void} onPress @param {Attributes} [attributes] */
export function textButton(label, onPress, attributes = {}) {
  const button = element('button', { class: 'button', type: 'button', ...attributes }, label);
  button.addEventListener('click', () => onPress());
  return button;
}

/** @param {string} keys as `aria-keyshortcuts` has them @returns {string} the first of them, as people write it */
const shownKey = (keys) => keys.split(' ')[0].replace('Control', 'Ctrl');

/**
 * @typedef {object} Slider
 * @property {HTMLElement} element
 * @property {(value: number, words: string) => void} show a value, and how it is read out
 * @property {(isDisabled: boolean) => void} disable
 */
/**
 * @param {string} label
 * @param {{ min: number, max: number, step?: number }} range
 * @param {(value: number) => void} onInput
 * @returns {Slider}
 */
export function slider(label, range, onInput) {
  const input = element('input', { type: 'range', step: 1, ...range });
  const value = element('output', { class: 'editor-value', 'aria-hidden': 'true' });
  input.addEventListener('input', () => onInput(input.valueAsNumber));
  return {
    element: element('label', { class: 'editor-slider' }, element('span', { class: 'editor-label' }, label), value, input),
    show(number, words) {
      if (input.valueAsNumber !== number) input.value = String(number);
      input.setAttribute('aria-valuetext', words);
      if (value.textContent !== words) value.textContent = words;
    },
    disable(isDisabled) {
      input.disabled = isDisabled;
    },
  };
}

/**
 * @param {string} label
 * @param {(isOn: boolean) => void} onChange
 * @param {string} [hint]
 */
export function tick(label, onChange, hint = '') {
  const input = element('input', { type: 'checkbox' });
  input.addEventListener('change', () => onChange(input.checked));
  const words = element('span', {}, label, hint ? element('span', { class: 'editor-hint' }, hint) : null);
  return { element: element('label', { class: 'editor-tick' }, input, words), input };
}

/** @param {string} title @param {...(Node | null)} children */
export const section = (title, ...children) => element('section', { class: 'editor-section', 'aria-label': title }, element('h3', {}, title), ...children);

/** @param {string} words */
export const hint = (words) => element('p', { class: 'editor-hint' }, words);
