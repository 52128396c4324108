import { part, setText } from './dom.js';
import { ACCEPT, isSystemFile } from './photo-names.js';
import { withWords } from '../messages/index.js';

/**
 * @typedef {object} Arrival
 * @property {File[]} files
 * @property {Map<File, string>} [folders] of those that were in dropped ones: "album/below"
 * @property {string[]} [unread] names of what could not be read; empty ones where there is none
 * @property {string[]} [leftOut] names of files that are no photos that can be opened here
 * @property {boolean} [isCut] a folder holds more than was looked at
 * @property {'no-pictures' | 'empty-folder' | 'address' | 'text' | 'empty-clipboard'} [lacking] why there are no files
 */

/** Inputs that text is pasted into. */
const TEXT_FIELD = 'textarea, input:not([type=file], [type=radio], [type=checkbox], [type=range], [type=color], [type=button]), [contenteditable]';

/** Choose, drop anywhere in the window, or paste. */
export class DropZone {
  #input = part(document, 'files', HTMLInputElement);
  #offer = part(document, 'offer', HTMLElement);
  #curtain = part(document, 'curtain', HTMLElement);
  #onArrival;
  /** A link or text of this page is being dragged: nothing to drop here. */
  #isOwnDrag = false;

  /** @param {(arrival: Arrival) => void} onArrival */
  constructor(onArrival) {
    this.#onArrival = onArrival;
    this.#input.accept = ACCEPT;
    this.#input.addEventListener('change', () => this.#takeChosen());
    if (hasCamera()) withWords(import('./camera.js')).then(({ offerCamera }) => offerCamera(this.#input, (files) => this.#onArrival(arrivalOf(files)))).catch(() => {});
    // The page shows before its scripts have run: a photo may have been chosen by then. The owner is not fully made yet.
    queueMicrotask(() => this.#takeChosen());
    document.addEventListener('paste', (event) => void this.#paste(event));
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
    const chosen = [...(this.#input.files ?? [])];
    // So that the same photo can be chosen again.
    this.#input.value = '';
    if (chosen.length > 0) this.#onArrival(arrivalOf(chosen));
  }

  /** @param {ClipboardEvent} event */
  async #paste({ clipboardData, target }) {
    const pasted = [...(clipboardData?.files ?? [])];
    if (pasted.length > 0) {
      this.#onArrival(arrivalOf(pasted));
      return;
    }
    if (target instanceof Element && target.closest(TEXT_FIELD)) return;
    // Readable only until the first await.
    const [html, words] = ['text/html', 'text/plain'].map((type) => clipboardData?.getData(type).trim() ?? '');
    const { files, isOfPictures } = await within(html);
    const isAddress = isOfPictures || /^(?:https?|file|ftp|data|blob):\S+$/iu.test(words);
    const said = words || html ? 'text' : 'empty-clipboard';
    this.#onArrival(files.length > 0 ? { files } : { files, lacking: isAddress ? 'address' : said });
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
    const { dataTransfer } = event;
    const items = [...(dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file');
    const html = dataTransfer?.getData('text/html') ?? '';
    this.#onArrival(items.length > 0 ? await dropped(items) : arrivalOf((await within(html)).files));
  }
}

/** Where a browser opens a camera from an input, and the device is one that is held in the hand. */
const hasCamera = () => 'capture' in HTMLInputElement.prototype && matchMedia('(pointer: coarse) and (hover: none)').matches;

/** @param {File[]} files as they were chosen, one by one @returns {Arrival} */
function arrivalOf(files) {
  const photos = files.filter(({ name }) => !isSystemFile(name));
  return photos.length > 0 ? { files: photos } : { files: [], lacking: 'no-pictures' };
}

/**
 * @param {DataTransferItem[]} items readable only until the first await
 * @returns {Promise<Arrival>}
 */
async function dropped(items) {
  const things = items.map((item) => ({ entry: item.webkitGetAsEntry?.() ?? null, file: item.getAsFile() }));
  const folders = things.flatMap(({ entry }) => (entry?.isDirectory ? /** @type {FileSystemDirectoryEntry} */ (entry) : []));
  const loose = things.filter(({ entry }) => !entry?.isDirectory);
  const { files, lacking } = arrivalOf(loose.flatMap(({ file }) => file ?? []));
  const unread = loose.flatMap(({ entry, file }) => (file ? [] : entry?.name ?? ''));
  if (folders.length === 0) return { files, unread, lacking: unread.length > 0 ? undefined : lacking };
  const found = await inFolders(folders);
  const all = { ...found, files: [...files, ...found.files], unread: [...unread, ...found.unread] };
  return { ...all, lacking: all.files.length + all.unread.length > 0 ? undefined : 'empty-folder' };
}

/** @param {FileSystemDirectoryEntry[]} folders @returns {Promise<Arrival & { unread: string[] }>} */
async function inFolders(folders) {
  try {
    const { photosIn } = await import('./folders.js');
    return await photosIn(folders);
  } catch {
    // The server may be gone by now.
    return { files: [], unread: folders.map(({ name }) => name) };
  }
}

/** @param {string} html @returns {Promise<{ files: File[], isOfPictures: boolean }>} */
async function within(html) {
  const isOfPictures = /<img\b/iu.test(html);
  if (!isOfPictures) return { files: [], isOfPictures };
  try {
    const { picturesInHtml } = await import('./pictures-in-html.js');
    return picturesInHtml(html);
  } catch {
    return { files: [], isOfPictures };
  }
}
