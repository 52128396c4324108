/**
 * What the page shows of its state, beside its photos. Views that are seldom needed are loaded when they are.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {import('./store.js').Event} Event
 */
import { t, withWords } from '../messages/index.js';
import { unknownModel } from '../ui/address.js';
import { part } from '../ui/dom.js';
import { chosenWords, exactParts, offerLine } from '../ui/model-words.js';
import { downloadAbove, isConsentOpen } from './gate.js';
import { Lazy, loadSpared } from './lazy.js';
import { chosen, modelOf, models, offerOf } from './state.js';

export class Screen {
  #engine;
  #store;
  #parts;
  #kept;
  #focus;
  #acquisition;
  /** There has been a question or a download. */
  #isAcquiring = false;
  #chooser;
  #stored;
  #memory;
  /** The browser was asked to keep what is stored. */
  #wasAsked = false;

  /**
   * @param {Pick<typeof import('../api.js'), 'environment' | 'speeds' | 'stored' | 'forget' | 'persist'>} engine
   * @param {import('./store.js').Store} store
   * @param {object} parts
   * @param {import('../ui/announcer.js').Announcer} parts.announcer
   * @param {import('../ui/dropzone.js').DropZone} parts.dropZone
   * @param {import('../ui/footer.js').Footer} parts.footer
   * @param {import('../ui/notices.js').Notices} parts.notices
   * @param {object} hooks
   * @param {{ pause: () => void, resume: () => void }} hooks.downloads
   * @param {() => void} hooks.focus where the keyboard goes on when a panel is gone
   */
  constructor(engine, store, parts, { downloads, focus }) {
    this.#engine = engine;
    this.#store = store;
    this.#parts = parts;
    this.#kept = engine.environment().cacheStorage;
    this.#focus = focus;
    const onOther = (/** @type {string} */ model) => this.chooseInstead(model);
    this.#memory = new Lazy(() => withWords(import('../ui/memory-notice.js')).then(({ MemoryNotice }) => new MemoryNotice(parts.notices, () => this.#openStored())));
    this.#acquisition = new Lazy(() => withWords(import('./acquisition.js')).then(({ Acquisition }) => new Acquisition(store, { kept: this.#kept, downloads, focus, onOther })));
    this.#chooser = new Lazy(() => Promise.all([withWords(import('../ui/model-chooser.js')), withWords(import('./choices.js'))]).then(([{ ModelChooser }, { choicesOf }]) => {
      const view = new ModelChooser({ onChoose: (model) => store.dispatch({ type: 'choose-model', model }), onOpen: () => store.dispatch({ type: 'refresh' }) });
      return { show: (/** @type {State} */ state) => view.show(choicesOf(state, () => engine.speeds()), state.model) };
    }));
    this.#stored = new Lazy(() => withWords(import('../ui/stored-panel.js')).then(({ StoredPanel }) => new StoredPanel(engine, {
      kept: this.#kept,
      wasAsked: () => this.#wasAsked,
      findModel: (id) => modelOf(store.state, id) ?? store.state.catalog?.pipelines.find((one) => one.id === id) ?? null,
      onForget: { before: () => store.dispatch({ type: 'forget' }), after: () => this.#forgotten() },
    })));
    part(document, 'open-stored', HTMLButtonElement).addEventListener('click', () => this.#openStored());
    // An installed app is promised what a page may be refused.
    addEventListener('appinstalled', () => void this.#keep());
    parts.dropZone.showOffer(t('offer.checking'));
  }

  /** @returns {boolean} whether the browser can store what is downloaded */
  get kept() {
    return this.#kept;
  }

  /** @param {Event} event @param {State} state @param {State} previous */
  follow(event, state, previous) {
    if (event.type === 'catalog') this.#showCatalog(event.catalog, state, previous);
    if (event.type === 'choose-model') this.#sayChosen(state);
    if (state.model !== previous.model || state.offers !== previous.offers || event.type === 'ran') this.#showModels(state);
    if (isConsentOpen(state) || downloadAbove(state)) this.#isAcquiring = true;
    if (this.#isAcquiring) this.#acquisition.use((panels) => panels.show(event, state, previous), () => this.#parts.notices.notLoaded());
  }

  /** @param {import('../ui/model-words.js').StorageTrouble | null} trouble why something is in memory only, if it is */
  tellMemory(trouble) {
    if (trouble) this.#memory.use((memory) => memory.tell(trouble));
  }

  /** @param {string} model that was downloaded @param {import('../ui/model-words.js').StorageTrouble | null} trouble */
  tellDownloaded(model, trouble) {
    this.tellMemory(trouble);
    if (!trouble) void this.#keep();
    this.#parts.announcer.say(t('download.done', { model: modelOf(this.#store.state, model)?.title ?? model }));
  }

  /** @param {string} model that a panel offered, which goes away with the focus */
  chooseInstead(model) {
    this.#store.dispatch({ type: 'choose-model', model });
    this.#focus();
  }

  /** @param {import('./state.js').Catalog} catalog @param {State} state @param {State} previous */
  #showCatalog({ models: all, version }, state, previous) {
    const asked = previous.address.model;
    this.#parts.footer.showVersion(version);
    if (asked === undefined || state.address.model !== undefined) return;
    this.#parts.notices.show('address-model', 'warning', unknownModel(asked, all.map(({ id }) => id), chosen(state)?.title ?? ''));
  }

  /** @param {State} state */
  #sayChosen(state) {
    const model = chosen(state);
    if (model) this.#parts.announcer.say(chosenWords(model.title, offerOf(state), isConsentOpen(state)));
  }

  /** @param {State} state */
  #showModels(state) {
    const [model, offer] = [chosen(state), offerOf(state)];
    if (!model) return;
    const { dropZone, footer } = this.#parts;
    footer.showModel(model);
    if (models(state).length > 1) this.#chooser.use((chooser) => chooser.show(state));
    if (offer) dropZone.showOffer(offerLine(offer, this.#kept), exactParts(offer));
    else dropZone.showOffer(t('offer.checking'));
  }

  #openStored() {
    // It holds the choice how long photos are kept.
    loadSpared();
    this.#stored.use((panel) => panel.open(), () => this.#parts.notices.notLoaded());
  }

  /** Ask the browser to keep what has just been stored. The panel shows its answer. */
  async #keep() {
    this.#wasAsked = (await this.#engine.persist()) !== null;
  }

  #forgotten() {
    this.#memory.loaded?.clear();
    this.#store.dispatch({ type: 'refresh' });
  }
}
