import { t } from '../messages/editor.js';
import { element } from '../ui/element.js';
import { icon } from './controls.js';
import { helpSheet } from './help.js';

/** The window that the editor is: bars around the stage, and options beside it, or over it where there is little room. */
export class Frame {
  dialog;
  #panel;
  #toggle;
  #stage;
  #hasTool;
  /** @type {HTMLDialogElement | null} */
  #help = null;

  /** @param {{ bar: HTMLElement, tools: HTMLElement, stage: HTMLElement, overlay: HTMLElement, view: HTMLElement, status: HTMLElement, panel: HTMLElement[], strip: HTMLElement, hasTool: (tool: import('./tools.js').ToolName) => boolean }} parts */
  constructor({ bar, tools, stage, overlay, view, status, panel, strip, hasTool }) {
    this.#stage = stage;
    this.#hasTool = hasTool;
    this.#panel = element('div', { class: 'editor-panel', id: 'editor-panel', role: 'region', 'aria-label': t('editor.options') }, ...panel);
    this.#toggle = element('button', { class: 'editor-tool editor-toggle', type: 'button', 'aria-expanded': 'false', 'aria-controls': 'editor-panel' }, icon('options'), element('span', {}, t('editor.options')));
    this.#toggle.addEventListener('click', () => this.#expand(this.#toggle.getAttribute('aria-expanded') !== 'true'));
    this.dialog = element('dialog', { class: 'window editor', 'aria-labelledby': 'editor-title' },
      bar, element('div', { class: 'editor-side' }, tools, this.#toggle), element('div', { class: 'editor-main' }, stage, overlay, status, view), this.#panel, strip);
    document.body.append(this.dialog);
  }

  show() {
    this.dialog.showModal();
    this.#stage.focus({ preventScroll: true });
  }

  /** @param {boolean} isOpening the photo cannot be worked on yet */
  showOpening(isOpening) {
    this.dialog.toggleAttribute('data-opening', isOpening);
  }

  showHelp() {
    if (!this.#help) {
      this.#help = helpSheet(this.#hasTool);
      this.dialog.append(this.#help);
    }
    if (this.#help.open) return;
    this.#help.showModal();
    this.#help.querySelector('h2')?.focus();
  }

  /** @returns {boolean} they lay over the photo */
  hideOptions() {
    const wasShown = this.dialog.hasAttribute('data-options');
    if (wasShown) this.#toggle.focus();
    this.#expand(false);
    return wasShown;
  }

  /** @param {boolean} isShown */
  #expand(isShown) {
    this.#toggle.setAttribute('aria-expanded', String(isShown));
    this.dialog.toggleAttribute('data-options', isShown);
  }
}
