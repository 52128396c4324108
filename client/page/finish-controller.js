import { recallFinish, rememberFinish } from '../finish/output-preference.js';
import { changed, DEFAULTS, isDefault, NO_LOAN, resized, SHAPES, wanted } from '../finish/output-settings.js';
import { PRESETS } from '../finish/presets.js';
import { Attempt } from '../jobs/attempt.js';
import { DocumentUpdates } from '../jobs/document-updates.js';
import { t } from '../messages/work.js';
import { part, setText } from '../ui/dom.js';
import { FinishPanel } from '../ui/finish-panel.js';
import { copyOf } from './holding.js';
import { previewOf } from './preview-of.js';

/** @typedef {import('../ui/job-card.js').Result} Result */
/** @typedef {import('../jobs/jobs.js').Tracked<Result>} Job */
/** @typedef {import('../finish/output-settings.js').Wanted} Wanted */

/** What stands below "More". A shadow's numbers are nothing without it. */
const MORE = /** @type {(keyof import('../finish/output-settings.js').Settings)[]} */ (['shadow', 'profile', 'copyright', 'refine', 'decontaminate']);

/** Pixels of a preview's longer side: of one or two photos, which are as large as the screen has room for, and of many. */
const ALONE = 1000;
const AMONG_MANY = 420;
const MOST = 1600;

/**
 * How photos are finished: what was chosen, kept for the next visit, and the photos that are done, which follow it without the
 * model.
 */
export class FinishController {
  #engine;
  #announcer;
  #settings = recallFinish();
  #loan = NO_LOAN;
  /** @type {{ image: Blob, name: string, id: number } | null} */
  #backdrop = null;
  /** A picture that was chosen as background is being opened. @type {Attempt | null} */
  #opening = null;
  /** Why the picture that was chosen last is not the background. @type {unknown} */
  #trouble = null;
  /** Made with the first photo: nobody else needs it. @type {FinishPanel | null} */
  #panel = null;
  #note = part(document, 'finish-note', HTMLElement);
  #costs = { webp: 0, avif: 0 };
  #count = 0;
  #updates;

