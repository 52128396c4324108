import { Jobs } from '../jobs/jobs.js';
import { errorWords } from '../messages/errors.js';
import { t, withWords } from '../messages/index.js';
import { problemWords, readAddress } from '../ui/address.js';
import { Announcer } from '../ui/announcer.js';
import { showBranding } from '../ui/branding.js';
import { DropZone } from '../ui/dropzone.js';
import { Footer } from '../ui/footer.js';
import { Notices } from '../ui/notices.js';
import { Downloads } from './effects/downloads.js';
import { Offers } from './effects/offers.js';
import { Placement } from './effects/placement.js';
import { missing } from './gate.js';
import { afterFirst, Lazy, loadSpared } from './lazy.js';
import { recallDeclined, recallPreference } from './preference.js';
import { Screen } from './screen.js';
import { firstState, offerOf } from './state.js';
import { Store } from './store.js';

/** @typedef {import('../ui/result-words.js').Report} Report */

const AHEAD_MS = 2000;
/** When the first photo's file has been drawn. */
const DRAWN_MS = 100;
/** For so long somebody who can choose a photo may be about to. */
const UNUSED_MS = 2000;
/** For so long the page, or the first photo, may take before what can be done meanwhile is loaded. */
const LONG_MS = 15_000;
/** For so long, at most, all else waits for photos that come back. */
const BACK_MS = 5000;
/** A browser that does not say what is kept may keep something. */
const ANSWER_MS = 2000;

