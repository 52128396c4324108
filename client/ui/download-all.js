import { t } from '../messages/work.js';
import { part, setText } from './dom.js';
import { uniqueName } from './file-name.js';

/** @typedef {import('./job-download.js').Offered} Offered */
/**
 * @typedef {object} Hooks
 * @property {(id: string) => Promise<Offered | null> | null} take the file of a photo once it is as it is wanted; null where the photo is gone
 * @property {(words: string) => void} onSay to be heard
 * @property {(count: number) => void} onUnsaved so many could not be finished as they are wanted, and were left
 * @property {() => void} onFail the ZIP could not be made
 */

/** A browser reads what it saves from memory or disk, and does not tell when it has. */
const SAVED_AFTER_MS = 60_000;

/** All files as one ZIP, which is written while they are made: no file needs to be there before its turn, or after it. */
export class DownloadAll {
  #button = part(document, 'download-all', HTMLButtonElement);
  #hooks;
  /** Of the photos that are done. @type {string[]} */
  #ids = [];
  #isAll = false;
  /** @type {AbortController | null} */
  #stop = null;
  #count = { done: 0, total: 0 };

  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.#hooks = hooks;
    this.#button.addEventListener('click', () => (this.#stop ? this.#stop.abort() : void this.#save()));
  }

  /** @param {string[]} ids of the photos that are done @param {boolean} [isAll] no other photo is being worked on */
  show(ids, isAll = this.#isAll) {
    this.#ids = ids;
    this.#isAll = isAll;
    this.#button.classList.toggle('primary', isAll);
    this.#button.hidden = ids.length < 2 && !this.#stop;
    setText(this.#button, this.#stop ? t('zip.stop', this.#count) : t('jobs.download', { total: ids.length }));
  }

  async #save() {
    const { onSay, onUnsaved, onFail } = this.#hooks;
    const stop = new AbortController();
    this.#stop = stop;
    this.#count = { done: 0, total: this.#ids.length };
    this.show(this.#ids);
    onSay(t('jobs.will-save', { count: this.#ids.length }));
    const left = { unsaved: 0, saved: 0 };
    try {
      const { makeZip } = await import('../vendor/client-zip/index.js');
      const zip = await whole(makeZip(this.#files(this.#ids, stop.signal, left)));
      if (left.saved > 0) save(zip, `mattebox-${new Date().toLocaleDateString('sv')}.zip`);
      onUnsaved(left.unsaved);
    } catch {
      if (!stop.signal.aborted) onFail();
    }
    this.#stop = null;
    this.show(this.#ids);
  }

  /**
   * @param {string[]} ids
   * @param {AbortSignal} signal
   * @param {{ unsaved: number, saved: number }} left counted on the way
   */
  async* #files(ids, signal, left) {
    /** @type {Set<string>} */
    const taken = new Set();
    const lastModified = new Date();
    for (const id of ids) {
      const taking = this.#hooks.take(id);
      const file = taking && (await orAborted(taking, signal));
      this.#count = { ...this.#count, done: this.#count.done + 1 };
      this.show(this.#ids);
      if (taking && !file) left.unsaved += 1;
      if (!file) continue;
      left.saved += 1;
      yield { name: uniqueName(file.name, taken), input: file.blob, lastModified };
    }
  }
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
function orAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(/** @type {Error} */ (signal.reason)), { once: true });
    promise.then(resolve, reject);
  });
}

/** @param {ReadableStream<Uint8Array>} stream @returns {Promise<Blob>} which browsers keep on the disk where it is large */
async function whole(stream) {
  const blob = await new Response(/** @type {ReadableStream} */ (stream), { headers: { 'content-type': 'application/zip' } }).blob();
  // Chromium finds out about room later than it gives a blob: one without its bytes fails when it is read.
  if ((await blob.slice(-1).arrayBuffer()).byteLength !== 1) throw new Error(`nothing of ${blob.size} bytes`);
  return blob;
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), SAVED_AFTER_MS);
}
