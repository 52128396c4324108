/**
 * Backgrounds made from words: the panel, the model behind it, and what a person chose of its pictures. Loaded where this site has such a model.
 *
 * @typedef {import('../../finish/choices.js').Made} Made
 * @typedef {import('../../ui/words-panel.js').Offer} Offer
 * @typedef {import('./making.js').Event} Event
 * @typedef {object} Hooks
 * @property {(made: Made) => void} onChoose
 * @property {(words: string) => void} onSay
 * @property {() => import('../../document/document.js').Document | null} photo of those that the panel is about, the first that has been cut out
 * @typedef {import('../../jobs/attempt.js').Watch<import('../../ui/words-panel.js').Progress>} Watch
 */
import { Attempt } from '../../jobs/attempt.js';
import { t } from '../../messages/words.js';
import { LocalEntry } from '../../shared/local-store.js';
import { loadStyle } from '../../ui/load-style.js';
import { part } from '../../ui/dom.js';
import { WordsPanel } from '../../ui/words-panel.js';
import { WordsElsewhere } from '../../ui/words-progress.js';
import { acceptedWith, isAccepted } from './licences.js';
import { EXAMPLES } from './examples.js';
import { firstState, reduce } from './making.js';
import { startOf } from './start.js';

/** Licences that a person accepted. */
const accepted = new LocalEntry('licences');

export class Words {
  #engine;
  #hooks;
  #state;
  #panel;
  #elsewhere;
  #attempt = new Attempt();
  /** What the pictures that are asked for begin with. @type {Blob | null} */
  #start = null;
  /** @type {Made | null} */
  #chosen = null;

  /**
   * @param {typeof import('../../api.js')} engine
   * @param {Hooks} hooks
   * @returns {Promise<Words | null>} null where this site has no model that makes pictures
   */
  static async load(engine, hooks) {
    const offer = await engine.offeredGenerator();
    if (!offer) return null;
    await loadStyle(new URL('../../ui/words.css', import.meta.url));
    return new Words(engine, offer, hooks);
  }

  /** @param {typeof import('../../api.js')} engine @param {Offer} offer @param {Hooks} hooks */
  constructor(engine, offer, hooks) {
    this.#engine = engine;
    this.#hooks = hooks;
    this.#state = firstState(offer);
    const { cacheStorage: isKept, secure: isSecure } = engine.environment();
    this.#panel = new WordsPanel(EXAMPLES, { isKept, isSecure, isAccepted: (one) => isAccepted(one, accepted.read()) }, {
      onWrite: (prompt) => this.#dispatch({ type: 'write', prompt }),
      onStart: (isStarting) => this.#dispatch({ type: 'start', isStarting }),
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
    this.#elsewhere = new WordsElsewhere(this.#panel.root, part(document, 'failures', HTMLElement), () => this.#stop());
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
    this.#elsewhere.show(this.#state);
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
    const isStarting = this.#state.wish?.isStarting === true;
    this.#attempt = new Attempt(this.#attempt);
    const look = async () => {
      const photo = isStarting ? this.#hooks.photo() : null;
      const start = photo && (await startOf(this.#engine, photo));
      return { start, offer: (await this.#engine.offeredGenerator({ isStarting })) ?? this.#state.offer };
    };
    await this.#attempt.run(look, {
      onDone: ({ start, offer }) => {
        this.#start = start;
        if (isStarting && !start) this.#dispatch({ type: 'startless' });
        else this.#dispatch({ type: 'offered', offer, isAccepted: isAccepted(offer, accepted.read()) });
      },
      onFail: (error) => this.#dispatch({ type: 'failed', error }),
    });
  }

  /** The next picture. */
  async #make() {
    const { wish, done, offer } = this.#state;
    if (!wish) return;
    const { prompt, isStarting, seeds: { [done]: seed } } = wish;
    const start = isStarting ? this.#start : null;
    this.#attempt = new Attempt(this.#attempt);
    await this.#attempt.run((/** @type {Watch} */ watch) => this.#engine.generatePicture({ prompt, seed, start, ...watch }), {
      onProgress: (progress) => this.#dispatch({ type: 'progress', progress }),
      onDone: ({ picture, report }) => {
        const [id] = crypto.getRandomValues(new Uint32Array(1));
        const origin = { prompt, seed, model: report.model.id, title: offer.title, ...(start ? { start: /** @type {const} */ ('photo') } : {}) };
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
