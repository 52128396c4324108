import { formatBytes, formatPercent } from '../messages/format.js';
import { number as formatNumber, withWords } from '../messages/index.js';
import { t } from '../messages/work.js';
import { part, setText, stamp } from './dom.js';
import { element } from './element.js';
import { failure } from './failure.js';
import { COLOURS, fileName, finishSummary, sizeName } from './finish-words.js';
import { FORMATS, formatName } from '../shared/file-types.js';
import { ACCEPT } from './photo-names.js';

/** Ready to be picked: a gradient, and its name. */
const GRADIENTS = /** @type {const} */ ([['#fdf6ec', '#d8cbb8', 'linen'], ['#eef2f7', '#a9bdd6', 'morning'], ['#fbe3d6', '#e39a8b', 'peach'], ['#4a4f57', '#16181b', 'studio']]);

/** @typedef {HTMLInputElement | HTMLSelectElement} Control */
/** @typedef {Record<string, string | number | boolean | null>} Values by name of the control */
/**
 * @typedef {object} State
 * @property {Values} settings
 * @property {{ name: string, isOpening: boolean, trouble: unknown }} image the picture behind the photos, whose name is empty for none;
 *   whether another one is being opened, and why the one that was chosen last could not be
 * @property {number} more how many of the settings below "More" are not as they are at first
 * @property {boolean} isDefault
 * @property {Record<'webp' | 'avif', number>} costs bytes that are to be downloaded before the first such file
 */
/**
 * @typedef {object} Actions
 * @property {(change: Values) => void} onChange
 * @property {(image: File) => void} onImage
 * @property {() => void} onReset
 * @property {(wish: 'crop' | 'sheet') => void} onIdPhotos their crop is to be looked at, or they are wanted on sheets
 */

/**
 * How all photos are finished. Each control is named after its setting, and what only concerns one choice says so in the markup:
 * `data-when="name=value other!=value"`.
 */
export class FinishPanel {
  #root = stamp('finish-template');
  /** @type {Control[]} */
  #controls = [];
  /** @type {HTMLElement[]} */
  #conditional = [];
  /** As it is shown. @type {State | null} */
  #state = null;
  #idPhotos;
  /** What is asked of ID photos is here, or on its way. */
  #isAsking = false;
  #light = lightRow();
  #more = part(this.#root, 'more', HTMLButtonElement);
  #moreLabel = document.createTextNode(t('finish.more'));
  #rest = part(this.#root, 'rest', HTMLElement);
  #image = part(this.#root, 'image', HTMLElement);
  /** Told beside the chooser. @type {unknown} */
  #trouble = null;
  #reset = part(this.#root, 'reset', HTMLButtonElement);
  /** What is chosen, in the one line of a small screen. */
  #summary = part(document, 'panel-summary', HTMLElement);
  #actions;

