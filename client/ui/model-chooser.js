import { facts as factsOf } from '../messages/format.js';
import { withWords } from '../messages/index.js';
import { t } from '../messages/work.js';
import { part, setText, stamp } from './dom.js';
import { contentLines, costOf, countedSpeed, exactCost, qualityName, speedOf } from './model-words.js';
import { move } from './view.js';

/**
 * @typedef {object} Choice a model as a person compares it
 * @property {{ id: string, title: string, summary: string, tier: string, licence: string, bytes: number }} model
 * @property {'quick' | 'finer' | 'finest' | null} quality in a plain word
 * @property {boolean} isShared the word is not this model's alone
 * @property {boolean} isBest it serves best on this device
 * @property {{ name: string, bytes: number }[]} contents what it is made of: files by role, or other models by title
 * @property {import('./model-words.js').Offer | null} offer what it would cost now, null while unknown
 * @property {number | null} speedMs per photo on this device, null before the first one
 */
/** @typedef {{ element: HTMLElement, quality: Choice['quality'], radio: HTMLInputElement, best: HTMLElement, cost: HTMLElement, speed: HTMLElement }} Card */

/** Which model cuts out. Hidden where there is nothing to choose. */
export class ModelChooser {
  #root = part(document, 'models', HTMLDetailsElement);
  #chosen = part(document, 'models-chosen', HTMLElement);
  #state = part(document, 'models-state', HTMLElement);
  #list = part(document, 'models-list', HTMLElement);
  /** What is asked and told of the chosen one, and where that stands while the choice cannot be seen. */
  #ask = part(document, 'consent', HTMLElement);
  #away = /** @type {HTMLElement} */ (this.#ask.parentElement);
  #chosenId = '';
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
      if (!this.#root.open) return;
      onOpen();
      // Without them there is still everything to choose by.
      this.#showExamples().catch(() => {});
    });
    // Unfolded or folded, or the sheet around it: what is asked is seen either way.
    new ResizeObserver(() => requestAnimationFrame(() => this.#placeAsk())).observe(this.#list);
  }

  /**
   * @param {Choice[]} choices
   * @param {string} chosen id
   */
  show(choices, chosen) {
    this.#root.hidden = choices.length < 2;
    if (this.#root.hidden) return;
    for (const choice of choices) this.#update(choice, choice.model.id === chosen);
    this.#chosenId = chosen;
    this.#placeAsk();
  }

  /** Below the choice it is about. */
  #placeAsk() {
    const card = this.#list.checkVisibility() ? this.#cards.get(this.#chosenId)?.element : undefined;
    move(this.#ask, card ?? this.#away);
  }

  /** For those that have a plain word, in which an edge tells what no number does. */
  async #showExamples() {
    const { exampleOf } = await withWords(import('./quality-examples.js'));
    for (const { element, quality } of this.#cards.values()) {
      if (quality && !element.querySelector('.model-example')) element.prepend(exampleOf(quality));
    }
  }

  /** @param {Choice} choice @param {boolean} isChosen */
  #update(choice, isChosen) {
    const { model, offer, speedMs, isBest } = choice;
    const { radio, best, cost, speed } = this.#cards.get(model.id) ?? this.#add(choice);
    const speedWords = speedMs === null ? countedSpeed(offer?.photoMs) : speedOf(speedMs);
    best.hidden = !isBest;
    // Setting what is set already would still move the focus ring of some screen readers.
    if (radio.checked !== isChosen) radio.checked = isChosen;
    setText(cost, costOf(offer));
    cost.title = exactCost(offer);
    setText(speed, speedWords);
    if (!isChosen) return;
    setText(this.#chosen, qualityName(choice));
    setText(this.#state, factsOf(costOf(offer), speedWords));
  }

  /** @param {Choice} choice @returns {Card} */
  #add(choice) {
    const { model: { id, title, summary, licence, bytes }, contents } = choice;
    const element = stamp('model-template');
    element.dataset.model = id;
    const radio = part(element, 'radio', HTMLInputElement);
    const facts = part(element, 'facts', HTMLElement);
    facts.id = `model-${id}`;
    radio.value = id;
    radio.setAttribute('aria-describedby', facts.id);
    radio.addEventListener('change', () => this.#onChoose(id));
    setText(part(element, 'name', HTMLElement), qualityName(choice));
    setText(part(element, 'title', HTMLElement), title);
    setText(part(element, 'purpose', HTMLElement), summary);
    setText(part(element, 'best', HTMLElement), t('model.best-here'));
    setText(part(element, 'licence', HTMLElement), t('model.licence', { licence }));
    if (contents.length > 1) this.#addContents(part(element, 'files', HTMLElement), contentLines(contents, bytes));
    const card = { element, quality: choice.quality, radio, best: part(element, 'best', HTMLElement), cost: part(element, 'cost', HTMLElement), speed: part(element, 'speed', HTMLElement) };
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
