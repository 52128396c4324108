import { part, setText } from './dom.js';
import { ACCEPT, isPhotoName } from './photo-names.js';

/** @typedef {{ kind: 'files', files: File[] } | { kind: 'no-pictures' | 'empty-folder' }} Drop */

/** Choose, drop anywhere in the window, or paste. */
export class DropZone {
  #input = part(document, 'files', HTMLInputElement);
  #offer = part(document, 'offer', HTMLElement);
  #curtain = part(document, 'curtain', HTMLElement);
  #onDrop;
  /** A link or text of this page is being dragged: nothing to drop here. */
  #isOwnDrag = false;

  /** @param {(drop: Drop) => void} onDrop */
  constructor(onDrop) {
    this.#onDrop = onDrop;
    this.#input.accept = ACCEPT;
    this.#input.addEventListener('change', () => this.#takeChosen());
    // The page shows before its scripts have run: a photo may have been chosen by then. The owner is not fully made yet.
    queueMicrotask(() => this.#takeChosen());
    document.addEventListener('paste', (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) onDrop({ kind: 'files', files });
    });
    document.addEventListener('dragstart', () => { this.#isOwnDrag = true; });
    document.addEventListener('dragend', () => { this.#isOwnDrag = false; });
    document.addEventListener('dragover', (event) => this.#hover(event));
    document.addEventListener('dragleave', (event) => {
      // Null when the pointer leaves the window rather than one element for another.
      if (!event.relatedTarget) this.#curtain.hidden = true;
    });
    document.addEventListener('drop', (event) => void this.#receive(event));
  }

  /**
   * @param {string} line what a first run downloads
   * @param {string} [exact] the same to the byte
   */
  showOffer(line, exact = '') {
    setText(this.#offer, line);
    this.#offer.title = exact;
  }

  focus() {
    this.#input.focus();
  }

  #takeChosen() {
    const files = [...(this.#input.files ?? [])];
    // So that the same photo can be chosen again.
    this.#input.value = '';
    if (files.length > 0) this.#onDrop({ kind: 'files', files });
  }

  /** @param {DragEvent} event */
  #hover(event) {
    if (this.#isOwnDrag) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    this.#curtain.hidden = !event.dataTransfer?.types.includes('Files');
  }

  /** @param {DragEvent} event */
  async #receive(event) {
    if (this.#isOwnDrag) return;
    // Without this the browser leaves the page and shows the file.
    event.preventDefault();
    this.#curtain.hidden = true;
    const { files, hadFolder } = await droppedFiles(event.dataTransfer);
    if (files.length > 0) this.#onDrop({ kind: 'files', files });
    else this.#onDrop({ kind: hadFolder ? 'empty-folder' : 'no-pictures' });
  }
}

/**
 * @param {DataTransfer | null} transfer readable only until the first await
 * @returns {Promise<{ files: File[], hadFolder: boolean }>}
 */
async function droppedFiles(transfer) {
  const dropped = [...(transfer?.items ?? [])]
    .filter(({ kind }) => kind === 'file')
    .map((item) => ({ folder: folderOf(item), file: item.getAsFile() }));
  const lists = await Promise.all(dropped.map(({ folder, file }) => {
    if (folder) return picturesIn(folder);
    return file ? [file] : [];
  }));
  return { files: lists.flat(), hadFolder: dropped.some(({ folder }) => folder) };
}

/** @param {DataTransferItem} item */
function folderOf(item) {
  const entry = item.webkitGetAsEntry();
  return entry?.isDirectory ? /** @type {FileSystemDirectoryEntry} */ (entry) : null;
}

/**
 * @param {FileSystemDirectoryEntry} folder
 * @returns {Promise<File[]>} the pictures in it and below, by name
 */
async function picturesIn(folder) {
  const entries = await entriesOf(folder);
  const lists = await Promise.all(entries.map((entry) => {
    if (entry.isDirectory) return picturesIn(/** @type {FileSystemDirectoryEntry} */ (entry));
    return fileOf(/** @type {FileSystemFileEntry} */ (entry)).then((file) => [file]);
  }));
  return lists
    .flat()
    .filter((file) => isPhotoName(file.name) ?? file.type.startsWith('image/'))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** @param {FileSystemFileEntry} entry @returns {Promise<File>} */
const fileOf = (entry) => new Promise((resolve, reject) => { entry.file(resolve, reject); });

/**
 * A reader hands out a limited number of entries per call (100 in Chromium), none when it is done.
 * @param {FileSystemDirectoryEntry} folder
 * @returns {Promise<FileSystemEntry[]>}
 */
async function entriesOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    const some = await /** @type {Promise<FileSystemEntry[]>} */ (new Promise((resolve, reject) => { reader.readEntries(resolve, reject); }));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
