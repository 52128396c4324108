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
  }

  /** @param {ToolName} tool */
  show(tool) {
    const input = this.#inputs.get(tool);
    if (input) input.checked = true;
  }
}
