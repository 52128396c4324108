import { recallFinish, rememberFinish } from '../finish/output-preference.js';
import { changed, DEFAULTS, isDefault, NO_LOAN, resized, SHAPES, wanted } from '../finish/output-settings.js';
import { PRESETS } from '../finish/presets.js';
import { FileUpdates } from '../jobs/file-updates.js';
import { t } from '../messages/index.js';
import { part, setText } from '../ui/dom.js';
import { FinishPanel } from '../ui/finish-panel.js';

/** @typedef {import('../ui/job-card.js').Result} Result */
/** @typedef {import('../jobs/jobs.js').Tracked<Result>} Job */
/** @typedef {import('../finish/output-settings.js').Wanted} Wanted */
/** @typedef {(keyof import('../finish/output-settings.js').Settings)[]} Names */

/** What stands below "More". A shadow's numbers are nothing without it. */
const MORE = /** @type {Names} */ (['shadow', 'profile', 'copyright', 'refine', 'decontaminate']);

/**
 * How photos are finished: what was chosen, kept for the next visit, and the photos that are done, which follow it without the
 * model.
 */
export class FinishController {
  #engine;
  #list;
  #announcer;
  #settings = recallFinish();
  #loan = NO_LOAN;
  /** @type {{ image: Blob, name: string, id: number } | null} */
  #backdrop = null;
  /** A picture that was chosen as background is being opened. @type {AbortController | null} */
  #opening = null;
  /** Why the picture that was chosen last is not the background. @type {unknown} */
  #trouble = null;
  /** Made with the first photo: nobody else needs it. @type {FinishPanel | null} */
  #panel = null;
  #note = part(document, 'finish-note', HTMLElement);
  #costs = { webp: 0, avif: 0 };
  /** What the panel says of it. */
  #isRedo = false;
  /** @type {Job[]} */
  #jobs = [];
  #updates;

  /**
   * @param {typeof import('../api.js')} engine
   * @param {{ list: import('../ui/job-list.js').JobList, announcer: import('../ui/announcer.js').Announcer }} screen
   * @param {(id: string, result: Result) => void} onResult a photo has another file
   */
  constructor(engine, { list, announcer }, onResult) {
    this.#engine = engine;
    this.#list = list;
    this.#announcer = announcer;
    this.#updates = new FileUpdates(wanted(this.#settings, null), {
      finish: (job, wish, watch) => this.#finish(job, wish, watch),
      urgency: (id) => list.urgency(id),
      onPending: (id, isPending) => list.showPending(id, isPending),
      onStart: (id, progress) => list.showFinishing(id, progress),
      onDone: onResult,
      onFail: (id, error) => list.showUnfinished(id, error),
      onStop: (id) => list.showFinished(id),
      onCount: (left) => setText(this.#note, left > 0 ? t('finish.left', { count: left }) : ''),
      onRest: (count) => this.#rest(count),
    });
    list.showEdges(this.#settings.refine);
  }

