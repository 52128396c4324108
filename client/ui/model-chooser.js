import { facts as factsOf } from '../messages/format.js';
import { t } from '../messages/work.js';
import { part, setText, stamp } from './dom.js';
import { contentLines, costOf, exactCost, speedOf, tierName } from './model-words.js';

/**
 * @typedef {object} Choice a model as a person compares it
 * @property {{ id: string, title: string, summary: string, tier: string, licence: string, bytes: number }} model
 * @property {{ name: string, bytes: number }[]} contents what it is made of: files by role, or other models by title
 * @property {import('./model-words.js').Offer | null} offer what it would cost now, null while unknown
 * @property {number | null} speedMs per photo on this device, null before the first one
 */
/** @typedef {{ element: HTMLElement, radio: HTMLInputElement, cost: HTMLElement, speed: HTMLElement }} Card */

/** Which model cuts out. Hidden where there is nothing to choose. */
export class ModelChooser {
  #root = part(document, 'models', HTMLDetailsElement);
  #chosen = part(document, 'models-chosen', HTMLElement);
  #state = part(document, 'models-state', HTMLElement);
  #list = part(document, 'models-list', HTMLElement);
  /** @type {Map<string, Card>} */
  #cards = new Map();
  #onChoose;

  /**
   * @param {object} actions
   * @param {(id: string) => void} actions.onChoose
   * @param {() => void} actions.onOpen what the cards say may have changed since they were last seen
   */
  constructor({ onChoose, onOpen }) {
    this.#onChoose = onChoose;
    this.#root.addEventListener('toggle', () => {
      if (this.#root.open) onOpen();
    });
  }

  /**
   * @param {Choice[]} choices
   * @param {string} chosen id
   */
  show(choices, chosen) {
    this.#root.hidden = choices.length < 2;
    if (this.#root.hidden) return;
    for (const choice of choices) this.#update(choice, choice.model.id === chosen);
  }

  /** @param {Choice} choice @param {boolean} isChosen */
  #update({ model, contents, offer, speedMs }, isChosen) {
    const { radio, cost, speed } = this.#cards.get(model.id) ?? this.#add(model, contents);
    // Setting what is set already would still move the focus ring of some screen readers.
    if (radio.checked !== isChosen) radio.checked = isChosen;
    setText(cost, costOf(offer));
    cost.title = exactCost(offer);
    setText(speed, speedOf(speedMs));
    if (!isChosen) return;
    setText(this.#chosen, model.title);
    setText(this.#state, factsOf(tierName(model.tier), costOf(offer)));
  }

  /**
   * @param {Choice['model']} model
   * @param {Choice['contents']} contents
   * @returns {Card}
   */
  #add({ id, title, summary, tier, licence, bytes }, contents) {
    const element = stamp('model-template');
    element.dataset.model = id;
    const radio = part(element, 'radio', HTMLInputElement);
    const facts = part(element, 'facts', HTMLElement);
    facts.id = `model-${id}`;
    radio.value = id;
    radio.setAttribute('aria-describedby', facts.id);
    radio.addEventListener('change', () => this.#onChoose(id));
    setText(part(element, 'name', HTMLElement), title);
    setText(part(element, 'tier', HTMLElement), tierName(tier));
    setText(part(element, 'purpose', HTMLElement), summary);
    setText(part(element, 'licence', HTMLElement), t('model.licence', { licence }));
    if (contents.length > 1) this.#addContents(part(element, 'files', HTMLElement), contentLines(contents, bytes));
    const card = { element, radio, cost: part(element, 'cost', HTMLElement), speed: part(element, 'speed', HTMLElement) };
    this.#cards.set(id, card);
    this.#list.append(element);
    return card;
  }

  /** @param {HTMLElement} list @param {string[]} lines */
  #addContents(list, lines) {
    list.hidden = false;
    for (const line of lines) {
      const item = document.createElement('li');
      setText(item, line);
      list.append(item);
    }
  }
}
