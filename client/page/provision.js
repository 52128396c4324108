import { Acquisition } from './acquisition.js';
import { Models } from './models.js';
import { Placement } from './placement.js';
import { errorWords } from '../messages/errors.js';
import { t } from '../messages/index.js';
import { MemoryNotice } from '../ui/memory-notice.js';
import { ModelChooser } from '../ui/model-chooser.js';
import { StoredPanel } from '../ui/stored-panel.js';
import { unknownModel } from '../ui/address.js';
import { chosenWords, exactParts, offerLine } from '../ui/model-words.js';
import { WarmUp } from './warm-up.js';

/** @typedef {import('../ui/result-words.js').Report} Report */
/** @typedef {import('../ui/model-words.js').Offer} Offer */
/** @typedef {{ id: string, title: string }} ModelName */
/**
 * @typedef {object} Screen what both halves of the page write to
 * @property {import('../ui/announcer.js').Announcer} announcer
 * @property {import('../ui/dropzone.js').DropZone} dropZone
 * @property {import('../ui/footer.js').Footer} footer
 * @property {import('../ui/notices.js').Notices} notices
 * @property {import('./readiness.js').Readiness} readiness
 */
/**
 * @typedef {object} Photos what is to be known of them here
 * @property {(isOpen: boolean) => void} onGate whether photos may be worked on
 * @property {(chosen: ModelName, all: ModelName[]) => void} onChoice
 * @property {() => number} waiting how many have not been started
 * @property {() => number} count
 * @property {() => void} focus where the keyboard goes on when a panel is gone
 */

/** Up to here dropping a photo is consent to the download; above, the person is asked first. */
const ASK_ABOVE_BYTES = 8_000_000;
/** Moving through the choices with the arrow keys must not start each of them. */
const SETTLE_MS = 600;

/**
 * What has to be settled before a photo is worked on: which model, on what it runs, whether it may be fetched, how far that
 * is, and what is stored.
 *
 * Invariant: more than ASK_ABOVE_BYTES are fetched only for the model whose question was answered with yes, and the
 * answer ends with another choice of model or a deletion.
 */
export class Provision {
  #engine;
  #options;
  #screen;
  #photos;
  #models;
  #kept;
  #warm = new WarmUp((signal) => this.#warmUp(signal));
  #acquisition;
  #chooser = new ModelChooser({ onChoose: (id) => this.#choose(id, false), onOpen: () => void this.#refresh() });
  #stored;
  #memory;
  placement;

