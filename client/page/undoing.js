/**
 * Offers to take back what a person did: a toast with "Undo", and Ctrl+Z or Cmd+Z where nothing is being written. The time of a toast does not
 * pass while it is pointed at or has the focus, nor while the page is not seen.
 *
 * @typedef {import('./undo.js').Step} Step
 */
import { loadStyle } from '../ui/load-style.js';
import { Toast } from '../ui/toast.js';
import { NO_OFFERS, offered, passed, taken } from './undo.js';

export class Undoing {
  #offers = NO_OFFERS;
  #toast = new Toast({ onUndo: () => this.undo(), onClose: () => this.#forget(Infinity), onHold: (isHeld) => this.#hold(isHeld) });
  #isHeld = false;
  /** When the time of the latest began to pass; null while it does not. @type {number | null} */
  #since = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  constructor() {
    // Without them it can be used all the same.
    loadStyle(new URL('../ui/toast.css', import.meta.url)).catch(() => {});
    document.addEventListener('visibilitychange', () => this.#hold(this.#isHeld));
    document.addEventListener('keydown', (event) => {
      if (this.#offers.length === 0 || !isUndoKey(event) || isWritten(event.target)) return;
      event.preventDefault();
      this.undo();
    });
  }

  /** @param {Step} step that has just been made */
  offer(step) {
    this.#pass();
    this.#set(offered(this.#offers, step));
  }

  /** Take the latest back. */
  undo() {
    const { offers, step } = taken(this.#offers);
    this.#since = null;
    this.#set({ offers, forgotten: [] });
    step?.undo();
  }

  /** @param {boolean} isHeld */
  #hold(isHeld) {
    this.#isHeld = isHeld;
    this.#pass();
    this.#wait();
  }

  /** What time has passed counts. */
  #pass() {
    if (this.#since === null) return;
    const ms = performance.now() - this.#since;
    this.#since = null;
    // Its timer ends it.
    const [last] = this.#offers.slice(-1);
    if (last) this.#offers = passed(this.#offers, Math.min(ms, last.leftMs - 1)).offers;
  }

  /** @param {number} ms */
  #forget(ms) {
    this.#since = null;
    this.#set(passed(this.#offers, ms));
  }

  /** @param {{ offers: import('./undo.js').Offers, forgotten: Step[] }} now */
  #set({ offers, forgotten }) {
    this.#offers = offers;
    this.#toast.show(offers.at(-1)?.step.words ?? '');
    this.#wait();
    for (const { forget } of forgotten) forget?.();
  }

  #wait() {
    clearTimeout(this.#timer);
    const last = this.#offers.at(-1);
    if (!last || this.#isHeld || document.hidden) return;
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#forget(Infinity), last.leftMs);
  }
}

/** @param {KeyboardEvent} event */
const isUndoKey = ({ key, ctrlKey, metaKey, shiftKey, altKey, defaultPrevented }) => !defaultPrevented && key.toLowerCase() === 'z' && (ctrlKey || metaKey) && !shiftKey && !altKey;

/** What has no text of its own to take back. */
const PLAIN = new Set(['button', 'checkbox', 'color', 'file', 'radio', 'range', 'reset', 'submit']);

/** @param {EventTarget | null} target @returns {boolean} the keys are for what is written there, or for a dialog */
function isWritten(target) {
  if (document.querySelector('dialog[open]')) return true;
  if (target instanceof HTMLInputElement) return !PLAIN.has(target.type);
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}
