/**
 * One photo's place in the list. Its card, with all there is to see and to press, is made when it is needed (card-window.js); until then there are its name and its
 * state, and what it is told is remembered (docs/decisions/0049-cards-when-needed.md).
 *
 * @typedef {import('./card-job.js').CardJob} CardJob
 * @typedef {import('./job-card.js').Present} Present
 * @typedef {import('./offered-file.js').Wanted} Wanted
 */
import { setData, setText } from './dom.js';
import { element } from './element.js';
import { JobCard } from './job-card.js';
import { showCheck, showOwn } from './job-notes.js';
import { OfferedFile } from './offered-file.js';
import { stateName } from './progress.js';

/** What a file is called is known before there is anything to press. */
const NO_DOWNLOAD = { offer() {}, rename() {} };

export class ListedCard {
  element;
  #name = element('h3', { 'class': 'job-name', 'translate': 'no', 'data-part': 'name' });
  #state = element('p', { 'class': 'job-state', 'data-part': 'state' });
  /** @type {JobCard | null} */
  #card = null;
  #job;
  #act;
  #present;
  #place = { number: 1, total: 1 };
  #told = {
    isPending: false, isOnGpu: false, own: '',
    /** @type {string[] | null} */ check: null,
    /** @type {import('./job-card.js').Result['preview'] | null} */ early: null,
    /** @type {{ error: unknown } | null} */ unfinished: null,
  };

  /** @param {CardJob} job @param {import('./job-card.js').Act} act @param {Present} present */
  constructor(job, act, present) {
    this.#job = job;
    this.#act = act;
    this.#present = present;
    this.element = element('li', { 'class': 'job', 'data-job': job.id }, this.#name, this.#state);
    setText(this.#name, job.name);
    this.#name.title = job.name;
    this.#mark();
  }

  get name() {
    return this.#job.name;
  }

  get isMade() {
    return this.#card !== null;
  }

  /** @returns {boolean} somebody waits for its file */
  get isAwaited() {
    return this.#card?.download.isAwaited ?? false;
  }

  /** @returns {JobCard} which is made now where there is none */
  make() {
    if (this.#card) return this.#card;
    this.#name.remove();
    this.#state.remove();
    const card = new JobCard(this.element, this.#job, this.#act, this.#present);
    this.#card = card;
    const { isPending, isOnGpu, own, check, early, unfinished } = this.#told;
    card.offered.place(this.#place.number, this.#place.total);
    if (isOnGpu) card.markStart(true);
    if (early) card.showEarly(early);
    if (isPending) card.showPending(true);
    if (unfinished) card.showUnfinished(unfinished.error);
    showCheck(this.element, check);
    showOwn(this.element, own);
    return card;
  }

  /** @param {CardJob} job @param {CardJob} previous */
  update(job, previous) {
    this.#job = job;
    if (job.state !== previous.state) this.#told = { ...this.#told, early: null, isOnGpu: this.#told.isOnGpu && !(job.state in STILL) };
    if (this.#card) this.#card.update(job, previous);
    // What went wrong is heard, wherever it is.
    else if (job.state === 'failed') this.make();
    else this.#mark();
  }

  #mark() {
    const { state, result } = this.#job;
    setData(this.element, 'state', state);
    if (result?.report.backend) setData(this.element, 'backend', result.report.backend);
    else delete this.element.dataset.backend;
    setText(this.#state, stateName(state));
  }

  /** @param {Present} present */
  showPresent(present) {
    this.#present = present;
    this.#card?.showPresent(present);
  }

  /** @param {number} number of the photo in the list, from 1 @param {number} total */
  place(number, total) {
    if (number === this.#place.number && total === this.#place.total) return;
    this.#place = { number, total };
    this.#card?.offered.place(number, total);
  }

  /** @param {Wanted} wanted @param {string} [pattern] @returns {{ folder: string, name: string }} what its file is called, before it is made */
  expected(wanted, pattern) {
    if (this.#card) return this.#card.offered.expected(wanted, pattern);
    const offered = new OfferedFile(this.#job, this.#present.pattern, NO_DOWNLOAD);
    offered.place(this.#place.number, this.#place.total);
    const { result } = this.#job;
    if (result) offered.take(result.file, result.preview.size);
    return offered.expected(wanted, pattern);
  }

  /** @param {boolean} isPending its file is older than what is wanted, and the one that is wanted will come */
  showPending(isPending) {
    this.#told = { ...this.#told, isPending };
    this.#card?.showPending(isPending);
  }

  /** @param {import('./progress.js').Progress | null} progress of making something of it anew */
  showFinishing(progress) {
    this.#told = { ...this.#told, unfinished: null };
    this.#card?.showFinishing(this.isAwaited, progress);
  }

  showFinished() {
    this.#told = { ...this.#told, unfinished: null };
    this.#card?.showFinished();
  }

  /** @param {unknown} error why its cutout is still the one it was */
  showUnfinished(error) {
    this.#told = { ...this.#told, unfinished: { error } };
    // What went wrong is heard, wherever it is.
    if (this.#card) this.#card.showUnfinished(error);
    else this.make();
  }

  /** @param {import('./job-card.js').Result['preview']} preview of a photo that is being cut out */
  showEarly(preview) {
    this.#told = { ...this.#told, early: preview };
    this.#card?.showEarly(preview);
  }

  /** @param {boolean} isOnGpu it is started there because a person said so */
  markStart(isOnGpu) {
    this.#told = { ...this.#told, isOnGpu };
    this.#card?.markStart(isOnGpu);
  }

  /** @param {string[] | null} reasons for which it is to be checked, none where a person wants to; null where it is not */
  showCheck(reasons) {
    if (reasons === this.#told.check || (reasons !== null && reasons.join() === this.#told.check?.join())) return;
    this.#told = { ...this.#told, check: reasons };
    if (this.#card) showCheck(this.element, reasons);
  }

  /** @param {string} words in what it is wanted otherwise than the others, empty where it is not */
  showOwn(words) {
    if (words === this.#told.own) return;
    this.#told = { ...this.#told, own: words };
    if (this.#card) showOwn(this.element, words);
  }

  /** It is gone for good. */
  release() {
    this.#card?.release();
  }
}

/** In which nothing is under way. */
const STILL = Object.freeze({ queued: true, done: true, failed: true, cancelled: true });
