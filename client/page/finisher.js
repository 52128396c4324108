/**
 * Has the engine make what photos are wanted as.
 *
 * @typedef {import('../ui/job-card.js').Result} Result
 * @typedef {import('../jobs/tracked.js').Tracked<Result>} Job
 * @typedef {import('../finish/output-settings.js').Wanted} Wanted
 * @typedef {NonNullable<Parameters<typeof import('../api.js').openDocument>[1]>} CutOptions
 */


/** Pixels of a preview's longer side: of one or two photos, which are as large as the screen has room for, and of many. */
const ALONE = 1000;
const AMONG_MANY = 420;
const MOST = 1600;

export class Finisher {
  /** Photos that there are. */
  count = 0;
  #engine;

  /** @param {typeof import('../api.js')} engine */
  constructor(engine) {
    this.#engine = engine;
  }

  /** @returns {number} pixels of a preview's longer side */
  get #longest() {
    return Math.min(MOST, Math.round((this.count <= 2 ? ALONE : AMONG_MANY) * Math.max(1, devicePixelRatio)));
  }

  /**
   * Cut out a photo, and make what is to be made of it at once.
   * @param {Job} job
   * @param {CutOptions} options
   * @param {object} hooks
   * @param {() => Wanted} hooks.wanted what it is wanted as now
   * @param {(preview: Result['preview']) => void} hooks.onEarly of a coarser matte, to be shown until there is a result
   * @param {(result: Result) => void} hooks.onPreview while its file is still being made
   * @param {(error: unknown, made: Result | null) => void} hooks.onWithdraw what came of it must not be used any more
   * @param {() => boolean} hooks.isLast nobody waits for the next photo, so that its file may be made at once
   * @returns {Promise<Result>}
   */
  async cut(job, options, { wanted, onEarly, onPreview, onWithdraw, isLast }) {
    const wish = wanted();
    let made = /** @type {Result | null} */ (null);
    const asked = { ...options, output: { ...wish.output, ownAlpha: job.ownAlpha }, reduce: job.reduce, longest: this.#longest };
    const { document, preview, original, report } = await this.#engine.openDocument(job.input, { ...asked, onPreview: (early) => onEarly(previewOf(early, wish)), onWithdraw: (error) => onWithdraw(error, made) });
    // Those on how it was finished come with the preview.
    const notes = report.notes.filter(({ code }) => !preview.notes.some((note) => note.code === code));
    const result = { document, original, preview: previewOf(preview, wish), file: null, notes, report };
    made = result;
    if (!isLast() || wish.fileKey !== wanted().fileKey) return result;
    // What there is of a photo that is cut out once more stays until all of it is there.
    if (!job.isAgain) onPreview(result);
    const { signal } = options;
    // What fails is tried again with what is wanted then, and told by the card.
    return this.make('file', { ...job, result }, wish, { signal: signal ?? new AbortController().signal, onProgress() {} }).catch(() => result);
  }

  /**
   * @param {'preview' | 'file'} kind
   * @param {{ input: Blob, reduce: boolean, result: Result | null }} job
   * @param {Wanted} wish
   * @param {import('../jobs/attempt.js').Watch<import('../jobs/document-updates.js').Progress>} watch
   * @returns {Promise<Result>}
   */
  async make(kind, { input, reduce, result }, wish, watch) {
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
}

/**
 * @param {import('../shared/protocol.js').Preview} preview
 * @param {import('../finish/output-settings.js').Wanted} wish what it was made as
 * @returns {import('../ui/job-card.js').Result['preview']} as a card shows it
 */
function previewOf({ image, frame, result, notes, placing }, { output, previewKey }) {
  return { image, frame, size: result, notes, isWhole: !output.crop, isAroundHead: placing !== null, isMatte: output.content === 'matte', key: previewKey };
}
