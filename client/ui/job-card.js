import { formatSize } from '../messages/format.js';
import { t } from '../messages/work.js';
import { MatteboxError } from '../shared/errors.js';
import { CardPicture } from './card-picture.js';
import { part, setText, stamp } from './dom.js';
import { failure } from './failure.js';
import { BUTTONS, JobButtons } from './job-buttons.js';
import { JobDownload } from './job-download.js';
import { showNotes } from './job-notes.js';
import { OfferedFile } from './offered-file.js';
import { ProgressBar, progressText, stateName } from './progress.js';
import { redoLabel, showUnredone } from './redo.js';
import { resultWords } from './result-words.js';

/** @typedef {import('./progress.js').Progress} Progress */
/** @typedef {import('./result-words.js').Result} Result */
/** @typedef {import('./card-job.js').CardJob} CardJob */
/** @typedef {import('./job-buttons.js').Action} Action */
/** @typedef {(action: Action, id: string) => void} Act */
/** @typedef {{ id: string, title: string, titles: Map<string, string> }} Choice the chosen model, and all by id */
/** @typedef {{ choice: Choice | null, pattern: string }} Present what a new photo would be made with; `choice` is null where there is only one model, `pattern` is of files' names */

/** One photo: picture, state, progress and what can be done with it. */
export class JobCard {
  element;
  /** The way to what it has become. */
  download;
  offered;
  #state;
  #stage;
  #buttons;
  #picture;
  #bar;
  #present;
  /** @type {Result | null} */
  #result = null;
  /** @type {HTMLElement | null} */
  #failure = null;
  /** What failed can be done at a smaller size. */
  #isReducible = false;
  #isPending = false;
  /** Why its cutout is still the earlier one. @type {HTMLElement | null} */
  #unredone = null;
  #isAgain = false;
  /** A person has put it on the GPU, and can take it off again. */
  #isOnGpu = false;