  /**
   * @param {{ sizes: string[], shapes: string[], idPhotos: import('./id-panel.js').IdChoices }} choices
   * @param {Actions} actions
   */
  constructor({ sizes, shapes, idPhotos }, actions) {
    this.#actions = actions;
    this.#fill(sizes, shapes);
    this.#idPhotos = idPhotos;
    this.#image.closest('.finish-row')?.after(this.#light);
    this.#gather();
    this.#root.addEventListener('input', ({ target }) => this.#take(target));
    this.#root.addEventListener('change', ({ target }) => this.#mend(target));
    this.#more.firstChild?.replaceWith(this.#moreLabel);
    this.#more.addEventListener('click', () => this.#unfold(this.#more.getAttribute('aria-expanded') !== 'true'));
    this.#reset.addEventListener('click', () => {
      // The button goes away with what it resets.
      this.#more.focus();
      actions.onReset();
    });
    setText(part(this.#root, 'refine-hint', HTMLElement), t('finish.refine'));
    part(document, 'finish', HTMLElement).append(this.#root);
  }

  /** Another background, which comes later. @param {HTMLElement} chip @param {HTMLElement} row what stands below it while it is chosen */
  add(chip, row) {
    this.#root.querySelector('.chips')?.append(chip);
    this.#light.before(row);
    this.#gather();
  }

  /** What is asked of ID photos comes once they are wanted. @param {State} state */
  async #askId(state) {
    this.#isAsking = true;
    try {
      const { idPanel } = await withWords(import('./id-panel.js'));
      part(this.#root, 'size', HTMLSelectElement).closest('.finish-choice')?.after(idPanel(this.#idPhotos, this.#actions.onIdPhotos));
      this.#gather();
      this.show(this.#state ?? state);
    } catch {
      // Photos are ID photos all the same; the next change asks again.
      this.#isAsking = false;
    }
  }

  #gather() {
    this.#conditional = /** @type {HTMLElement[]} */ ([...this.#root.querySelectorAll('[data-when]')]);
    this.#controls = /** @type {Control[]} */ ([...this.#root.querySelectorAll('[name]')]);
  }

  /** @param {State} state */
  show(state) {
    const { settings, image, more, isDefault, costs } = state;
    this.#state = state;
    if (settings.size === 'id-photo' && !this.#isAsking) void this.#askId(state);
    const values = { ...settings, gradient: `${settings.from} ${settings.to}`, ground: settings.background === 'colour' ? settings.colour : '' };
    for (const control of this.#controls) write(control, values);
    for (const one of this.#conditional) one.hidden = !holds(one.dataset.when ?? '', settings);
    for (const name of ['colour', 'from', 'to']) this.#root.style.setProperty(`--finish-${name}`, String(settings[name]));
    this.#root.style.setProperty('--finish-angle', `${settings.angle}deg`);
    part(this.#root, 'backgrounds', HTMLFieldSetElement).disabled = settings.format === 'matte';
    if (settings.background === 'image') this.#showImage(image);
    for (const name of /** @type {const} */ (['webp', 'avif'])) setText(part(this.#root, `${name}-cost`, HTMLElement), costs[name] > 0 ? t('finish.cost', { format: formatName(`image/${name}`), size: formatBytes(costs[name]) }) : '');
    this.#moreLabel.data = more > 0 ? t('finish.more.set', { settings: more }) : t('finish.more');
    this.#reset.hidden = isDefault;
    setText(this.#summary, finishSummary(settings));
  }

  /** @param {string[]} sizes @param {string[]} shapes */
  #fill(sizes, shapes) {
    const option = (/** @type {string} */ value, /** @type {string} */ words) => element('option', { value }, words);
    const own = ['original', 'custom'];
    part(this.#root, 'size', HTMLSelectElement).append(
      ...own.map((id) => option(id, sizeName(id))),
      element('optgroup', { label: t('size.ready-made') }, ...sizes.map((id) => option(id, sizeName(id)))),
    );
    part(this.#root, 'shape', HTMLSelectElement).append(...shapes.map((id) => option(id, id === 'subject' ? t('finish.shape.subject') : id)));
    part(this.#root, 'format', HTMLSelectElement).append(...[...Object.keys(FORMATS), 'matte'].map((id) => option(id, fileName(id))));
    part(this.#root, 'colours', HTMLElement).append(...COLOURS.map(([value, name]) => dot('colour', value, t(`colour.${name}`), value)));
    part(this.#root, 'gradients', HTMLElement).append(...GRADIENTS.map(([from, to, name]) => dot('gradient', `${from} ${to}`, t(`gradient.${name}`), `linear-gradient(${from}, ${to})`)));
  }

  /** @param {EventTarget | null} target */
  #take(target) {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    // A number that is still being typed does not count yet.
    if (!target.name || !target.validity.valid) return;
    const [from, to] = target.value.split(' ');
    if (target.name === 'ground') this.#actions.onChange({ background: 'colour', colour: target.value });
    else this.#actions.onChange(target.name === 'gradient' ? { from, to } : { [target.name]: read(target) });
  }

  /** A number out of range becomes the nearest one, once it is left. @param {EventTarget | null} target */
  #mend(target) {
    if (!(target instanceof HTMLInputElement) || target.type !== 'number' || target.validity.valid) return;
    const number = Math.round(Number(target.value));
    target.value = String(Math.min(Number(target.max), Math.max(Number(target.min), number)));
    this.#take(target);
  }

  /** @param {boolean} isOpen */
  #unfold(isOpen) {
    this.#rest.hidden = !isOpen;
    this.#more.setAttribute('aria-expanded', String(isOpen));
  }

  /**
   * The input is made when it is first needed: the page has one for photos, which is where people and programs look for it.
   * @param {State['image']} image
   */
  #showImage({ name, isOpening, trouble }) {
    if (!this.#image.firstChild) {
      const input = element('input', { type: 'file', accept: ACCEPT, class: 'chooser-input', id: 'finish-file' });
      input.addEventListener('change', () => {
        const [image] = input.files ?? [];
        // So that the same one can be chosen again.
        input.value = '';
        if (image) this.#actions.onImage(image);
      });
      const chooser = element('span', { class: 'chooser' }, input, element('label', { class: 'button', for: 'finish-file' }));
      this.#image.append(chooser, element('p', { class: 'finish-hint', role: 'status' }));
    }
    const [label, hint] = ['label', 'p'].map((tag) => this.#image.querySelector(tag));
    if (label) setText(label, t(name ? 'finish.other-image' : 'finish.choose-image'));
    if (hint) setText(hint, isOpening ? t('finish.opening') : name || t('finish.no-image'));
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#image.querySelector('.failure')?.remove();
    if (trouble !== null) this.#image.append(failure(trouble));
  }
}

/** To be seen where there is a picture whose light can be matched. @returns {HTMLElement} */
const lightRow = () => element('div', { 'class': 'finish-row tick-more', 'data-when': 'background=image|words format!=matte' },
  element('label', { class: 'tick' }, element('input', { 'type': 'checkbox', 'name': 'matchLight', 'aria-describedby': 'finish-light' }), t('finish.light')),
  element('p', { class: 'finish-hint', id: 'finish-light' }, t('finish.light.hint')));

/**
 * One of the colours that are ready to be picked.
 * @param {string} group
 * @param {string} value
 * @param {string} name
 * @param {string} fill as CSS wants it
 */
function dot(group, value, name, fill) {
  const input = element('input', { class: 'dot', type: 'radio', name: group, value, 'aria-label': name, title: name });
  input.style.setProperty('--dot', fill);
  return input;
}

/** @param {Control} control @returns {Values[string]} */
function read(control) {
  if (control.type === 'checkbox') return /** @type {HTMLInputElement} */ (control).checked;
  if (control.type === 'number') return control.value === '' ? null : Number(control.value);
  return control.type === 'range' || control.name === 'angle' || control.dataset.kind === 'number' ? Number(control.value) : control.value;
}

/** @param {Control} control @param {Values} values */
function write(control, values) {
  const value = values[control.name];
  if (control instanceof HTMLInputElement && control.type === 'radio') control.checked = control.value === String(value);
  else if (control instanceof HTMLInputElement && control.type === 'checkbox') control.checked = value === true;
  else if (control !== document.activeElement || control.type !== 'number') control.value = String(value ?? '');
  if (control.type !== 'range') return;
  const words = control.dataset.unit === 'percent' ? formatPercent(Number(value) / 100) : formatNumber(Number(value));
  control.setAttribute('aria-valuetext', words);
  if (control.nextElementSibling) setText(control.nextElementSibling, words);
}

/** @param {string} conditions `name=value`, `name=value|other` and `name!=value`, all of which must hold @param {Values} settings */
function holds(conditions, settings) {
  return conditions.split(' ').every((condition) => {
    const [name, value] = condition.split(/!?=/u);
    return value.split('|').includes(String(settings[name])) !== condition.includes('!=');
  });
}
