import { t } from '../messages/work.js';
import { part, setText, showButtons, stamp } from './dom.js';
import { downloadNote, downloadNumbers } from './download-words.js';
import { failure } from './failure.js';
import { ProgressBar } from './progress.js';
import { followPace, readPace, startPace } from './rate.js';

/** @typedef {import('./rate.js').Pace} Pace */
/** @typedef {{ phase: 'loading' | 'paused' | 'failed', model: string, loaded: number, total: number, error: unknown }} Shown */
/** @typedef {{ title: string, hasPhotos: boolean, kept: boolean, isBehind?: boolean }} Circumstances `isBehind`: photos do not wait for it, and are redone afterwards */

/** Often enough to look alive, seldom enough to be read. */
const DRAW_MS = 250;

/** @type {Record<Shown['phase'], string[]>} */
const BUTTONS = { loading: ['pause', 'stop'], paused: ['resume', 'stop'], failed: ['retry', 'stop'] };

/** A large download that was agreed to: how far, how fast, how long, and the way to stop it. */
export class DownloadPanel {
  #root;
  #element = stamp('download-template');
  #title = part(this.#element, 'title', HTMLElement);
  #numbers = part(this.#element, 'numbers', HTMLElement);
  #note = part(this.#element, 'note', HTMLElement);
  #failure = part(this.#element, 'failure', HTMLElement);
  #buttons = [...part(this.#element, 'actions', HTMLElement).children].filter((child) => child instanceof HTMLElement);
  /** @type {ProgressBar | null} */
  #bar = null;
  /** @type {Shown | null} */
  #shown = null;
  /** @type {Pace | null} */
  #pace = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /** @param {Record<'onPause' | 'onResume' | 'onStop', () => void>} actions @param {HTMLElement} [root] where it stands */
  constructor({ onPause, onResume, onStop }, root = part(document, 'consent', HTMLElement)) {
    this.#root = root;
    part(this.#element, 'pause', HTMLElement).addEventListener('click', onPause);
    part(this.#element, 'resume', HTMLElement).addEventListener('click', onResume);
    part(this.#element, 'retry', HTMLElement).addEventListener('click', onResume);
    part(this.#element, 'stop', HTMLElement).addEventListener('click', onStop);
  }

  /** @returns {boolean} */
  get hasFocus() {
    return this.#element.contains(document.activeElement);
  }

  /**
   * A new phase is drawn at once, progress within a phase at its own pace.
   * @param {Shown} state
   * @param {Circumstances} circumstances
   */
  show(state, circumstances) {
    const before = this.#shown;
    this.#shown = state;
    setText(this.#note, downloadNote(state.phase, circumstances));
    if (state.phase === before?.phase && state.model === before.model) {
      if (before.total === 0) this.#draw();
      return;
    }
    const isNew = !this.#element.isConnected;
    if (state.model !== before?.model) this.#bar = new ProgressBar(this.#element, circumstances.title);
    this.#enter(state, circumstances.title);
    if (!isNew) return;
    const hadFocus = this.#root.contains(document.activeElement);
    this.#root.replaceChildren(this.#element);
    if (hadFocus) this.#title.focus();
  }

  focus() {
    if (!this.hasFocus) this.#title.focus();
  }

  close() {
    clearInterval(this.#timer);
    this.#shown = null;
    this.#element.remove();
  }

  /** @param {Shown} state @param {string} title */
  #enter(state, title) {
    const { phase } = state;
    this.#element.dataset.phase = phase;
    setText(this.#title, t(`download.${phase}`, { model: title }));
    this.#note.hidden = !this.#note.textContent;
    this.#failure.replaceChildren(...(phase === 'failed' ? [failure(state.error)] : []));
    this.#pace = null;
    clearInterval(this.#timer);
    if (phase === 'loading') this.#timer = setInterval(() => this.#draw(), DRAW_MS);
    this.#draw();
    showButtons(this.#buttons, BUTTONS[phase]);
  }

  #draw() {
    const state = this.#shown;
    if (!state) return;
    const { phase, loaded, total } = state;
    this.#bar?.show(total > 0 ? { stage: 'downloading', loaded, total } : null, this.#pace === null);
    const now = performance.now();
    if (total > 0) this.#pace = this.#pace ? followPace(this.#pace, now, loaded) : startPace(now, loaded);
    const pace = phase === 'loading' && this.#pace ? readPace(this.#pace, total) : null;
    setText(this.#numbers, phase !== 'loading' && total === 0 ? '' : downloadNumbers(state, pace));
  }
}
