/**
 * A photo's finished file as it is offered: by what name, and what else is told of it.
 *
 * @typedef {import('./job-download.js').Offered} Offered
 * @typedef {{ width: number, height: number }} Size in pixels
 * @typedef {{ type: string, isMatte: boolean }} Wanted what files are to be
 */
import { fileName, safeFolder } from '../finish/file-names.js';
import { formatName } from '../shared/file-types.js';

export class OfferedFile {
  #photo;
  #folder;
  #download;
  #pattern;
  #place = { number: 1, total: 1 };
  /** @type {Size | null} */
  #size = null;
  /** @type {import('./result-words.js').Made | null} */
  #file = null;

  /**
   * @param {{ name: string, folder: string, modified: number }} photo
   * @param {string} pattern of files' names
   * @param {Pick<import('./job-download.js').JobDownload, 'offer' | 'rename'>} download
   */
  constructor({ name, folder, modified }, pattern, download) {
    this.#photo = { name, modified };
    this.#folder = safeFolder(folder);
    this.#pattern = pattern;
    this.#download = download;
  }

  /** @param {import('./result-words.js').Made | null} file @param {Size | null} size that it has, or will have as far as that is known */
  take(file, size) {
    this.#size = size;
    const isOther = file?.blob !== this.#file?.blob;
    this.#file = file;
    if (!isOther) return;
    this.#download.offer(file && { blob: file.blob, name: this.#nameOf(file), folder: this.#folder, modified: this.#photo.modified, format: file.isMatte ? null : formatName(file.blob.type) });
  }

  /** @param {number} number of the photo in the list, from 1 @param {number} total of photos in the list */
  place(number, total) {
    if (number === this.#place.number && total === this.#place.total) return;
    this.#place = { number, total };
    this.#rename();
  }

  /** @param {string} pattern of files' names, from now on */
  call(pattern) {
    if (pattern === this.#pattern) return;
    this.#pattern = pattern;
    this.#rename();
  }

  /** @param {Wanted} wanted @param {string} [pattern] another one @returns {Pick<Offered, 'folder' | 'name'>} before it is made */
  expected({ type, isMatte }, pattern) {
    return { folder: this.#folder, name: this.#name({ size: this.#size, type, isMatte }, pattern) };
  }

  #rename() {
    if (this.#file) this.#download.rename(this.#nameOf(this.#file));
  }

  /** @param {import('./result-words.js').Made} file */
  #nameOf({ blob, size, isMatte }) {
    return this.#name({ size, isMatte, type: blob.type });
  }

  /** @param {Wanted & { size: Size | null }} file @param {string} [pattern] */
  #name({ size, type, isMatte }, pattern = this.#pattern) {
    return fileName(pattern, { ...this.#photo, ...this.#place, size, type, content: isMatte ? 'matte' : 'cutout' });
  }
}
