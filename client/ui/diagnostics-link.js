import { part } from './dom.js';

/** @typedef {import('./diagnostics-panel.js').DiagnosticsPanel} Panel */

/** "Diagnostics" in the footer. What it opens is loaded when it is first pressed: hardly anybody does. */
export class DiagnosticsLink {
  /** @type {Promise<Panel> | null} */
  #panel = null;
  #make;

  /**
   * @param {(module: typeof import('./diagnostics-panel.js')) => Panel} make
   * @param {() => void} onFailure it could not be loaded
   */
  constructor(make, onFailure) {
    this.#make = make;
    part(document, 'open-diagnostics', HTMLButtonElement).addEventListener('click', () => {
      this.#load().then((panel) => panel.open(), () => {
        this.#panel = null;
        onFailure();
      });
    });
  }

  /** Something ran: what is open shows it. */
  refresh() {
    void this.#panel?.then((panel) => panel.refresh(), () => {});
  }

  #load() {
    this.#panel ??= Promise.all([import('./diagnostics-panel.js'), loadStyle('./diagnostics.css'), loadStyle('./run-table.css')]).then(([module]) => this.#make(module));
    return this.#panel;
  }
}

/** @param {string} name @returns {Promise<void>} rejects when it cannot be had */
function loadStyle(name) {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL(name, import.meta.url).href;
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      link.remove();
      reject(new Error(name));
    });
    document.head.append(link);
  });
}
