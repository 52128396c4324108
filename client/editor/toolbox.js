/**
 * The tools and what is set for them.
 *
 * @typedef {import('./tools.js').Tool} Tool
 * @typedef {import('./tools.js').ToolName} ToolName
 */
import { element } from '../ui/element.js';
import { BrushPanel } from './brush-panel.js';
import { BrushTool } from './brush-tool.js';
import { firstSize } from './brush.js';
import { LookTool } from './look-tool.js';
import { PartsTool } from './parts-tool.js';

const BRUSHES = /** @type {const} */ (['restore', 'erase', 'edge']);

export class Toolbox {
  element = element('div', { class: 'editor-tool-options' });
  #brush = { size: 0, hardness: 0.8 };
  #panels = BRUSHES.map((brush) => new BrushPanel(brush, (change) => this.#set(change)));
  /** @type {Record<ToolName, Tool>} */
  #tools;
  #look;
  /** @type {ToolName} */
  #chosen = 'restore';
  #host;

  /**
   * @param {import('./tools.js').ToolHost} host
   * @param {object} hooks
   * @param {(box: import('./box.js').Box, signal: AbortSignal) => Promise<import('../document/edits.js').Look | null>} hooks.look
   * @param {(box: import('./box.js').Box, isOnly: boolean) => void} hooks.onAll
   * @param {(words: string | null, onStop?: () => void) => void} hooks.onBusy
   */
  constructor(host, { look, onAll, onBusy }) {
    this.#host = host;
    this.#look = new LookTool(host, { look, onAll, onBusy });
    const [restore, erase, edge] = BRUSHES.map((brush, i) => new BrushTool(host, brush, this.#brush, this.#panels[i].element, (change) => this.#set(change)));
    this.#tools = { restore, erase, edge, look: this.#look, parts: new PartsTool(host) };
  }

  /** @returns {Tool} that is chosen */
  get tool() {
    return this.#tools[this.#chosen];
  }

  /** @param {ToolName} name */
  choose(name) {
    this.tool.leave?.();
    this.#chosen = name;
    this.element.replaceChildren(this.tool.options);
    this.tool.enter?.();
  }

  /** The matte is another. */
  changed() {
    for (const tool of Object.values(this.#tools)) tool.changed?.();
  }

  /** @param {{ width: number, height: number }} size of the photo that is open now */
  renew(size) {
    if (this.#brush.size === 0) this.#set({ size: firstSize(size) });
    for (const tool of Object.values(this.#tools)) tool.renew?.();
  }

  /** The editor is being closed. */
  leave() {
    this.tool.leave?.();
  }

  /** @param {number} count of photos */
  showCount(count) {
    this.#look.showCount(count);
  }

  /** @param {Partial<{ size: number, hardness: number }>} change */
  #set(change) {
    Object.assign(this.#brush, change);
    for (const panel of this.#panels) panel.show(this.#brush);
    this.#host.redraw();
  }
}
