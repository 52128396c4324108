import { uniqueName } from '../finish/file-names.js';
import { withWords } from '../messages/index.js';
import { t } from '../messages/later.js';
import { part, setText } from './dom.js';
import { save } from './save.js';

/** @typedef {import('./job-download.js').Offered} Offered */
/** @typedef {{ path: string, blob: Blob, modified: number }} Ready a file on its way out: its name, with the folders that it goes into, and when its photo was changed last */
/**
 * @typedef {object} Hooks
 * @property {(id: string) => Promise<Offered | null> | null} take the file of a photo once it is as it is wanted; null where the photo is gone
 * @property {(id: string, file: Offered) => Promise<{ name: string, blob: Blob } | null>} beside what goes out beside it
 * @property {(id: string) => string} path by which its file will go out, as far as it is known now
 * @property {(words: string) => void} onSay to be heard
 * @property {(count: number) => void} onUnsaved so many could not be finished as they are wanted, and were left
 * @property {(ids: string[]) => void} onSaved the files of these have gone out
 * @property {(what: 'zip' | 'folder') => void} onFail the ZIP could not be made, or the folder not be written
 */

/** A ZIP knows no time before 1980 (APPNOTE 4.4.6). */
const EARLIEST = Date.UTC(1980, 0, 2);

/** @param {Pick<Offered, 'folder' | 'name'>} file */
export const pathOf = ({ folder, name }) => (folder ? `${folder}/${name}` : name);

/** All files, as one ZIP or in a folder, written while they are made: no file needs to be there before its turn, or after it. */
export class DownloadAll {
  #button = part(document, 'download-all', HTMLButtonElement);
  #folder = part(document, 'save-folder', HTMLButtonElement);
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
    this.#button.addEventListener('click', () => (this.#stop ? this.#stop.abort() : void this.#save('zip')));
    this.#folder.addEventListener('click', () => void this.#save('folder'));
  }

  /** @param {string[]} ids of the photos that are done @param {boolean} [isAll] no other photo is being worked on */
  show(ids, isAll = this.#isAll) {
    this.#ids = ids;
    this.#isAll = isAll;
    this.#button.classList.toggle('primary', isAll);
    this.#button.hidden = ids.length < 2 && !this.#stop;
    this.#folder.hidden = ids.length < 2 || this.#stop !== null || !('showDirectoryPicker' in window);
    setText(this.#button, this.#stop ? t('zip.stop', this.#count) : t('jobs.download', { total: ids.length }));
  }

  /** @param {'zip' | 'folder'} where */
  async #save(where) {
    const { onUnsaved, onSaved, onFail } = this.#hooks;
    const stop = new AbortController();
    this.#stop = stop;
    this.#count = { done: 0, total: this.#ids.length };
    this.show(this.#ids);
    const left = { unsaved: 0, saved: /** @type {string[]} */ ([]) };
    try {
      const isTaken = where === 'zip' ? await this.#saveZip(stop.signal, left) : await this.#saveFolder(stop.signal, left);
      if (isTaken) {
        onSaved(left.saved);
        onUnsaved(left.unsaved);
      }
    } catch {
      if (!stop.signal.aborted) onFail(where);
    }
    this.#stop = null;
    this.show(this.#ids);
  }

  /** @param {AbortSignal} signal @param {{ unsaved: number, saved: string[] }} left */
  async #saveZip(signal, left) {
    this.#hooks.onSay(t('jobs.will-save', { count: this.#ids.length }));
    const { makeZip } = await import('../vendor/client-zip/index.js');
    const zip = await whole(makeZip(zipped(this.#files(this.#ids, signal, left))));
    if (left.saved.length > 0) save(zip, `mattebox-${new Date().toLocaleDateString('sv')}.zip`);
    return true;
  }

  /**
   * The folder is asked for first: only a press that just happened lets a page ask.
   * @param {AbortSignal} signal
   * @param {{ unsaved: number, saved: string[] }} left
   */
  async #saveFolder(signal, left) {
    const choosing = /** @type {import('./save-folder.js').Picker} */ (/** @type {unknown} */ (window)).showDirectoryPicker({ id: 'cutouts', mode: 'readwrite' });
    // Told by whoever awaits it.
    choosing.catch(() => {});
    const { saveToFolder } = await withWords(import('./save-folder.js'));
    const expected = this.#ids.map((id) => this.#hooks.path(id));
    return saveToFolder(choosing, { expected, files: () => this.#files(this.#ids, signal, left), signal, onSay: (words) => this.#hooks.onSay(words) });
  }

  /**
   * @param {string[]} ids
   * @param {AbortSignal} signal
   * @param {{ unsaved: number, saved: string[] }} left counted on the way
   * @returns {AsyncGenerator<Ready>}
   */
  async* #files(ids, signal, left) {
    /** @type {Set<string>} */
    const taken = new Set();
    for (const id of ids) {
      const taking = this.#hooks.take(id);
      const file = taking && (await orAborted(taking, signal));
      this.#count = { ...this.#count, done: this.#count.done + 1 };
      this.show(this.#ids);
      if (taking && !file) left.unsaved += 1;
      if (!file) continue;
      left.saved.push(id);
      yield { path: uniqueName(pathOf(file), taken), blob: file.blob, modified: file.modified || Date.now() };
      const beside = await orAborted(this.#hooks.beside(id, file), signal);
      if (beside) yield { path: uniqueName(pathOf({ ...file, ...beside }), taken), blob: beside.blob, modified: Date.now() };
    }
  }
}

/** @param {AsyncIterable<Ready>} files */
async function* zipped(files) {
  for await (const { path, blob, modified } of files) yield { name: path, input: blob, lastModified: new Date(Math.max(EARLIEST, modified)) };
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
