import { formatTime } from '../messages/format-dates.js';
import { t } from '../messages/later.js';
import { part, setData, setText } from './dom.js';
import { element } from './element.js';

/** @typedef {'enforced' | 'missing' | 'replaced' | 'unknown'} Wall */
/** @typedef {'page' | 'inference' | 'delivery'} Realm */
/** @typedef {Record<Realm, Wall>} Walls */
/** @typedef {'proven' | 'broken' | 'unknown'} State of all walls together */

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
    setText(this.#claim, t(`wall.claim.${state}`));
    setText(this.#lead, t(`wall.lead.${state}`));
    const realms = /** @type {Realm[]} */ (Object.keys(walls));
    const list = element('ul', {}, ...realms.map((realm) => element('li', { 'data-wall': walls[realm] }, t(`wall.${realm}.${walls[realm]}`))));
    const bad = realms.filter((realm) => walls[realm] === 'missing' || walls[realm] === 'replaced');
    this.#found.replaceChildren(
      list,
      element('p', {}, t('wall.when', { time: formatTime(Date.now()) })),
      ...(bad.length > 0 ? mending(bad) : []),
    );
  }

  open() {
    this.#root.open = true;
    this.#root.querySelector('summary')?.focus();
  }
}

/** @param {Realm[]} bad @returns {HTMLElement[]} what is to be done about them, and by whom */
function mending(bad) {
  return [
    element('p', {}, element('strong', {}, t('wall.mend'))),
    element('p', {}, t('wall.mend.what')),
    element('ul', {}, ...bad.map((realm) => element('li', {}, t(`wall.${realm}.mend`)))),
    element('p', {}, t('wall.mend.how')),
  ];
}

/** @param {Walls} walls @returns {State} */
export function stateOf(walls) {
  const all = Object.values(walls);
  if (all.some((wall) => wall === 'missing' || wall === 'replaced')) return 'broken';
  return all.every((wall) => wall === 'enforced') ? 'proven' : 'unknown';
}
