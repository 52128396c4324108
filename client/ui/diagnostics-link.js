import { part } from './dom.js';
import { withWords } from '../messages/index.js';

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
    const styles = ['./diagnostics.css', './run-table.css'].map((name) => new URL(name, import.meta.url));
    const styled = import('./load-style.js').then(({ loadStyle }) => Promise.all(styles.map(loadStyle)));
    this.#panel ??= Promise.all([withWords(import('./diagnostics-panel.js')), styled]).then(([module]) => this.#make(module));
    return this.#panel;
  }
}
