import { formatBytes, formatDuration } from '../messages/format.js';
import { has, lookUp } from '../messages/index.js';
import { t } from '../messages/work.js';
import { part, prefersStillness } from './dom.js';
import { movingOn } from './routing-words.js';

/** @typedef {import('../shared/protocol.js').Progress} Progress */
/** @typedef {Progress | { stage: 'finishing' }} Shown how far a photo is, or its file */

/** How far the bar is when a stage begins; `running` fills what lies between its own value and RUN_END. */
const START = { decoding: 0.04, running: 0.1, encoding: 0.96 };
/** An estimate never completes a bar: the result does. */
const RUN_END = 0.95;

/**
 * The progress bar of one job. It only moves with `transform`, so the compositor can animate it while
 * the page thread rests.
 */
export class ProgressBar {
  #bar;
  #fill;
  /** @type {Animation | null} */
  #run = null;

  /**
   * @param {ParentNode} root
   * @param {string} name of the photo
   */
  constructor(root, name) {
    this.#bar = part(root, 'bar', HTMLElement);
    this.#fill = part(root, 'fill', HTMLElement);
    this.#bar.setAttribute('aria-label', t('job.progress', { name }));
  }

  /**
   * @param {Shown | null} progress null while the engine has not said anything yet
   * @param {boolean} isNewStage
   */
  show(progress, isNewStage) {
    this.#bar.hidden = false;
    const label = progressText(progress);
    if (this.#bar.getAttribute('aria-valuetext') !== label) this.#bar.setAttribute('aria-valuetext', label);
    if (progress?.stage === 'downloading' && progress.total > 0) this.#stand(progress.loaded / progress.total);
    else if (isNewStage) this.#begin(progress);
  }

  /** @param {Shown | null} progress */
  #begin(progress) {
    if (progress?.stage === 'decoding' || progress?.stage === 'encoding') this.#stand(START[progress.stage]);
    else if (progress?.stage === 'running' && progress.expectedMs) this.#glide(progress.expectedMs);
    else this.#sweep();
  }

  hide() {
    this.#bar.hidden = true;
    this.#stop();
  }

  /** @param {number} share 0..1 */
  #stand(share) {
    this.#stop();
    const clamped = Math.min(1, Math.max(0, share));
    this.#fill.style.setProperty('transform', `scaleX(${clamped.toFixed(4)})`);
    const percent = String(Math.round(clamped * 100));
    if (this.#bar.getAttribute('aria-valuenow') !== percent) this.#bar.setAttribute('aria-valuenow', percent);
  }

  /** @param {number} ms how long the run will take, measured before */
  #glide(ms) {
    this.#stand(START.running);
    // The value is the start of an estimate, not a position: assistive technology gets the words instead.
    this.#bar.removeAttribute('aria-valuenow');
    if (prefersStillness()) return;
    const frames = [{ transform: `scaleX(${START.running})` }, { transform: `scaleX(${RUN_END})` }];
    this.#run = this.#fill.animate(frames, { duration: ms, fill: 'forwards' });
  }

  /** Nobody knows how long it will take. */
  #sweep() {
    this.#stop();
    this.#bar.removeAttribute('aria-valuenow');
    this.#fill.style.removeProperty('transform');
    this.#bar.toggleAttribute('data-sweep', true);
  }

  #stop() {
    this.#run?.cancel();
    this.#run = null;
    this.#bar.removeAttribute('data-sweep');
  }
}

/**
 * @param {Shown | null} progress
 * @returns {string}
 */
export function progressText(progress) {
  switch (progress?.stage) {
    case 'downloading': return progress.total ? t('job.downloading', { loaded: formatBytes(progress.loaded), total: formatBytes(progress.total) }) : t('job.state.loading');
    case 'preparing': return t('job.preparing');
    case 'judging': return t('job.judging');
    case 'falling-back': return movingOn(progress.from, progress.code);
    case 'running': return progress.expectedMs ? t('job.expected', { time: formatDuration(progress.expectedMs) }) : t('job.state.running');
    default: return stateName(progress?.stage ?? 'loading') || t('job.state.loading');
  }
}

/** @param {string} state of a job, or stage of its work @returns {string} empty for one that needs no word */
export const stateName = (state) => (has(`job.state.${state}`) ? lookUp(`job.state.${state}`) : '');