  /**
   * @param {typeof import('../api.js')} engine
   * @param {{ list: import('../ui/job-list.js').JobList, announcer: import('../ui/announcer.js').Announcer }} screen
   * @param {(id: string, result: Result) => void} onResult a photo has another file
   */
  constructor(engine, { list, announcer }, onResult) {
    this.#engine = engine;
    this.#announcer = announcer;
    /** @type {import('../jobs/document-updates.js').Hooks<Result>} */
    const hooks = {
      make: (kind, job, wish, watch) => this.#make(kind, job, wish, watch),
      urgency: (id) => list.urgency(id),
      onPending: (id, isPending) => list.showPending(id, isPending),
      onStart: (id, _kind, progress) => list.showFinishing(id, progress),
      onDone: (id, result) => {
        onResult(id, result);
        if (result.file?.key === this.#wanted.fileKey) this.#paid(result.file.blob.type);
      },
      onFail: (id, error) => list.showUnfinished(id, error),
      onStop: (id) => list.showFinished(id),
      onCount: (left) => setText(this.#note, left > 0 ? t('finish.left', { count: left }) : ''),
      onRest: (count) => this.#rest(count),
    };
    this.#updates = new DocumentUpdates(this.#wanted, hooks);
  }

  /** @returns {Wanted} */
  get #wanted() {
    return wanted(this.#settings, this.#backdrop);
  }

  /** @returns {import('../finish/output-settings.js').Settings} */
  get settings() {
    return this.#settings;
  }

  /** @param {import('../finish/output-settings.js').Settings} settings all of them */
  use(settings) {
    this.#settings = settings;
    this.#loan = NO_LOAN;
    this.#apply();
  }

  /** @returns {import('../api.js').OutputOptions} what photos are wanted as */
  get output() {
    return this.#wanted.output;
  }

  /** @returns {number} pixels of a preview's longer side */
  get #longest() {
    return Math.min(MOST, Math.round((this.#count <= 2 ? ALONE : AMONG_MANY) * Math.max(1, devicePixelRatio)));
  }

  /**
   * Cut out a photo, and make what is to be made of it at once.
   * @param {Job} job
   * @param {import('../api.js').Options} options
   * @param {object} hooks
   * @param {(preview: Result['preview']) => void} hooks.onEarly of a coarser matte, to be shown until there is a result
   * @param {(result: Result) => void} hooks.onPreview while its file is still being made
   * @param {(error: unknown, made: Result | null) => void} hooks.onWithdraw what came of it must not be used any more
   * @param {() => boolean} hooks.isLast nobody waits for the next photo, so that its file may be made at once
   * @returns {Promise<Result>}
   */
  async cut(job, options, { onEarly, onPreview, onWithdraw, isLast }) {
    const wish = this.#wanted;
    let made = /** @type {Result | null} */ (null);
    const asked = { ...options, output: { ...wish.output, ownAlpha: job.ownAlpha }, reduce: job.reduce, longest: this.#longest };
    const { document, preview, original, report } = await this.#engine.openDocument(job.input, { ...asked, onPreview: (early) => onEarly(previewOf(early, wish)), onWithdraw: (error) => onWithdraw(error, made) });
    // Those on how it was finished come with the preview.
    const notes = report.notes.filter(({ code }) => !preview.notes.some((note) => note.code === code));
    const result = { document, original, preview: previewOf(preview, wish), file: null, notes, report };
    made = result;
    if (!isLast() || wish.fileKey !== this.#wanted.fileKey) return result;
    // What there is of a photo that is cut out once more stays until all of it is there.
    if (!job.isAgain) onPreview(result);
    // What fails is tried again with what is wanted then, and told by the card.
    return this.#make('file', { ...job, result }, wish, { signal: options.signal ?? new AbortController().signal, onProgress() {} }).catch(() => result);
  }

  /** @param {Job[]} jobs all there are now */
  follow(jobs) {
    if (jobs.length > 0 && !this.#panel) this.#open();
    this.#count = jobs.length;
    this.#updates.follow(jobs);
  }

  /** @param {string} id of a photo that could not be finished */
  retry(id) {
    this.#updates.retry(id);
  }

  /** Somebody waits for a file. */
  hurry() {
    this.#updates.hurry();
  }

  #open() {
    this.#panel = new FinishPanel({ sizes: PRESETS.map(({ id }) => id), shapes: Object.keys(SHAPES) }, {
      onChange: (change) => this.#change(change),
      onImage: (image) => void this.#choose(image),
      onReset: () => {
        this.#announcer.say(t('finish.was-reset'));
        this.use({ ...DEFAULTS });
      },
    });
    this.#show();
    void this.#lookUpCosts();
  }

  /** @param {import('../ui/finish-panel.js').Values} change */
  #change(change) {
    if (typeof change.size === 'string') {
      ({ settings: this.#settings, loan: this.#loan } = resized(this.#settings, change.size, this.#loan));
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
    const opening = new Attempt(this.#opening);
    this.#opening = opening;
    this.#trouble = null;
    this.#apply();
    /** @param {unknown} trouble @param {Blob} [bytes] */
    const end = (trouble, bytes) => {
      this.#opening = null;
      this.#trouble = trouble;
      if (bytes) this.#backdrop = { image: bytes, name: image.name, id: (this.#backdrop?.id ?? 0) + 1 };
      this.#apply();
    };
    const open = async (/** @type {import('../jobs/attempt.js').Watch<never>} */ { signal }) => {
      await this.#engine.checkBackground(image, { signal });
      // Whatever becomes of the file.
      return copyOf(image).catch(() => image);
    };
    await opening.run(open, { onDone: (bytes) => end(null, bytes), onFail: (error) => end(error) });
  }

  #apply() {
    rememberFinish(this.#settings);
    const isUndecided = this.#opening !== null && this.#settings.background === 'image' && this.#settings.format !== 'matte';
    this.#updates.want(isUndecided ? null : this.#wanted);
    this.#show();
  }

  #show() {
    this.#panel?.show({
      settings: this.#settings,
      image: { name: this.#backdrop?.name ?? '', isOpening: this.#opening !== null, trouble: this.#trouble },
      more: MORE.filter((name) => this.#settings[name] !== DEFAULTS[name]).length,
      isDefault: isDefault(this.#settings),
      costs: this.#costs,
    });
  }

  /**
   * @param {'preview' | 'file'} kind
   * @param {{ input: Blob, reduce: boolean, result: Result | null }} job
   * @param {Wanted} wish
   * @param {import('../jobs/attempt.js').Watch<import('../jobs/document-updates.js').Progress>} watch
   * @returns {Promise<Result>}
   */
  async #make(kind, { input, reduce, result }, wish, watch) {
    if (!result) throw new TypeError('a photo without a matte cannot be finished');
    // The photo may have been copied since, and may be wanted smaller than it can be had.
    const document = { ...result.document, file: input, reduce };
    const { output } = wish;
    if (kind === 'preview') {
      const preview = await this.#engine.previewDocument(document, { output, longest: this.#longest, ...watch });
      return { ...result, preview: previewOf(preview, wish) };
    }
    const { cutout, result: size, notes } = await this.#engine.finishDocument(document, { output, ...watch });
    return { ...result, file: { blob: cutout, size, notes, isMatte: output.content === 'matte', key: wish.fileKey } };
  }

  /** @param {number} count of photos that have been finished */
  #rest(count) {
    this.#announcer.say(t('finish.updated', { count }));
    void this.#lookUpCosts();
  }

  /** @param {string} type of a file that has been made: what writes it is here */
  #paid(type) {
    if ((type === 'image/webp' && this.#costs.webp > 0) || (type === 'image/avif' && this.#costs.avif > 0)) void this.#lookUpCosts();
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
