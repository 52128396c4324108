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
import { SelectTool } from './select-tool.js';

const BRUSHES = /** @type {const} */ (['restore', 'erase', 'edge']);

export class Toolbox {
  element = element('div', { class: 'editor-tool-options' });
  /** What the tool that is chosen has over the photo. */
  overlay = element('div', { class: 'editor-overlay' });
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
   * @param {() => import('../document/document.js').Document | null} hooks.document that is open
   * @param {() => import('./segmented.js').Segmenter} hooks.segmenter
   */
  constructor(host, { look, onAll, onBusy, document, segmenter }) {
    this.#host = host;
    this.#look = new LookTool(host, { look, onAll, onBusy });
    const [restore, erase, edge] = BRUSHES.map((brush, i) => new BrushTool(host, brush, this.#brush, this.#panels[i].element, (change) => this.#set(change)));
    this.#tools = { restore, erase, edge, select: new SelectTool(host, { document, segmenter }), look: this.#look, parts: new PartsTool(host) };
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
    this.overlay.replaceChildren(...(this.tool.overlay ? [this.tool.overlay] : []));
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
    // It may have been left with the editor.
    this.tool.enter?.();
  }

  /** The editor is being closed. */
  close() {
    this.tool.leave?.();
    for (const tool of Object.values(this.#tools)) tool.close?.();
  }

  /** @param {boolean} canSelect whether there is a model for *Select* */
  offer(canSelect) {
    this.#look.showInstallable(!canSelect);
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
