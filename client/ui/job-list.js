import { DEFAULT_PATTERN } from '../finish/file-names.js';
import { t } from '../messages/work.js';
import { Afterwards } from './afterwards.js';
import { CardMaking } from './card-making.js';
import { arrangeCards } from './card-order.js';
import { part, setData, setText } from './dom.js';
import { ListedCard } from './listed-card.js';
import { isOtherModels } from './redo.js';
import { armPanel, showView } from './view.js';

/** @typedef {import('./job-card.js').CardJob} CardJob */
/** @typedef {Exclude<import('./job-card.js').Action, 'prepare'>} Intent what is not the list's own business */
/**
 * @typedef {object} ListActions
 * @property {(action: Intent, id: string) => void} onAct what a card's button says
 * @property {() => void} onRestart
 * @property {(ids: string[]) => void} onRedoAll photos that another model cut out
 * @property {(id: string) => void} onDownloaded its file has been taken
 * @property {() => void} onAwaited somebody waits for a file, or sees another card
 * @property {(words: string) => void} onSay to be heard
 * @property {(id: string) => import('./offered-file.js').Wanted} wanted what a photo's file is to be now
 */

const NOWHERE = { folder: '', name: '' };

/** All photos, and what can be done with them together. */
export class JobList {
  #section = part(document, 'photos', HTMLElement);
  #list = part(document, 'jobs', HTMLElement);
  #summary = part(document, 'summary', HTMLElement);
  #redoAll = part(document, 'redo-all', HTMLButtonElement);
  /** As they were told last. @type {CardJob[]} */
  #jobs = [];
  /** @type {Map<string, ListedCard>} */
  #cards = new Map();
  #making = new CardMaking(this.#list, this.#cards);
  /** For pictures of hundreds that go at once. */
  #afterwards = new Afterwards();
  #actions;
  /** @type {import('./job-card.js').Present} */
  #present = { choice: null, pattern: DEFAULT_PATTERN };
  /** Elements of the cards that can be seen now. @type {Set<Element>} */
  #onScreen = new Set();
  #watcher = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) this.#onScreen[isIntersecting ? 'add' : 'delete'](target);
  });
  /** Ids of the photos that are shown, since the last one came or went; null where that is to be done anew. @type {string | null} */
  #arrangement = null;

  /** @param {ListActions} actions */
  constructor(actions) {
    this.#actions = actions;
    armPanel();
    part(document, 'restart', HTMLButtonElement).addEventListener('click', () => actions.onRestart());
    this.#redoAll.addEventListener('click', () => actions.onRedoAll(this.#redone));
    this.#list.addEventListener('click', ({ target }) => {
      const link = target instanceof Element ? target.closest('a[download]') : null;
      if (link) actions.onDownloaded(link.closest('.job')?.getAttribute('data-job') ?? '');
    });
  }

  /** @param {CardJob} job @param {string | null} [next] id of the one that it comes before; the last one where there is none @returns {HTMLElement} its place */
  add(job, next = null) {
    const card = new ListedCard(job, (action, id) => this.#act(action, id), this.#present);
    this.#cards.set(job.id, card);
    this.#arrangement = null;
    this.#list.insertBefore(card.element, this.#cards.get(next ?? '')?.element ?? null);
    this.#watcher.observe(card.element);
    this.#making.add(card);
    return card.element;
  }

  /** @param {string} id of a photo in the list @returns {HTMLElement} its place */
  placeOf(id) {
    return /** @type {ListedCard} */ (this.#cards.get(id)).element;
  }

  /** @param {CardJob} job @param {CardJob} previous */
  update(job, previous) {
    this.#cards.get(job.id)?.update(job, previous);
  }

  /**
   * @param {{ id: string, title: string }} chosen
   * @param {{ id: string, title: string }[]} all
   */
  showChoice(chosen, all) {
    // One model is no choice, and not worth a word on each card.
    if (all.length < 2 || chosen.id === this.#present.choice?.id) return;
    this.#showPresent({ choice: { ...chosen, titles: new Map(all.map(({ id, title }) => [id, title])) } });
  }

  /** @param {string[]} ids of the photos that are shown, in their order */
  arrange(ids) {
    const arrangement = ids.join();
    if (arrangement === this.#arrangement) return;
    this.#arrangement = arrangement;
    arrangeCards(this.#list, new Map([...this.#cards].map(([id, { element }]) => [id, element])), ids);
    this.#making.arrange(ids);
  }

  /** @param {boolean} isBrief from now on only cards that are seen are made */
  limitCards(isBrief) {
    this.#making.limit(isBrief);
  }

  /** @param {Map<string, string[] | null>} reasons for which photos are to be checked, none where a person wants to; null where they are not */
  showChecks(reasons) {
    for (const [id, words] of reasons) this.#cards.get(id)?.showCheck(words);
  }

  /** @param {string} id @param {string} words in what it is wanted otherwise than the others, empty where it is not */
  showOwn(id, words) {
    this.#cards.get(id)?.showOwn(words);
  }

  /** @param {string} id of a photo that the keyboard goes on from @param {string} name value of `data-part` of its button */
  focusOn(id, name) {
    const button = this.#cards.get(id)?.make().element.querySelector(`[data-part="${name}"]`);
    if (button instanceof HTMLElement) button.focus();
  }

  /** @param {string} pattern @returns {string} what the first photo's file is called by it */
  nameBy(pattern) {
    const [id, card] = this.#cards.entries().next().value ?? [''];
    return (card?.expected(this.#actions.wanted(id), pattern) ?? NOWHERE).name;
  }

  /** @param {string} pattern of files' names */
  showPattern(pattern) {
    if (pattern !== this.#present.pattern) this.#showPresent({ pattern });
  }

  /** @param {string} id @returns {0 | 1 | 2} how soon something should be made of it: first where somebody waits for its file, then where it is seen */
  urgency(id) {
    const card = this.#cards.get(id);
    if (!card) return 0;
    return card.isAwaited ? 2 : this.#onScreen.has(card.element) ? 1 : 0;
  }

  /** @param {string} id @param {boolean} isPending its file is older than what is wanted, and the one that is wanted will come */
  showPending(id, isPending) {
    this.#cards.get(id)?.showPending(isPending);
  }

  /** @param {string} id @param {import('./progress.js').Progress | null} progress of making something of it anew */
  showFinishing(id, progress) {
    this.#cards.get(id)?.showFinishing(progress);
  }

  /** @param {string} id @param {import('./job-card.js').Result['preview']} preview of a photo that is being cut out */
  showEarly(id, preview) {
    this.#cards.get(id)?.showEarly(preview);
  }

  /** @param {string} id */
  showFinished(id) {
    this.#cards.get(id)?.showFinished();
  }

  /** @param {string} id @param {unknown} error why its cutout is still the one it was */
  showUnfinished(id, error) {
    this.#cards.get(id)?.showUnfinished(error);
  }

  /** @param {string} id @param {boolean} isOnGpu it is started there because a person said so */
  markStart(id, isOnGpu) {
    this.#cards.get(id)?.markStart(isOnGpu);
  }

  /** @param {string} id */
  remove(id, card = this.#cards.get(id)) {
    if (!card) return;
    this.#watcher.unobserve(card.element);
    this.#onScreen.delete(card.element);
    this.#making.remove(card);
    this.#arrangement = null;
    card.element.remove();
    this.#cards.delete(id);
    this.#afterwards.add(() => card.release());
  }

  /** Called when a job was added, removed or entered another state. @param {CardJob[]} jobs */
  summarise(jobs) {
    this.#section.hidden = jobs.length === 0;
    showView(jobs.length === 0 ? 'empty' : 'work');
    setData(this.#list, 'count', String(jobs.length));
    for (const [i, { id }] of jobs.entries()) this.#cards.get(id)?.place(i + 1, jobs.length);
    this.#jobs = jobs;
    this.#showRedoAll();
  }

  /** @returns {string[]} ids of the photos whose cutout would be another one with the model that is chosen */
  get #redone() {
    return this.#jobs.filter(({ state, result }) => state === 'done' && result && isOtherModels(result, this.#present)).map(({ id }) => id);
  }

  #showRedoAll() {
    const total = this.#redone.length;
    this.#redoAll.hidden = total < 2;
    setText(this.#redoAll, t('jobs.redo', { total, model: this.#present.choice?.title ?? '' }));
  }

  focus() {
    this.#summary.focus();
  }

  /** @param {string} id @returns {{ folder: string, name: string }} what its file will be called, as far as it is known now */
  expected(id) {
    return this.#cards.get(id)?.expected(this.#actions.wanted(id)) ?? NOWHERE;
  }

  /** @param {string} id @returns {Promise<import('./job-download.js').Offered | null> | null} its file once it is as it is wanted */
  fileOf(id) {
    const taking = this.#cards.get(id)?.make().download.wanted() ?? null;
    this.#actions.onAwaited();
    return taking;
  }

  /** @param {string} id of a photo whose file is not as it is wanted yet */
  async saveLater(id) {
    const card = this.#cards.get(id);
    if (!card || card.isAwaited) return;
    this.#actions.onSay(t('job.will-save', { name: card.name }));
    const saving = card.make().download.save();
    this.#actions.onAwaited();
    if (await saving) this.#actions.onSay(t('job.saved', { name: card.name }));
  }

  /** @param {Partial<import('./job-card.js').Present>} change */
  #showPresent(change) {
    this.#present = { ...this.#present, ...change };
    for (const card of this.#cards.values()) card.showPresent(this.#present);
    this.#showRedoAll();
  }

  /**
   * The button that removes a card goes with it; the keyboard goes on from the heading of the list.
   * @type {import('./job-card.js').Act}
   */
  #act(action, id) {
    if (action === 'prepare') {
      void this.saveLater(id);
      return;
    }
    const hadFocus = action === 'remove' && this.#cards.get(id)?.element.contains(document.activeElement);
    this.#actions.onAct(action, id);
    if (hadFocus) this.#summary.focus();
  }
}