  /**
   * @param {HTMLElement} element its place in the list, which it is put into
   * @param {CardJob} job
   * @param {Act} act
   * @param {Present} present
   */
  constructor(element, job, act, present) {
    this.element = element;
    element.append(...stamp('job-template').children);
    element.dataset.made = '';
    this.#state = part(element, 'state', HTMLElement);
    this.#stage = part(element, 'stage', HTMLElement);
    this.#present = present;
    const name = part(this.element, 'name', HTMLElement);
    setText(name, job.name);
    name.title = job.name;
    this.#picture = new CardPicture(this.element, job, (action) => { if (this.element.dataset.state === 'done') act(action, job.id); });
    this.#bar = new ProgressBar(this.element, job.name);
    this.#buttons = new JobButtons(this.element, job.name, (action) => act(action, job.id));
    this.download = new JobDownload(part(this.element, 'download', HTMLAnchorElement), this.#buttons);
    this.offered = new OfferedFile(job, present.pattern, this.download);
    // Of an earlier visit.
    if (job.result) this.#take(job.result);
    this.#enter(job);
  }

  /**
   * @param {CardJob} job
   * @param {CardJob} previous
   */
  update(job, previous) {
    if (job.input !== previous.input) this.#picture.showHeld(job.input);
    if (job.result && job.result !== previous.result) this.#take(job.result);
    else if (!job.result && previous.result) this.#withdraw();
    if (job.state !== previous.state || job.isAgain !== previous.isAgain) this.#enter(job);
    else if (job.progress !== previous.progress) this.#showProgress(job.progress, job.progress?.stage !== previous.progress?.stage);
    else if (job.state === 'done') this.showFinished();
  }

  /** @param {Result['preview']} preview of a coarser matte, until there is a result; what there is of an earlier one is better */
  showEarly(preview) {
    if (!this.#result) this.#picture.showEarly(preview);
  }

  /** @param {Present} present something else was chosen */
  showPresent(present) {
    this.#present = present;
    this.offered.call(present.pattern);
    if (this.#result) this.#offerResult();
  }

  /** @param {boolean} isOnGpu it was started on the GPU because a person said so */
  markStart(isOnGpu) {
    this.#isOnGpu = isOnGpu;
    this.#offer(this.#underWay());
  }

  /**
   * Something is being made anew, of the matte that is there. What is there stays until then.
   * @param {boolean} isAwaited somebody waits for it
   * @param {Progress | null} progress
   */
  showFinishing(isAwaited, progress) {
    this.#clearFailure();
    if (this.#isAgain || (!isAwaited && progress?.stage !== 'downloading')) return;
    this.#bar.show(progress ?? { stage: 'finishing' }, true);
    if (progress?.stage === 'downloading') setText(this.#state, progressText(progress));
  }

  /** @param {boolean} isPending the file is older than what is wanted, and the one that is wanted will come */
  showPending(isPending) {
    this.#isPending = isPending;
    this.#offerResult();
  }

  /** It is not being made any more. */
  showFinished() {
    if (this.#isAgain) return;
    this.#bar.hide();
    this.#clearFailure();
    this.#describe();
    this.#offerResult();
  }

  /** @param {unknown} error why the cutout is still the one it was */
  showUnfinished(error) {
    if (!this.#isAgain) {
      this.#bar.hide();
      this.#describe();
    }
    this.#clearFailure();
    part(this.element, 'actions', HTMLElement).before(this.#fail(error));
    this.#offerResult();
  }

  /** The card is gone for good. */
  release() {
    this.download.release();
    this.#picture.release();
  }

  /** @param {CardJob} job */
  #enter(job) {
    this.element.dataset.state = job.state;
    this.#isAgain = job.isAgain;
    this.#clearFailure();
    this.#unredone?.remove();
    this.#unredone = showUnredone(this.element, job);
    if (job.state in BUTTONS) {
      if (!this.#result) this.#picture.clear();
      this.#bar.hide();
      setText(this.#state, stateName(job.state));
    } else {
      this.#showProgress(job.progress, true);
    }
    if (job.state === 'done') this.showFinished();
    else if (job.state === 'failed') this.#showFailure(job.error);
    else if (job.isAgain) this.#offerResult();
    else this.#offer(BUTTONS[job.state] ?? this.#underWay());
  }

  #underWay() {
    const ways = this.#isOnGpu ? BUTTONS.underWayOnGpu : BUTTONS.underWay;
    return this.#isAgain ? [this.download.button, ...ways] : ways;
  }

  /**
   * @param {Progress | null} progress
   * @param {boolean} isNewStage
   */
  #showProgress(progress, isNewStage) {
    this.#bar.show(progress, isNewStage);
    setText(this.#state, progressText(progress));
    if (this.#isOnGpu && progress?.stage === 'falling-back') this.markStart(false);
  }

  /** @param {Result} result */
  #take(result) {
    const { file, report } = result;
    this.#result = result;
    this.#picture.show(result);
    if (report.backend) this.element.dataset.backend = report.backend;
    this.offered.take(file, result.preview.size);
  }

  /** What there was must not be used any more. */
  #withdraw() {
    this.#result = null;
    delete this.element.dataset.backend;
    showNotes(part(this.element, 'notes', HTMLElement), []);
    this.offered.take(null, null);
    this.download.release();
    this.#picture.clear();
  }

  /** @param {unknown} error */
  #showFailure(error) {
    this.#stage.append(this.#fail(error));
    const ways = MatteboxError.from(error).code === 'image-too-large' ? BUTTONS.tooLarge : BUTTONS.tooLong;
    this.#offer(this.#isReducible ? ways : BUTTONS.failed);
  }

  /** @param {unknown} error @returns {HTMLElement} its words */
  #fail(error) {
    const reduced = /** @type {import('./offered-file.js').Size | null} */ (MatteboxError.from(error).details.reduced ?? null);
    this.#isReducible = reduced !== null;
    if (reduced) this.#buttons.label('reduce', t('job.reduce', { size: formatSize(reduced) }));
    this.#failure = failure(error);
    return this.#failure;
  }

  #clearFailure() {
    this.#failure?.remove();
    this.#failure = null;
  }

  #describe() {
    if (!this.#result) return;
    const { notes, file, preview } = this.#result;
    showNotes(part(this.element, 'notes', HTMLElement), [...notes, ...(file?.key === preview.key ? file : preview).notes]);
    setText(this.#state, resultWords(this.#result, this.#present.choice?.titles.get(this.#result.report.model.id) ?? ''));
  }

  /** The file that there is, and whether it is the one that is wanted. */
  #offerResult() {
    const settled = this.#failure ? 'earlier' : 'current';
    this.download.stand(this.#isPending ? 'pending' : settled);
    const ways = this.#isReducible ? BUTTONS.unfinishedTooLong : BUTTONS.unfinished;
    const done = this.#failure ? ways.filter((name) => name !== 'download' || this.#result?.file) : BUTTONS.done;
    this.#offer(this.#isAgain ? this.#underWay() : done);
  }

  /** @param {string[]} names of the buttons to show */
  #offer(names) {
    const redo = this.#result ? redoLabel(this.#result, this.#present) || (this.#unredone ? t('job.redo') : '') : '';
    if (redo) this.#buttons.label('redo', redo);
    const isAroundHead = this.#result?.preview.isAroundHead === true;
    if (isAroundHead) this.#buttons.label('adjust-crop', t('id.crop'));
    const without = [redo ? '' : 'redo', isAroundHead ? '' : 'adjust-crop'];
    const shown = names.filter((name) => !without.includes(name));
    this.#buttons.show(shown.map((name) => (name === 'download' ? this.download.button : name)));
  }
}
