import { part, prefersStillness } from './dom.js';
import { routingText } from './strings-routing.js';
import { text } from './strings.js';

/** @typedef {{ stage: string, loaded?: number, total?: number, expectedMs?: number, from?: string, code?: string }} Progress */

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
    this.#bar.setAttribute('aria-label', text.job.progress(name));
  }

  /**
   * @param {Progress | null} progress null while the engine has not said anything yet
   * @param {boolean} isNewStage
   */
  show(progress, isNewStage) {
    this.#bar.hidden = false;
    const label = progressText(progress);
    if (this.#bar.getAttribute('aria-valuetext') !== label) this.#bar.setAttribute('aria-valuetext', label);
    const { stage = '', loaded = 0, total = 0, expectedMs = 0 } = progress ?? {};
    if (stage === 'downloading' && total > 0) this.#stand(loaded / total);
    else if (isNewStage) this.#begin(stage, expectedMs);
  }

  /**
   * @param {string} stage
   * @param {number} expectedMs 0 when there is no estimate
   */
  #begin(stage, expectedMs) {
    if (stage === 'decoding' || stage === 'encoding') this.#stand(START[stage]);
    else if (expectedMs > 0) this.#glide(expectedMs);
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
 * @param {Progress | null} progress
 * @returns {string}
 */
export function progressText(progress) {
  const { job } = text;
  if (!progress) return job.states.loading ?? '';
  const { stage, loaded = 0, total, expectedMs, from = '', code = '' } = progress;
  if (stage === 'downloading' && total) return job.downloading(loaded, total);
  if (stage === 'preparing') return job.preparing;
  if (stage === 'judging') return routingText.stages.judging;
  if (stage === 'falling-back') return routingText.stages.fallingBack(from, code);
  if (stage === 'running' && expectedMs) return job.expected(expectedMs);
  return job.states[stage] ?? job.states.loading ?? '';
}
