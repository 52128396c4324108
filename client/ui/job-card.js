import { Compare } from './compare.js';
import { part, setText, showButtons, stamp } from './dom.js';
import { failure } from './failure.js';
import { cutoutName } from './format.js';
import { ProgressBar, progressText } from './progress.js';
import { modelText } from './strings-models.js';
import { text } from './strings.js';

/** @typedef {import('./progress.js').Progress} Progress */
/** @typedef {{ cutout: Blob, report: import('./strings.js').Report }} Result */
/**
 * @typedef {object} CardJob what a card needs to know of a job
 * @property {string} id
 * @property {string} name
 * @property {Blob} input
 * @property {string} state
 * @property {Progress | null} progress
 * @property {Result | null} result
 * @property {unknown} error
 */
/** @typedef {Record<'onCancel' | 'onUseCpu' | 'onRetry' | 'onRedo' | 'onRemove', (id: string) => void>} CardActions */
/** @typedef {{ id: string, title: string, titles: Map<string, string> }} Choice the chosen model, and all by id */

/** Which buttons each state offers; every state that is not listed is under way. @type {Record<string, string[]>} */
const BUTTONS = {
  queued: ['cancel'],
  done: ['download', 'redo', 'remove'],
  failed: ['retry', 'remove'],
  cancelled: ['retry', 'remove'],
};
const UNDER_WAY = ['cancel'];
const UNDER_WAY_ON_GPU = ['use-cpu', 'cancel'];

/** One photo: picture, state, progress and what can be done with it. */
export class JobCard {
  element = stamp('job-template');
  #state = part(this.element, 'state', HTMLElement);
  #stage = part(this.element, 'stage', HTMLElement);
  #buttons = [...part(this.element, 'actions', HTMLElement).children].filter((child) => child instanceof HTMLElement);
  #download = part(this.element, 'download', HTMLAnchorElement);
  #redo = part(this.element, 'redo', HTMLElement);
  #compare;
  #bar;
  #name;
  /** Null where there is only one model. @type {Choice | null} */
  #choice;
  /** Id of the model that made the cutout. @type {string | null} */
  #model = null;
  /** @type {HTMLElement | null} */
  #failure = null;
  /** A person has put it on the GPU, and can take it off again. */
  #isOnGpu = false;

  /**
   * @param {CardJob} job
   * @param {CardActions} actions
   * @param {Choice | null} choice
   */
  constructor(job, { onCancel, onUseCpu, onRetry, onRedo, onRemove }, choice) {
    this.element.dataset.job = job.id;
    this.#name = job.name;
    this.#choice = choice;
    const name = part(this.element, 'name', HTMLElement);
    setText(name, job.name);
    name.title = job.name;
    this.#compare = new Compare(this.element, job.name, job.input);
    this.#bar = new ProgressBar(this.element, job.name);
    this.#download.download = cutoutName(job.name);
    for (const button of this.#buttons) {
      button.setAttribute('aria-label', text.job.action(button.textContent.trim(), job.name));
    }
    part(this.element, 'cancel', HTMLElement).addEventListener('click', () => onCancel(job.id));
    part(this.element, 'use-cpu', HTMLElement).addEventListener('click', () => onUseCpu(job.id));
    part(this.element, 'retry', HTMLElement).addEventListener('click', () => onRetry(job.id));
    this.#redo.addEventListener('click', () => onRedo(job.id));
    part(this.element, 'remove', HTMLElement).addEventListener('click', () => onRemove(job.id));
    this.#enter(job);
  }

  /**
   * @param {CardJob} job
   * @param {CardJob} previous
   */
  update(job, previous) {
    if (job.state !== previous.state) this.#enter(job);
    else if (job.progress !== previous.progress) this.#showProgress(job, job.progress?.stage !== previous.progress?.stage);
  }

  /** @param {Choice} choice another model was chosen */
  showChoice(choice) {
    this.#choice = choice;
    if (this.#model !== null) this.#offer(BUTTONS.done);
  }

  /** @param {boolean} isOnGpu it was started on the GPU because a person said so */
  markStart(isOnGpu) {
    this.#isOnGpu = isOnGpu;
    this.#offer(this.#underWay());
  }

  /** Saves the cutout, as a click on its own Download does. */
  save() {
    this.#download.click();
  }

  /** The card is gone for good. */
  release() {
    this.#compare.release();
    this.element.remove();
  }

  /** @param {CardJob} job */
  #enter(job) {
    this.element.dataset.state = job.state;
    this.#failure?.remove();
    this.#failure = null;
    if (job.state in BUTTONS) {
      this.#bar.hide();
      setText(this.#state, text.job.states[job.state] ?? '');
    } else {
      this.#showProgress(job, true);
    }
    if (job.state === 'done' && job.result) this.#showResult(job.result);
    if (job.state === 'failed') {
      this.#failure = failure(job.error);
      this.#stage.append(this.#failure);
    }
    this.#offer(BUTTONS[job.state] ?? this.#underWay());
  }

  #underWay() {
    return this.#isOnGpu ? UNDER_WAY_ON_GPU : UNDER_WAY;
  }

  /**
   * @param {CardJob} job
   * @param {boolean} isNewStage
   */
  #showProgress(job, isNewStage) {
    this.#bar.show(job.progress, isNewStage);
    setText(this.#state, progressText(job.progress));
    if (this.#isOnGpu && job.progress?.stage === 'falling-back') this.markStart(false);
  }

  /** @param {Result} result */
  #showResult({ cutout, report }) {
    if (report.backend) this.element.dataset.backend = report.backend;
    this.#compare.showAfter(cutout, report.size);
    if (this.#compare.cutoutUrl) this.#download.href = this.#compare.cutoutUrl;
    this.#model = report.model.id;
    setText(this.#state, text.job.done(report, cutout.size, this.#choice?.titles.get(report.model.id) ?? ''));
  }

  /** @param {string[]} names of the buttons to show */
  #offer(names) {
    const label = this.#redoLabel();
    setText(this.#redo, label);
    this.#redo.setAttribute('aria-label', text.job.action(label, this.#name));
    showButtons(this.#buttons, label ? names : names.filter((name) => name !== 'redo'));
  }

  /** @returns {string} empty unless another model is chosen than the one that made the cutout */
  #redoLabel() {
    if (!this.#choice || this.#model === null || this.#choice.id === this.#model) return '';
    return modelText.chooser.redo(this.#choice.title);
  }
}
