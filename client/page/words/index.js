/**
 * Backgrounds made from words: the panel, the model behind it, and what a person chose of its pictures. Loaded where this site has such a model.
 *
 * @typedef {import('../../finish/choices.js').Made} Made
 * @typedef {import('../../ui/words-panel.js').Offer} Offer
 * @typedef {import('./making.js').Event} Event
 * @typedef {import('../../jobs/attempt.js').Watch<import('../../ui/words-panel.js').Progress>} Watch
 */
import { Attempt } from '../../jobs/attempt.js';
import { t } from '../../messages/words.js';
import { LocalEntry } from '../../shared/local-store.js';
import { loadStyle } from '../../ui/load-style.js';
import { WordsPanel } from '../../ui/words-panel.js';
import { acceptedWith, isAccepted } from './licences.js';
import { EXAMPLES } from './examples.js';
import { firstState, reduce } from './making.js';

/** Licences that a person accepted. */
const accepted = new LocalEntry('licences');

export class Words {
  #engine;
  #hooks;
  #state;
  #panel;
  #attempt = new Attempt();
  /** @type {Made | null} */
  #chosen = null;

  /**
   * @param {typeof import('../../api.js')} engine
   * @param {{ onChoose: (made: Made) => void, onSay: (words: string) => void }} hooks
   * @returns {Promise<Words | null>} null where this site has no model that makes pictures
   */
  static async load(engine, hooks) {
    const offer = await engine.offeredGenerator();
    if (!offer) return null;
    await loadStyle(new URL('../../ui/words.css', import.meta.url));
    return new Words(engine, offer, hooks);
  }

  /** @param {typeof import('../../api.js')} engine @param {Offer} offer @param {Parameters<typeof Words.load>[1]} hooks */
  constructor(engine, offer, hooks) {
    this.#engine = engine;
    this.#hooks = hooks;
    this.#state = firstState(offer);
    const { cacheStorage: isKept, secure: isSecure } = engine.environment();
    this.#panel = new WordsPanel(EXAMPLES, { isKept, isSecure, isAccepted: (one) => isAccepted(one, accepted.read()) }, {
      onWrite: (prompt) => this.#dispatch({ type: 'write', prompt }),
      onMake: () => this.#dispatch({ type: 'make' }),
      onMore: () => this.#dispatch({ type: 'more' }),
      onStop: () => this.#stop(),
      onAccept: () => {
        accepted.write(acceptedWith(this.#state.offer, accepted.read()));
        this.#dispatch({ type: 'agree' });
      },
      onDecline: () => this.#dispatch({ type: 'decline' }),
      onChoose: ({ image, id, origin }) => hooks.onChoose({ image, id, origin }),
    });
    this.#show();
  }

  /** @returns {HTMLElement} */
  get chip() {
    return this.#panel.chip;
  }

  /** @returns {HTMLElement} */
  get row() {
    return this.#panel.root;
  }

  /** @param {Made | null} chosen that is the background of what is shown */
  show(chosen) {
    if (chosen === this.#chosen) return;
    this.#chosen = chosen;
    this.#show();
  }

  #show() {
    this.#panel.show({ ...this.#state, chosen: this.#chosen });
  }

  /** @param {Event} event */
  #dispatch(event) {
    const before = this.#state;
    this.#state = reduce(before, event);
    if (this.#state === before) return;
    this.#show();
    const { phase } = this.#state;
    if (phase === 'looking' && before.phase !== 'looking') void this.#look();
    if (phase === 'making' && (before.phase !== 'making' || this.#state.done !== before.done)) void this.#make();
  }

  /** What it takes may be otherwise by now: other files, other room. */
  async #look() {
    this.#attempt = new Attempt(this.#attempt);
    await this.#attempt.run(() => this.#engine.offeredGenerator(), {
      onDone: (offer) => this.#dispatch({ type: 'offered', offer: offer ?? this.#state.offer, isAccepted: isAccepted(offer ?? this.#state.offer, accepted.read()) }),
      onFail: (error) => this.#dispatch({ type: 'failed', error }),
    });
  }

  /** The next picture. */
  async #make() {
    const { wish, done, offer } = this.#state;
    if (!wish) return;
    const { prompt, seeds: { [done]: seed } } = wish;
    this.#attempt = new Attempt(this.#attempt);
    await this.#attempt.run((/** @type {Watch} */ watch) => this.#engine.generatePicture({ prompt, seed, ...watch }), {
      onProgress: (progress) => this.#dispatch({ type: 'progress', progress }),
      onDone: ({ picture, report }) => {
        const [id] = crypto.getRandomValues(new Uint32Array(1));
        const origin = { prompt, seed, model: report.model.id, title: offer.title };
        this.#hooks.onSay(t('words.ready', { number: done + 1, total: wish.seeds.length }));
        this.#dispatch({ type: 'made', picture: { image: picture, id, origin, isCut: report.notes.some(({ code }) => code === 'prompt-cut') } });
      },
      onFail: (error) => this.#dispatch({ type: 'failed', error }),
    });
  }

  #stop() {
    this.#attempt.giveUp();
    this.#dispatch({ type: 'stop' });
    this.#hooks.onSay(t('words.stopped'));
  }
}
