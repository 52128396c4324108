/**
 * Which models there are, and what each would cost now.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../store.js').Event} Event
 */
import { Attempt } from '../../jobs/attempt.js';
import { ofCatalog } from '../../messages/index.js';
import { recallModel, rememberModel } from '../preference.js';
import { models, offerOf, placed } from '../state.js';

/** @template {{ title: string, summary?: string }} T @param {T} model @returns {T} as the page says it */
const inOurWords = (model) => ({ ...model, title: ofCatalog(model.title), ...(model.summary !== undefined && { summary: ofCatalog(model.summary) }) });

export class Offers {
  #engine;
  #store;
  #onUnknown;
  /** @type {Attempt | null} */
  #attempt = null;

  /**
   * @param {Pick<typeof import('../../api.js'), 'catalog' | 'offer'>} engine
   * @param {import('../store.js').Store} store
   * @param {(error: unknown, retry: () => void) => void} onUnknown it is not known what the chosen model would cost
   */
  constructor(engine, store, onUnknown) {
    this.#engine = engine;
    this.#store = store;
    this.#onUnknown = onUnknown;
  }

  async start() {
    try {
      const catalog = await this.#engine.catalog();
      this.#store.dispatch({ type: 'catalog', catalog: { ...catalog, models: catalog.models.map(inOurWords) }, model: recallModel() });
    } catch (error) {
      this.#onUnknown(error, () => void this.start());
    }
  }

  /** @param {Event} event @param {State} state @param {State} previous */
  follow({ type }, state, previous) {
    // What was agreed to beside the photos is chosen once it is here.
    if (type === 'choose-model' || (type === 'downloaded' && state.model !== previous.model)) rememberModel(state.model);
    if (state.asks === previous.asks) return;
    const { dispatch } = this.#store;
    this.#attempt = new Attempt(this.#attempt);
    void this.#attempt.run(() => this.#ask(state), {
      onDone: (offers) => dispatch({ type: 'offers', offers }),
      onFail: (error) => {
        dispatch({ type: 'offers-failed' });
        if (!offerOf(this.#store.state)) this.#onUnknown(error, () => dispatch({ type: 'refresh' }));
      },
    });
  }

  /**
   * Rejects when it is not known of the chosen model.
   * @param {State} state
   * @returns {Promise<Record<string, import('../state.js').Offer | null>>}
   */
  async #ask(state) {
    const options = placed(state);
    const entries = await Promise.all(models(state).map(async ({ id }) => {
      const offer = this.#engine.offer({ model: id, ...options }).then((one) => ({ ...one, model: inOurWords(one.model) }));
      return /** @type {const} */ ([id, await (id === state.model ? offer : offer.catch(() => null))]);
    }));
    return Object.fromEntries(entries);
  }
}
