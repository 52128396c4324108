/**
 * ID photos: where each is cut out of its photo, and the sheets of paper that they are printed on. The view of the crop is loaded when it is first opened.
 *
 * @typedef {import('../ui/job-card.js').Result} Result
 * @typedef {import('../jobs/jobs.js').Tracked<Result>} Job
 * @typedef {import('../finish/output-settings.js').Settings} Settings
 * @typedef {import('../shared/head-frame.js').Head} Head
 * @typedef {import('../ui/job-download.js').Offered} Offered
 *
 * @typedef {object} Hooks
 * @property {() => Job[]} all photos
 * @property {{ outputOf: (id: string) => import('../api.js').OutputOptions, settingsOf: (id: string) => Settings }} finishing what one is wanted as
 * @property {(id: string) => Promise<Offered | null> | null} fileOf a photo once it is as it is wanted
 * @property {(id: string, head: Head | null) => void} onPlace
 * @property {(step: import('./undo.js').Step) => void} offer to take something back
 * @property {import('../ui/announcer.js').Announcer} announcer
 * @property {(why: 'not-loaded' | 'none' | 'sheet') => void} onFailure a module could not be had, no photo is done, or no sheet could be made
 */
import { cropOf, fitOf, idFormat } from '../finish/id-formats.js';
import { ID_PHOTO } from '../finish/output-settings.js';
import { sheetName } from '../finish/print-sheet.js';
import { withWords } from '../messages/index.js';
import { t } from '../messages/later.js';
import { loadStyle } from '../ui/load-style.js';
import { Lazy } from './lazy.js';

/** Pixels of the picture's longer side that a crop is chosen on, at most: it is looked at closer than it is large. */
const MOST = 2048;
const CLOSER = 1.5;

export class IdPhotos {
  #engine;
  #hooks;
  /** @type {Lazy<import('../review/crop-view.js').CropView>} */
  #view = new Lazy(() => this.#load());

  /** @param {typeof import('../api.js')} engine @param {Hooks} hooks */
  constructor(engine, hooks) {
    this.#engine = engine;
    this.#hooks = hooks;
  }

  /**
   * @param {'crop' | 'sheet'} wish
   * @param {readonly string[] | null} ids of photos, all where null; those count that are done and wanted as ID photos
   * @param {string} [first] the one that is seen first
   */
  act(wish, ids, first) {
    const jobs = this.#hooks.all().filter((job) => ids?.includes(job.id) !== false && this.#isIdPhoto(job));
    if (jobs.length === 0) this.#hooks.onFailure('none');
    else if (wish === 'crop') this.#view.use((view) => view.open(jobs, Math.max(0, jobs.findIndex(({ id }) => id === first))), () => this.#hooks.onFailure('not-loaded'));
    else void this.#saveSheets(jobs);
  }

  /**
   * What goes out beside a photo's own file.
   * @param {string} id
   * @param {Offered} file
   * @returns {Promise<{ name: string, blob: Blob } | null>} its sheet, where one is wanted; one that cannot be made is told, and the photo's own file goes out
   *   all the same
   */
  async beside(id, file) {
    const job = this.#hooks.all().find((one) => one.id === id);
    if (!job || !this.#isIdPhoto(job) || this.#hooks.finishing.settingsOf(id).sheet === 'none') return null;
    try {
      const [sheet] = await this.#sheetsOf([job], [file]);
      return { name: sheetName(file.name), blob: sheet };
    } catch {
      this.#hooks.onFailure('sheet');
      return null;
    }
  }

  /** @param {Job} job */
  #isIdPhoto({ id, state, result }) {
    return state === 'done' && result !== null && this.#hooks.finishing.settingsOf(id).size === ID_PHOTO;
  }

  async #load() {
    const styles = ['../ui/window.css', '../review/review.css', '../review/crop.css'].map((name) => loadStyle(new URL(name, import.meta.url)));
    const [{ CropView }] = await Promise.all([withWords(import('../review/crop-view.js')), ...styles]);
    return new CropView({
      open: (id, longest, signal) => this.#open(id, Math.min(MOST, Math.round(longest * CLOSER)), signal),
      onPlace: (id, head) => this.#place(id, head),
      onClose: () => {},
    });
  }

  /** @param {string} id @param {number} longest @param {AbortSignal} signal @returns {Promise<import('../review/crop-view.js').Opened | null>} */
  async #open(id, longest, signal) {
    const job = this.#hooks.all().find((one) => one.id === id);
    if (!job?.result) return null;
    const { finishing } = this.#hooks;
    const output = finishing.outputOf(id);
    const format = idFormat(finishing.settingsOf(id).idFormat);
    // The photo may have been copied since.
    const document = { ...job.result.document, file: job.input, reduce: job.reduce };
    const whole = await this.#engine.previewDocument(document, { output: { ...output, crop: null }, longest, signal });
    const { placing } = await this.#engine.previewDocument(document, { output: { ...output, crop: { ...output.crop, head: null } }, longest, signal });
    if (!placing) return null;
    const { width = 1, height = 1 } = output.crop ?? {};
    return {
      image: whole.image,
      size: document.size,
      ground: output.background?.kind === 'colour' ? output.background.colour : '#ffffff',
      format,
      // To the pixel, as the file is.
      fit: { ...fitOf(format), aspect: Number(width) / Number(height) },
      print: { width: Number(width), density: output.density ?? 0 },
      suggested: placing,
      head: job.head ?? null,
    };
  }

  /** @param {string} id @param {Head | null} head */
  #place(id, head) {
    const job = this.#hooks.all().find((one) => one.id === id);
    if (!job) return;
    const before = job.head ?? null;
    this.#hooks.onPlace(id, head);
    this.#hooks.offer({ words: t('id.crop.changed', { name: job.name }), undo: () => this.#hooks.onPlace(id, before) });
  }

  /** @param {Job[]} jobs */
  async #saveSheets(jobs) {
    const { announcer, fileOf, onFailure } = this.#hooks;
    announcer.say(t('id.sheet.making'));
    try {
      const files = await Promise.all(jobs.map(({ id }) => fileOf(id)));
      const there = jobs.flatMap((job, i) => (files[i] ? [{ job, file: /** @type {Offered} */ (files[i]) }] : []));
      const sheets = await this.#sheetsOf(there.map(({ job }) => job), there.map(({ file }) => file));
      const { save } = await import('../ui/save.js');
      const stem = there.length === 1 ? there[0].file.name : 'mattebox';
      for (const [i, sheet] of sheets.entries()) save(sheet, sheetName(sheets.length > 1 ? `${stem}-${i + 1}.jpg` : stem));
    } catch {
      onFailure('sheet');
    }
  }

  /**
   * @param {Job[]} jobs
   * @param {Offered[]} files of them
   * @returns {Promise<Blob[]>}
   * @throws {import('../shared/errors.js').MatteboxError} `bad-option` where they cannot be on one sheet
   */
  #sheetsOf(jobs, files) {
    const { idFormat: format, idDensity: density, sheet: paper } = this.#hooks.finishing.settingsOf(jobs[0].id);
    const { width, height } = cropOf(idFormat(format), density);
    return this.#engine.printSheet(files.map(({ blob }) => blob), { paper: /** @type {import('../finish/print-sheet.js').Paper} */ (paper), width: Number(width), height: Number(height), density });
  }
}