/** Joins the engine, the page's state, its effects and what is on the screen. */
export class App {
  /** @type {Jobs<any>} */
  #jobs = new Jobs({
    cutout: (job, watch) => /** @type {import('./photos.js').Photos} */ (this.#photos.loaded).run(job, watch),
    download: (job, watch) => this.#downloads.run(job, watch),
    'warm-up': (job, watch) => /** @type {import('./background.js').Background} */ (this.#background.loaded).warmUp.run(job, watch),
  }, (change) => this.#followJob(change));
  #announcer = new Announcer();
  #notices = new Notices();
  #footer = new Footer();
  #dropZone = new DropZone((arrival) => this.#take(arrival));
  #engine;
  #store;
  #offers;
  #downloads;
  /** @type {Lazy<import('./background.js').Background>} */
  #background;
  #screen;
  /** @type {Lazy<import('./photos.js').Photos>} */
  #photos;
  /** @type {Lazy<import('./finer.js').Finer>} */
  #finer;
  /** @type {Lazy<import('./keep/index.js').KeptPhotos>} */
  #kept;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #sparing;
  #isPastFirst = false;
  /** Photos of an earlier visit are in the list, or there are none. */
  #areListed = () => {};

  /**
   * @param {typeof import('../api.js')} engine
   * @param {string} search `location.search`
   */
  constructor(engine, search) {
    this.#engine = engine;
    showBranding();
    const { options, problems } = readAddress(search);
    const store = new Store(firstState(options, recallPreference(), recallDeclined()));
    this.#store = store;
    const areBack = new Promise((resolve) => { this.#areListed = () => resolve(undefined); });
    const parts = { announcer: this.#announcer, dropZone: this.#dropZone, footer: this.#footer, notices: this.#notices };
    for (const problem of problems) this.#notices.show(`address-${problem.name}`, 'warning', problemWords(problem));
    for (const loss of engine.environment().losses) {
      this.#notices.show(loss, 'quiet', { title: t(`loss.${loss}`), body: t(`loss.${loss}.body`) });
    }
    this.#photos = new Lazy(() => withWords(import('./photos.js')).then(({ Photos }) => new Photos(engine, store, this.#jobs, parts, {
      areBack,
      onSettled: (job, words) => this.#settled(job, words),
      onForget: (job) => this.#kept.loaded?.follow({ type: 'removed', job }),
      isKept: (id) => this.#kept.loaded?.isKept(id) ?? false,
      onGround: (ground) => this.#kept.loaded?.stand(ground),
    })));
    this.#kept = new Lazy(() => withWords(import('./keep/index.js')).then(({ KeptPhotos }) => new KeptPhotos(this.#jobs, 'cutout', { onSay: (words) => this.#announcer.say(words), offer: (step) => this.#photos.use((photos) => photos.tools.offer(step)), onGround: (ground) => this.#photos.loaded?.finishing.stand(ground), onBack: () => this.#isBack() })));
    this.#offers = new Offers(engine, store, (error, retry) => this.#tellUnknown(error, retry));
    this.#downloads = new Downloads(engine, store, this.#jobs, (model, { storage }) => screen.tellDownloaded(model, storage));
    this.#background = new Lazy(() => withWords(import('./background.js')).then(({ Background }) => new Background(engine, store, this.#jobs, parts, {
      onFiles: (files) => this.#take({ files }),
      onNotLoaded: () => this.#notices.notLoaded(),
      onOther: (model) => screen.chooseInstead(model),
      onReady: (report) => {
        if (store.state.photos.count === 0) this.#footer.showReady();
        this.#ran(report);
      },
    })));
    const placement = new Placement(engine, store, parts);
    const screen = new Screen(engine, store, parts, { downloads: this.#downloads, focus: () => (store.state.photos.count > 0 ? this.#photos.loaded : this.#dropZone)?.focus() });
    this.#screen = screen;
    this.#finer = new Lazy(() => withWords(import('./finer.js')).then(({ Finer }) => new Finer(store, {
      kept: screen.kept,
      downloads: this.#downloads,
      all: () => this.#jobs.of('cutout'),
      redo: (ids) => this.#photos.loaded?.tools.redo(ids, true),
      offer: (step) => this.#photos.loaded?.tools.offer(step),
      focus: () => this.#photos.loaded?.focus(),
    })));
    const effects = [this.#offers, placement, this.#downloads, screen];
    // Until it is known what a run would download.
    this.#jobs.hold('model');
    store.connect([
      (_, state) => (missing(state) === null ? this.#jobs.release('model') : this.#jobs.hold('model')),
      (_, state, previous) => {
        if (state.model !== previous.model) this.#photos.loaded?.showChoice(state);
      },
      ...effects.map((effect) => effect.follow.bind(effect)),
      (...change) => {
        if (this.#finer.loaded || (this.#isPastFirst && store.state.photos.count > 0)) this.#finer.use((finer) => finer.follow(...change));
      },
      (_, { photos: { count } }, previous) => {
        if (count > 1 && !store.state.isComingBack) loadSpared();
        else if (count > previous.photos.count) this.#spare(LONG_MS);
        else if (count === 0 && offerOf(store.state) && !offerOf(previous)) this.#spare(UNUSED_MS);
      },
    ]);
    afterFirst(() => {
      this.#isPastFirst = true;
      if (store.state.photos.count > 0) this.#finer.use((finer) => finer.follow({ type: 'arrived' }, store.state, store.state));
    });
  }

  start() {
    const reading = this.#readKept();
    // Once the page has been drawn, and before the network is gone.
    setTimeout(() => {
      this.#photos.use((photos) => void this.#bringBack(photos, reading));
      void reading.then((isKept) => { if (!isKept) this.#beginBeside(); });
    });
    this.#spare(LONG_MS);
    // A page that is left may not be gone back to. Not at once: while WebKit puts a page away that it keeps for "Back", modules that are asked for never come, and the next page waits.
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.#spare(0); });
    return this.#offers.start();
  }

  /** What the first photo can do without is loaded after so many ms, unless there is another reason until then. @param {number} ms */
  #spare(ms) {
    clearTimeout(this.#sparing);
    this.#sparing = setTimeout(loadSpared, ms);
  }

  /** @returns {Promise<boolean>} whether something is kept on this device: then it is read while the rest is loaded */
  async #readKept() {
    const asking = import('./keep/kept-here.js').then(({ isKeptHere }) => isKeptHere()).catch(() => true);
    const isKept = await Promise.race([asking, new Promise((resolve) => { setTimeout(resolve, ANSWER_MS, true); })]);
    if (isKept) {
      this.#store.dispatch({ type: 'coming-back', isUnderWay: true });
      setTimeout(() => this.#isBack(), BACK_MS);
      this.#kept.use(() => {}, () => this.#isBack());
    } else {
      this.#areListed();
    }
    return isKept;
  }

  /** Photos that came back are seen, or there are none. */
  #isBack() {
    this.#areListed();
    const { isComingBack } = this.#store.state;
    this.#store.dispatch({ type: 'coming-back', isUnderWay: false });
    if (!isComingBack) return;
    this.#beginBeside();
    // This is not the first visit.
    loadSpared();
  }

  #beginBeside() {
    this.#background.use((background) => background.start());
  }

  /** @param {import('./photos.js').Photos} photos @param {Promise<boolean>} reading */
  async #bringBack(photos, reading) {
    const isKept = await reading;
    const start = () => this.#kept.use((kept) => void kept.start().then((count) => {
      this.#areListed();
      kept.stand(photos.finishing.ground);
      if (count > 0) photos.arrived();
      if (isKept) photos.goOn();
    }));
    if (isKept) {
      start();
    } else {
      photos.goOn();
      afterFirst(start);
    }
  }

  /** @param {import('../ui/dropzone.js').Arrival} arrival */
  #take(arrival) {
    this.#photos.use((photos) => photos.take(arrival), () => this.#notices.notLoaded());
  }

  /** @param {import('../jobs/jobs.js').Change<any>} change */
  #followJob(change) {
    const { kind } = change.job;
    if (kind === 'cutout') {
      this.#photos.loaded?.follow(change);
      this.#kept.loaded?.follow(change, this.#photos.loaded?.removing.isHeld(change.job.id));
    } else if (kind === 'download') this.#downloads.followJob(change);
  }

  /** @param {import('./photos.js').Job} job nothing more happens to it by itself @param {string} words on its run */
  #settled(job, words) {
    const { state, result, error } = job;
    this.#finer.loaded?.settled(job);
    this.#background.loaded?.diagnostics.refresh();
    this.#spare(DRAWN_MS);
    if (error) this.#store.dispatch({ type: 'doubt', error: error.toWire() });
    if (error || state !== 'done' || !result) return;
    // Then the network may go. First, though, the cutout is to be seen.
    setTimeout(() => void this.#engine.loadAhead(), AHEAD_MS);
    this.#footer.showRun(words);
    this.#ran(result.report);
  }

  /** @param {Report} report */
  #ran(report) {
    this.#screen.tellMemory(report.storage);
    this.#store.dispatch({ type: 'ran', report });
  }

  /** @param {unknown} error why it is not known what the chosen model would cost @param {() => void} act */
  #tellUnknown(error, act) {
    const { what, advice } = errorWords(this.#engine.MatteboxError.from(error));
    this.#dropZone.showOffer(t('offer.unknown'));
    const action = { label: t('notice.retry'), act, isLasting: false };
    this.#notices.show('offer', 'error', { title: what, body: advice }, action);
  }
}