  /**
   * @returns {Wanted} of a photo that is to be cut out now. Its matte is always asked for at 16 bits, as what is finished of it later
   *   needs it; where a matte of 8 is wanted, that is finished of it at once.
   */
  get wanted() {
    const { output, key } = wanted({ ...this.#settings, deep: true }, this.#backdrop);
    return { output: { ...output, depth: 16 }, key };
  }

  /** @param {Job[]} jobs all there are now */
  follow(jobs) {
    if (jobs.length > 0 && !this.#panel) this.#open();
    this.#jobs = jobs;
    this.#updates.follow(jobs);
    if (this.#isRedo !== this.#isOtherwise) this.#show();
  }

  /** @param {string} id of a photo that could not be finished */
  retry(id) {
    this.#updates.retry(id);
  }

  /** @returns {Promise<void>} resolves when the photos that are done are as they are wanted */
  settled() {
    return this.#updates.settled();
  }

  #open() {
    this.#panel = new FinishPanel({ sizes: PRESETS.map(({ id }) => id), shapes: Object.keys(SHAPES) }, {
      onChange: (change) => this.#change(change),
      onImage: (image) => void this.#choose(image),
      onReset: () => {
        this.#settings = { ...DEFAULTS };
        this.#loan = NO_LOAN;
        this.#announcer.say(t('finish.was-reset'));
        this.#apply();
      },
    });
    this.#show();
    void this.#lookUpCosts();
  }

  /** @param {import('../ui/finish-panel.js').Values} change */
  #change(change) {
    if (typeof change.size === 'string') {
      const { settings, loan } = resized(this.#settings, change.size, this.#loan);
      this.#settings = settings;
      this.#loan = loan;
    } else {
      this.#settings = changed(this.#settings, change);
    }
    this.#apply();
  }

  /**
   * Until it has been opened, nobody knows what the photos are to stand on; where it cannot be, they stay on what they stood on.
   * @param {File} image
   */
  async #choose(image) {
    this.#opening?.abort();
    const opening = new AbortController();
    this.#opening = opening;
    this.#trouble = null;
    this.#apply();
    /** @type {unknown} */
    let trouble = null;
    /** @type {Blob} */
    let bytes = image;
    try {
      await this.#engine.checkBackground(image, { signal: opening.signal });
      // Whatever becomes of the file.
      bytes = await import('./holding.js').then(({ copyOf }) => copyOf(image)).catch(() => image);
    } catch (thrown) {
      trouble = thrown;
    }
    if (opening !== this.#opening) return;
    this.#opening = null;
    this.#trouble = trouble;
    if (trouble === null) this.#backdrop = { image: bytes, name: image.name, id: (this.#backdrop?.id ?? 0) + 1 };
    this.#apply();
  }

  #apply() {
    rememberFinish(this.#settings);
    const isUndecided = this.#opening !== null && this.#settings.background === 'image' && this.#settings.format !== 'matte';
    this.#updates.want(isUndecided ? null : wanted(this.#settings, this.#backdrop));
    this.#list.showEdges(this.#settings.refine);
    this.#show();
  }

  /** @returns {boolean} whether photos that are done have other edges than new ones would have */
  get #isOtherwise() {
    return this.#jobs.some(({ result }) => result !== null && result.made.output.refine !== this.#settings.refine);
  }

  #show() {
    this.#isRedo = this.#isOtherwise;
    this.#panel?.show({
      settings: this.#settings,
      image: { name: this.#backdrop?.name ?? '', isOpening: this.#opening !== null, trouble: this.#trouble },
      more: MORE.filter((name) => this.#settings[name] !== DEFAULTS[name]).length,
      isDefault: isDefault(this.#settings),
      isRedo: this.#isRedo,
      costs: this.#costs,
    });
  }

  /**
   * @param {{ input: Blob, reduce: boolean, result: Result | null }} job
   * @param {Wanted} wish
   * @param {{ signal: AbortSignal, onProgress: (event: import('../jobs/file-updates.js').Progress) => void }} watch
   * @returns {Promise<Result>}
   */
  async #finish({ input, reduce, result }, wish, watch) {
    if (!result) throw new TypeError('a photo without a matte cannot be finished');
    const { cutout, result: size, notes } = await this.#engine.finish(input, result.matte, { output: wish.output, reduce, ...watch });
    // Of this photo's edges its matte tells, whatever is wanted of new ones.
    const { refine } = result.made.output;
    return { ...result, cutout, size, notes: [...ofPhoto(result.notes), ...notes], made: { ...wish, output: { ...wish.output, refine } } };
  }

  /** @param {number} count of photos that have been finished */
  #rest(count) {
    this.#announcer.say(t('finish.updated', { count }));
    void this.#lookUpCosts();
  }

  /** What a format would download. Unknown costs are not told. */
  async #lookUpCosts() {
    try {
      const [{ codecs }, { files }] = await Promise.all([this.#engine.catalog(), this.#engine.stored()]);
      const cost = (/** @type {{ sha256: string, download: number }} */ file) => (files.some(({ sha256, whole }) => whole && sha256 === file.sha256) ? 0 : file.download);
      this.#costs = { webp: cost(codecs.webp), avif: cost(codecs.avif) };
      this.#show();
    } catch {
      // The photo that needs it meets the same failure, and shows it.
    }
  }
}

/** @param {Result['notes']} notes @returns {Result['notes']} those that hold however it is finished */
const ofPhoto = (notes) => notes.filter(({ code }) => code !== 'nothing-found');
