/**
 * Looking through what came of photos: which are seen, in which order, what a person thinks of them, and each of them large. The large view is
 * loaded when it is first opened.
 *
 * @typedef {import('../ui/job-card.js').Result} Result
 * @typedef {import('../jobs/jobs.js').Tracked<Result>} Job
 * @typedef {import('../ui/to-check.js').Mark} Mark
 *
 * @typedef {object} Hooks
 * @property {() => Job[]} all photos
 * @property {(id: string) => import('../api.js').OutputOptions} output that one is wanted as
 * @property {(id: string, mark: Mark) => void} onMark
 * @property {(id: string, tool: 'look' | undefined) => void} onTouchUp
 * @property {() => void} onFailure the large view cannot be had now
 */
import { formatBytes, facts as joined, formatSize } from '../messages/format.js';
import { withWords } from '../messages/index.js';
import { doubtWords } from '../ui/doubt-words.js';
import { loadStyle } from '../ui/load-style.js';
import { doubtsOf, isToCheck, shownOf } from '../ui/to-check.js';
import { Lazy } from './lazy.js';

/** Pixels of a picture's longer side, at most: what a page can hold without trouble. */
const MOST = 4096;
/** Until somebody chooses otherwise. */
const ALL = /** @type {const} */ ({ filter: 'all', order: 'added' });

export class Review {
  #engine;
  #hooks;
  #list;
  #filters = Lazy.spared(() => withWords(import('../ui/filter-bar.js')).then(({ FilterBar }) => new FilterBar(() => this.#arrange())), () => this.#arrange());
  /** @type {Lazy<import('../review/large-view.js').LargeView>} */
  #view = new Lazy(() => this.#load());

  /**
   * @param {typeof import('../api.js')} engine
   * @param {Pick<import('../ui/job-list.js').JobList, 'arrange' | 'showChecks' | 'saveLater' | 'fileOf' | 'focusOn'>} list
   * @param {Hooks} hooks
   */
  constructor(engine, list, hooks) {
    this.#engine = engine;
    this.#list = list;
    this.#hooks = hooks;
    // Without them it can be used all the same.
    loadStyle(new URL('../ui/filters.css', import.meta.url)).catch(() => {});
  }

  /** @param {string} id of a photo that is done */
  open(id) {
    this.#view.use((view) => view.open(id), () => this.#hooks.onFailure());
  }

  /** @param {string} id of a photo whose card is to be seen, and has the focus then */
  show(id) {
    if (!this.#shown.some((one) => one.id === id)) {
      if (this.#filters.loaded) this.#filters.loaded.choice = { ...this.#filters.loaded.choice, filter: 'all' };
      this.#arrange();
    }
    this.#list.focusOn(id, 'pick');
  }

  /** Photos have become others. */
  follow() {
    const jobs = this.#hooks.all();
    this.#list.showChecks(new Map(jobs.map((job) => [job.id, isToCheck(job) ? reasonsOf(job, true) : null])));
    this.#arrange();
    this.#view.loaded?.follow();
  }

  #arrange() {
    this.#filters.loaded?.show(this.#hooks.all());
    this.#list.arrange(this.#shown.map(({ id }) => id));
  }

  get #shown() {
    return shownOf(this.#hooks.all(), this.#filters.loaded?.choice ?? ALL);
  }

  async #load() {
    const styles = ['../ui/window.css', '../review/review.css', '../ui/divider.css'].map((name) => loadStyle(new URL(name, import.meta.url)));
    const [{ LargeView }] = await Promise.all([withWords(import('../review/large-view.js')), ...styles]);
    return new LargeView({
      photos: () => this.#shown.flatMap(photoOf),
      larger: (id, longest, signal) => this.#larger(id, longest, signal),
      onTouchUp: (id, tool) => this.#hooks.onTouchUp(id, tool),
      onDownload: (id) => void this.#list.saveLater(id),
      file: async (id) => this.#list.fileOf(id),
      onMark: (id, mark) => {
        this.#hooks.onMark(id, mark);
        this.follow();
      },
      onClose: (id) => this.#list.focusOn(id, 'view'),
    });
  }

  /** @param {string} id @param {number} longest @param {AbortSignal} signal */
  async #larger(id, longest, signal) {
    const job = this.#hooks.all().find((one) => one.id === id);
    if (!job?.result) return null;
    // The photo may have been copied since.
    const document = { ...job.result.document, file: job.input, reduce: job.reduce };
    return (await this.#engine.previewDocument(document, { output: this.#hooks.output(id), longest: Math.min(MOST, longest), signal })).image;
  }
}

/** @param {Job} job @param {boolean} isBesideNotes where a note says already that nothing was found */
function reasonsOf(job, isBesideNotes) {
  const isSaid = isBesideNotes && job.result?.preview.notes.some(({ code }) => code === 'nothing-found');
  return doubtsOf(job).filter(({ code }) => !isSaid || code !== 'nothing').map(doubtWords);
}

/** @param {Job} job @returns {import('../review/large-view.js').Photo[]} none while there is nothing to see */
function photoOf(job) {
  const { id, name, input, mark, result } = job;
  if (!result) return [];
  const { preview, file, original, document } = result;
  const isCurrent = file !== null && file.key === preview.key;
  const size = (isCurrent ? file.size : preview.size) ?? preview.frame;
  const doubts = doubtsOf(job);
  return [{
    id, name, size, isCurrent, mark,
    picture: isCurrent ? file.blob : preview.image,
    original: original ?? input,
    originalSize: document.size,
    isWhole: preview.isWhole,
    facts: joined(formatSize(size), isCurrent && formatBytes(file.blob.size)),
    reasons: reasonsOf(job, false),
    isEmpty: doubts.some(({ code }) => code === 'nothing'),
  }];
}
