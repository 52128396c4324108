import { isSettled, Queue } from './queue.js';
import { readAddress } from './ui/address.js';
import { Announcer } from './ui/announcer.js';
import { Consent } from './ui/consent.js';
import { DropZone } from './ui/dropzone.js';
import { Footer } from './ui/footer.js';
import { JobList } from './ui/job-list.js';
import { Notices } from './ui/notices.js';
import { armPromise } from './ui/promise.js';
import { text } from './ui/strings.js';

/** @typedef {import('./ui/job-card.js').Result} Result */
/** @typedef {import('./queue.js').Job<Result>} Job */
/** @typedef {import('./queue.js').Change<Result>} Change */

/** Up to here dropping a photo is consent to the download; above, the person is asked first. */
const ASK_ABOVE_BYTES = 8_000_000;

/** How long photos are added before the page may draw: reading a file's size alone takes milliseconds on some systems. */
const SLICE_MS = 12;

/** Joins the engine, the queue and what is on the screen. */
export class App {
  /** @type {Queue<Result>} */
  #queue = new Queue((job, context) => this.#run(job, context), (change) => this.#follow(change));
  #list = new JobList({
    onCancel: (id) => this.#queue.cancel(id),
    onRetry: (id) => this.#queue.retry(id),
    onRemove: (id) => this.#queue.remove(id),
    onRetryAll: () => this.#retryAll(),
    onRestart: () => this.#restart(),
  });
  #dropZone = new DropZone((drop) => void this.#receive(drop));
  #consent = new Consent(() => this.#allowDownload());
  #notices = new Notices();
  #announcer = new Announcer();
  #footer = new Footer();
  #engine;
  /** @type {import('./ui/address.js').Options} */
  #options;
  #kept;
  #mayDownload = false;
  /** Counts the fresh starts, so that photos that are still being added to an earlier one are left out. */
  #start = 0;
  #isSummaryDue = false;
  /** @type {import('./ui/strings.js').Offer | null} */
  #offer = null;
  /** Progress that has not been drawn yet, with the job as it was when last drawn. @type {Map<string, { job: Job, previous: Job }>} */
  #undrawn = new Map();

  /**
   * @param {typeof import('./api.js')} engine
   * @param {string} search `location.search`
   */
  constructor(engine, search) {
    this.#engine = engine;
    const { options, problems } = readAddress(search);
    this.#options = options;
    for (const problem of problems) this.#notices.show(`address-${problem.name}`, 'warning', text.notices.badParameter(problem));
    const { cacheStorage, losses } = engine.environment();
    this.#kept = cacheStorage;
    for (const loss of losses) {
      const words = text.notices.loss(loss);
      if (words) this.#notices.show(loss, 'quiet', words);
    }
    armPromise();
    // Until it is known what a run would download.
    this.#queue.hold();
  }

  /** Ask what a first run would download, and get ready where that is nothing. */
  async start() {
    this.#dropZone.showOffer(text.offer.checking);
    try {
      await this.#learnModel();
    } catch (error) {
      const { message, advice } = this.#engine.MatteboxError.from(error);
      this.#dropZone.showOffer(text.offer.unknown);
      this.#notices.show('offer', 'error', { title: message, body: advice }, () => void this.start());
      return;
    }
    this.#decide();
    if (this.#offer?.download === 0 && !this.#offer.ready) whenIdle(() => void this.#warmUp());
  }

  async #learnModel() {
    const { models, version } = await this.#engine.catalog();
    const { model } = this.#options;
    if (model !== undefined && !models.some(({ id }) => id === model)) {
      delete this.#options.model;
      this.#notices.show('address-model', 'warning', text.notices.unknownModel(model, models.map(({ id }) => id).join(', ')));
    }
    const offer = await this.#learnOffer();
    this.#footer.showAbout(version, offer.model);
  }

  async #learnOffer() {
    const offer = await this.#engine.offer(this.#modelOption());
    this.#offer = offer;
    if (offer.ready) this.#dropZone.showOffer(text.offer.ready);
    else if (offer.download === 0) this.#dropZone.showOffer(text.offer.stored);
    else this.#dropZone.showOffer(text.offer.download(offer, this.#kept), text.offer.exact(offer));
    return offer;
  }

  #modelOption() {
    const { model } = this.#options;
    return model === undefined ? {} : { model };
  }

  async #warmUp() {
    if (this.#queue.jobs.length > 0) return;
    try {
      await this.#engine.preload(this.#options);
      if (this.#queue.jobs.length === 0) this.#footer.showReady();
      await this.#learnOffer();
    } catch {
      // Nobody asked for it. The first photo meets the same failure and shows it, with a way to retry.
    }
  }

  /** Let the queue run, or ask first. */
  #decide() {
    if (!this.#offer) return;
    if (this.#mayDownload || this.#offer.download <= ASK_ABOVE_BYTES) this.#queue.release();
    else if (this.#queue.jobs.length > 0) this.#consent.ask(this.#offer, this.#kept);
  }

  #allowDownload() {
    this.#mayDownload = true;
    this.#queue.release();
    this.#list.focus();
  }

  /** @param {import('./ui/dropzone.js').Drop} drop */
  async #receive(drop) {
    if (drop.kind !== 'files') {
      this.#notices.show('drop', 'warning', drop.kind === 'empty-folder' ? text.notices.emptyFolder : text.notices.notPictures);
      return;
    }
    this.#notices.hide('drop');
    this.#announcer.added(drop.files.length);
    const start = this.#start;
    let until = performance.now() + SLICE_MS;
    for (const file of drop.files) {
      if (performance.now() > until) {
        await breathe();
        if (start !== this.#start) return;
        until = performance.now() + SLICE_MS;
      }
      this.#queue.add(file, file.name);
    }
    if (this.#queue.held) this.#decide();
  }

  /**
   * @param {Job} job
   * @param {{ signal: AbortSignal, onProgress: (event: import('./queue.js').Progress) => void }} context
   * @returns {Promise<Result>} without the matte: the page does not show it, and fifty of them are memory
   */
  async #run(job, context) {
    const { cutout, report } = await this.#engine.removeBackground(job.input, { ...this.#options, ...context });
    return { cutout, report };
  }

  /** @param {Change} change */
  #follow(change) {
    const { type, job } = change;
    if (type === 'changed') {
      this.#draw(job, change.previous);
      if (job.state === change.previous.state) return;
    } else if (type === 'added') {
      this.#list.add(job);
    } else {
      this.#undrawn.delete(job.id);
      this.#list.remove(job.id);
    }
    this.#summarise();
    if (type === 'changed' && job.state === 'done') this.#celebrate(job);
  }

  /** Once for all the changes that one step of the queue makes. */
  #summarise() {
    if (this.#isSummaryDue) return;
    this.#isSummaryDue = true;
    queueMicrotask(() => {
      this.#isSummaryDue = false;
      this.#list.summarise(this.#queue.jobs);
    });
  }

  /**
   * A new state is drawn at once, progress within a state at most once per frame.
   * @param {Job} job
   * @param {Job} previous
   */
  #draw(job, previous) {
    const drawn = this.#undrawn.get(job.id)?.previous ?? previous;
    if (job.state !== previous.state) {
      this.#undrawn.delete(job.id);
      this.#list.update(job, drawn);
      return;
    }
    if (this.#undrawn.size === 0) requestAnimationFrame(() => this.#drawPending());
    this.#undrawn.set(job.id, { job, previous: drawn });
  }

  #drawPending() {
    for (const { job, previous } of this.#undrawn.values()) this.#list.update(job, previous);
    this.#undrawn.clear();
  }

  /** @param {Job} job */
  #celebrate(job) {
    if (job.result) this.#footer.showRun(job.result.report);
    this.#announcer.finished(job.name, this.#queue.jobs.filter(({ state }) => !isSettled(state)).length);
    // What was downloaded for it is here now. The label may be a moment late or keep its last text.
    if (!this.#offer?.ready) void this.#learnOffer().catch(() => {});
  }

  #retryAll() {
    for (const job of this.#queue.jobs) if (job.state === 'failed') this.#queue.retry(job.id);
  }

  #restart() {
    this.#start += 1;
    this.#queue.clear();
    this.#consent.close();
    this.#dropZone.focus();
  }
}

/** Lets the browser draw and handle input. */
const breathe = () => new Promise((resolve) => { setTimeout(resolve); });

/** @param {() => void} work */
function whenIdle(work) {
  // Safari has no requestIdleCallback.
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work, 200);
}
