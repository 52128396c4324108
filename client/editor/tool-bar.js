import { t } from '../messages/editor.js';
import { facts } from '../messages/format.js';
import { element } from '../ui/element.js';
import { icon } from './controls.js';
import { TOOLS } from './tools.js';

/** @typedef {import('./tools.js').ToolName} ToolName */

/** The tools, one of which is chosen. */
export class ToolBar {
  element;
  /** @type {Map<ToolName, HTMLInputElement>} */
  #inputs = new Map();

  /** @param {(tool: ToolName) => void} onChoose */
  constructor(onChoose) {
    const rows = TOOLS.map(({ name, key }) => {
      const id = `editor-tool-${name}`;
      const input = element('input', { type: 'radio', name: 'editor-tool', value: name, 'aria-labelledby': id, 'aria-keyshortcuts': key });
      input.addEventListener('change', () => onChoose(name));
      this.#inputs.set(name, input);
      const label = t(`editor.tool.${name}`);
      return element('label', { class: 'editor-tool', title: facts(label, key) }, input, icon(name), element('span', { id }, label));
    });
    this.element = element('div', { class: 'editor-tools', role: 'radiogroup', 'aria-label': t('editor.tools') }, ...rows);
    // Until it is known that there is a model for it.
    this.offer('select', false);
  }

  /** @param {ToolName} tool @param {boolean} isOffered it can be chosen */
  offer(tool, isOffered) {
    const label = this.#inputs.get(tool)?.closest('label');
    if (label) label.hidden = !isOffered;
  }

  /** @param {ToolName} tool @returns {boolean} it can be chosen */
  has(tool) {
    return this.#inputs.get(tool)?.closest('label')?.hidden === false;
  }

  /** @param {ToolName} tool */
  show(tool) {
    const input = this.#inputs.get(tool);
    if (input) input.checked = true;
  }
}
