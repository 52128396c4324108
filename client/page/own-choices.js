/**
 * Photos' own choices: which photos have some, and what becomes of them while some photos are chosen.
 *
 * @typedef {import('../finish/choices.js').Choices} Choices
 * @typedef {ReadonlyMap<string, Choices>} Own by job; those that are not there follow what holds for all
 */
import { areSame, differences } from '../finish/choices.js';
import { t } from '../messages/work.js';

export class OwnChoices {
  /** @type {Own} */
  #present = new Map();
  /** @type {readonly string[]} */
  #chosen = [];
  /** What the chosen ones had before, with which it can be taken back: one step, however many sliders are moved. @type {Map<string, Choices | null> | null} */
  #before = null;
  #hooks;

  /**
   * @param {{ common: () => Choices, offer: (step: import('./undo.js').Step) => void, onOwn: (id: string, own: Choices | null) => void, onChange: () => void }} hooks `common`: what
   *   holds for the others; `onChange` once for all that `onOwn` told
   */
  constructor(hooks) {
    this.#hooks = hooks;
  }

  /** @returns {Own} another one when something in it is another */
  get present() {
    return this.#present;
  }

  /** @returns {readonly string[]} ids of the photos that choices are made for; of none, they are for all */
  get chosen() {
    return this.#chosen;
  }

  /** @returns {Choices | null} of the first of the chosen photos; null where none is chosen */
  get shown() {
    const [first] = this.#chosen;
    return first === undefined ? null : this.of(first) ?? this.#hooks.common();
  }

  /** @returns {boolean} the chosen photos are wanted otherwise than each other */
  get isMixed() {
    const { shown } = this;
    return shown !== null && this.#chosen.some((id) => !areSame(this.of(id) ?? this.#hooks.common(), shown));
  }

  /** @param {string} id @returns {Choices | null} */
  of(id) {
    return this.#present.get(id) ?? null;
  }

  /** @param {string} id @returns {import('../finish/choices.js').Difference[]} in what it differs from those without choices of their own */
  differences(id) {
    const own = this.of(id);
    return own ? differences(own, this.#hooks.common()) : [];
  }

  /** @param {readonly { id: string, own?: object | null }[]} jobs all there are now */
  follow(jobs) {
    const own = jobs.flatMap((job) => (job.own ? [/** @type {[string, Choices]} */ ([job.id, job.own])] : []));
    if (own.length === this.#present.size && own.every(([id, choices]) => this.#present.get(id) === choices)) return;
    this.#present = new Map(own);
  }

  /** @param {readonly string[]} ids of the photos that choices are made for; of none, they are for all */
  choose(ids) {
    this.#chosen = ids;
    this.#before = null;
  }

  /** @param {(choices: Choices) => Choices} change @param {readonly string[]} ids of the photos that it is for */
  set(change, ids) {
    const common = this.#hooks.common();
    this.#apply(ids.map((id) => {
      const choices = Object.freeze(change(this.of(id) ?? common));
      return [id, areSame(choices, common) && choices.settings.background !== 'image' ? null : choices];
    }), t('own.applied', { count: ids.length }));
  }

  /** The chosen photos follow what holds for all again. */
  drop() {
    this.#apply(this.#chosen.map((id) => [id, null]), t('own.dropped', { count: this.#chosen.length }));
  }

  /** @param {[string, Choices | null][]} changes @param {string} words */
  #apply(changes, words) {
    this.#before ??= new Map();
    const before = this.#before;
    for (const [id] of changes) if (!before.has(id)) before.set(id, this.of(id));
    this.#hooks.offer({
      words,
      about: before,
      undo: () => {
        if (this.#before === before) this.#before = null;
        this.#put([...before]);
      },
    });
    this.#put(changes);
  }

  /** @param {[string, Choices | null][]} changes */
  #put(changes) {
    const next = new Map(this.#present);
    for (const [id, own] of changes) {
      if (own) next.set(id, own);
      else next.delete(id);
    }
    this.#present = next;
    for (const [id, own] of changes) this.#hooks.onOwn(id, own);
    this.#hooks.onChange();
  }
}
