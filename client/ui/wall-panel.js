import { part, setData, setText } from './dom.js';
import { element } from './element.js';
import { stateOf, wallText } from './strings-walls.js';

/** @typedef {import('./strings-walls.js').Walls} Walls */
/** @typedef {import('./strings-walls.js').Realm} Realm */

/** What the head of the page claims of the photos, and what it rests on: what was tried, and what the browser said to it. */
export class WallPanel {
  #root = part(document, 'promise', HTMLDetailsElement);
  #claim = part(this.#root, 'claim', HTMLElement);
  #lead = part(this.#root, 'lead', HTMLElement);
  #found = part(this.#root, 'found', HTMLElement);

  /** @param {Walls} walls */
  show(walls) {
    const state = stateOf(walls);
    setData(this.#root, 'state', state);
    setText(this.#claim, wallText.claim[state]);
    setText(this.#lead, wallText.lead[state]);
    const realms = /** @type {Realm[]} */ (Object.keys(walls));
    const list = element('ul', {}, ...realms.map((realm) => element('li', { 'data-wall': walls[realm] }, wallText.found(realm, walls[realm]))));
    const bad = realms.filter((realm) => walls[realm] === 'missing' || walls[realm] === 'replaced');
    const { mend } = wallText;
    this.#found.replaceChildren(
      list,
      element('p', {}, wallText.when(new Date().toLocaleTimeString())),
      ...(bad.length > 0 ? [element('p', {}, element('strong', {}, mend.title), ` ${mend.body}`), element('ul', {}, ...bad.map((realm) => element('li', {}, mend.where(realm)))), element('p', {}, mend.how)] : []),
    );
  }

  open() {
    this.#root.open = true;
    this.#root.querySelector('summary')?.focus();
  }
}