  /**
   * @param {typeof import('../api.js')} engine
   * @param {import('../ui/address.js').Options} options from the address
   * @param {Screen} screen
   * @param {Photos} photos
   */
  constructor(engine, options, screen, photos) {
    this.#engine = engine;
    this.#options = options;
    this.#screen = screen;
    this.#photos = photos;
    this.#kept = engine.environment().cacheStorage;
    this.#models = new Models(engine);
    this.placement = new Placement(engine, options, screen, { onChange: () => this.#renew(), onSettled: () => this.decide() });
    const doubt = (/** @type {unknown} */ error) => { screen.readiness.doubt(error); throw error; };
    const download = (/** @type {Parameters<import('./transfer.js').Download>[0]} */ wanted) => engine.download({ ...wanted, ...this.placement.options }).catch(doubt);
    this.#acquisition = new Acquisition(download, this.#kept, {
      onDone: (id, outcome) => this.#finish(id, outcome),
      onOther: (id) => this.#choose(id, true),
      onStop: () => void this.#refresh(),
      hasPhotos: () => photos.waiting() > 0,
      focus: photos.focus,
    });
    this.#stored = new StoredPanel(engine, {
      kept: this.#kept,
      findModel: (id) => this.#models.find(id),
      // What is deleted must not come back by what is under way: a model that is warming up would be fetched again.
      onForget: { before: () => { this.#warm.cancel(); this.#acquisition.stop(); }, after: () => { this.#memory.clear(); void this.#refresh(); } },
    });
    screen.readiness.listen({ onReach: () => this.decide(), onBack: () => this.#acquisition.goOn(), onOther: (id) => this.#choose(id, true) });
    this.#memory = new MemoryNotice(screen.notices, () => this.#stored.open());
  }

  /** @returns {import('../ui/address.js').Options} what a photo is to be worked on with now */
  get options() {
    const { chosen } = this.#models;
    return { ...this.placement.options, model: chosen?.id ?? this.#options.model };
  }

  /** Ask what a first run would download, and get ready where that is nothing. */
  async start() {
    const { dropZone, footer, notices } = this.#screen;
    dropZone.showOffer(t('offer.checking'));
    try {
      const { models, version } = await this.#models.load(this.#options.model, this.placement.options);
      const { model } = this.#options;
      if (model !== undefined && !this.#models.find(model)) {
        delete this.#options.model;
        notices.show('address-model', 'warning', unknownModel(model, models.map(({ id }) => id), this.#models.chosen?.title ?? ''));
      }
      footer.showVersion(version);
    } catch (error) {
      this.#tellUnknown(error, () => void this.start());
      return;
    }
    this.#showChoice();
    const look = this.placement.look(this.#models.chosen?.id);
    this.decide();
    await look;
    this.#warm.soon();
  }

  /** Let the photos run, or ask first. Called when some are waiting, too. */
  decide() {
    const { chosen, offer } = this.#models;
    if (!chosen || !offer) return;
    const isUnderWay = this.#acquisition.isUnderWay;
    const isFree = this.#acquisition.isAgreed(chosen.id) || offer.download <= ASK_ABOVE_BYTES;
    const isOut = this.#screen.readiness.isOut(offer);
    this.#photos.onGate(isFree && !isOut && !isUnderWay && !this.placement.isUndecided);
    if ((isFree || isOut) && !isUnderWay) this.#acquisition.close();
    if (this.#photos.waiting() === 0) return;
    if (this.placement.isUndecided) this.placement.ask();
    else if (!isFree && !isOut && !isUnderWay) this.#ask(offer, true);
  }

  /** The photos are gone; a download that was agreed to goes on. */
  clear() {
    this.#acquisition.close();
  }

  /** @param {Report} report of a photo that is done */
  finished(report) {
    this.#memory.tell(report.storage);
    this.placement.ran(report);
    // What was downloaded for it is here now. The label may be a moment late or keep its last text.
    if (this.#models.offer?.ready) this.#showChooser();
    else void this.#refresh();
  }

  /** @param {Offer} offer @param {boolean} hasCaller */
  #ask(offer, hasCaller) {
    this.#acquisition.ask(offer, this.#models.unasked(ASK_ABOVE_BYTES), hasCaller);
  }

  /**
   * Photos that have not been started are worked on with this one.
   * @param {string} id
   * @param {boolean} isFromPanel the panel with the focus goes away
   */
  #choose(id, isFromPanel) {
    this.#warm.cancel();
    this.#acquisition.stop();
    this.#models.choose(id);
    // Nothing starts between two models: the gate is closed until the new one's offer is known.
    this.#photos.onGate(false);
    this.#showChoice();
    const { chosen, offer } = this.#models;
    const isAsked = offer !== null && offer.download > ASK_ABOVE_BYTES && !this.#screen.readiness.isOut(offer);
    if (chosen) this.#screen.announcer.say(chosenWords(chosen.title, offer, isAsked));
    if (isAsked) this.#ask(offer, false);
    else this.decide();
    if (isFromPanel) this.#photos.focus();
    void this.placement.look(id);
    this.#renew();
  }

  /** Another model or backend: what is to be downloaded and started is another, too. */
  #renew() {
    void this.#refresh();
    this.#warm.soon(SETTLE_MS);
  }

  /**
   * @param {string} id of a model that is here now
   * @param {import('./transfer.js').Outcome} outcome
   */
  #finish(id, { storage }) {
    this.#memory.tell(storage);
    if (!storage) void this.#stored.keep();
    this.#screen.announcer.say(t('download.done', { model: this.#models.titleOf(id) }));
    this.decide();
    void this.#refresh();
    this.#warm.soon();
  }

  /** What is stored may have changed. What is shown may be a moment late or keep its last text. */
  async #refresh() {
    try {
      await this.#models.refresh(this.placement.options);
    } catch (error) {
      if (!this.#models.offer) this.#tellUnknown(error, () => void this.#refresh());
      return;
    }
    this.#showChoice();
    const { offer } = this.#models;
    if (this.#acquisition.isAsking && offer && offer.download > ASK_ABOVE_BYTES) this.#acquisition.update(offer, this.#models.unasked(ASK_ABOVE_BYTES));
    else this.decide();
  }

  /** @param {unknown} error why it is not known what the chosen model would cost @param {() => void} act */
  #tellUnknown(error, act) {
    const { what, advice } = errorWords(this.#engine.MatteboxError.from(error));
    this.#screen.dropZone.showOffer(t('offer.unknown'));
    const action = { label: t('notice.retry'), act, isLasting: false };
    this.#screen.notices.show('offer', 'error', { title: what, body: advice }, action);
  }

  #showChoice() {
    const { chosen, offer, list } = this.#models;
    if (!chosen) return;
    const { dropZone, footer } = this.#screen;
    footer.showModel(chosen);
    this.#photos.onChoice(chosen, list);
    this.#showChooser();
    if (!offer) return dropZone.showOffer(t('offer.checking'));
    dropZone.showOffer(offerLine(offer, this.#kept), exactParts(offer));
    this.#screen.readiness.show(chosen, offer, this.#models.unasked(0));
  }

  #showChooser() {
    this.#chooser.show(this.#models.choices, this.#models.chosen?.id ?? '');
  }

  /** @param {AbortSignal} signal */
  async #warmUp(signal) {
    const { chosen, offer } = this.#models;
    const isHere = offer?.download === 0 || (chosen !== null && this.#acquisition.isAgreed(chosen.id));
    if (!isHere || this.placement.isUndecided || this.placement.isSlow) return;
    if (offer?.ready || this.#acquisition.isUnderWay || this.#photos.count() > 0) return;
    try {
      const report = await this.#engine.preload({ ...this.options, signal });
      if (signal.aborted) return;
      this.#memory.tell(report.storage);
      this.placement.ran(report);
      if (this.#photos.count() === 0) this.#screen.footer.showReady();
      await this.#refresh();
    } catch {
      // Nobody asked for it. The first photo meets the same failure and shows it, with a way to retry.
    }
  }
}
