import { t } from '../messages/work.js';
import { armDragOut } from './drag-out.js';

/** @typedef {{ blob: Blob, name: string, folder: string, modified: number, format: string | null }} Offered the file, its name, the folder that its photo was dropped in, when that
 * was changed last (ms since the epoch, or 0), and what the file is: "PNG", or null for a matte */
/**
 * Whether the file is as it is wanted: `pending` until it will be, `earlier` when it could not be made so.
 * @typedef {'current' | 'pending' | 'earlier'} Standing
 */

/**
 * The way to a photo's file.
 *
 * Invariant: what is not as it is wanted has no link, which could be opened in a tab or saved from a menu: in its place stands a
 * button that waits. What could not be made as wanted is offered by the name of what it is.
 */
export class JobDownload {
  #link;
  #buttons;
  /** @type {Standing} */
  #standing = 'current';
  /** With its object URL. @type {Offered & { url: string } | null} */
  #file = null;
  /** @type {((file: Offered | null) => void)[]} */
  #waiting = [];
  /** Of those who wait, one wants it saved. */
  #isToBeSaved = false;

  /**
   * @param {HTMLAnchorElement} link
   * @param {import('./job-buttons.js').JobButtons} buttons
   */
  constructor(link, buttons) {
    this.#link = link;
    armDragOut(link, () => this.#file);
    this.#buttons = buttons;
  }

  /** @returns {'download' | 'prepare'} the button to show */
  get button() {
    return this.#standing === 'pending' ? 'prepare' : 'download';
  }

  /** @returns {boolean} somebody waits for the file */
  get isAwaited() {
    return this.#waiting.length > 0;
  }

  /** @param {Offered | null} file in the place of the one before; null for none any more */
  offer(file) {
    if (this.#file) URL.revokeObjectURL(this.#file.url);
    this.#file = file && { ...file, url: URL.createObjectURL(file.blob) };
    this.#show();
  }

  /** @param {string} name of the file that there is, from now on */
  rename(name) {
    if (this.#file) this.#file = { ...this.#file, name };
    this.#show();
  }

  /** @param {Standing} standing */
  stand(standing) {
    this.#standing = standing;
    this.#show();
    if (standing === 'current') this.#answer(true);
    if (standing === 'earlier') this.#answer(false);
  }

  /** @returns {Promise<Offered | null>} the file once it is as it is wanted; null where it could not be made so, or is gone */
  wanted() {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.stand(this.#standing);
    });
  }

  /**
   * Saves the file once it is as it is wanted.
   * @returns {Promise<boolean>} whether it was saved
   */
  async save() {
    this.#isToBeSaved = true;
    return (await this.wanted()) !== null;
  }

  /** Nobody needs to wait any more, and the file is gone. */
  release() {
    this.#answer(false);
    this.offer(null);
  }

  /** @param {boolean} isCurrent */
  #answer(isCurrent) {
    if (!this.isAwaited) return;
    const answers = this.#waiting.splice(0);
    if (isCurrent && this.#isToBeSaved) this.#link.click();
    this.#isToBeSaved = false;
    this.#show();
    for (const answer of answers) answer(isCurrent ? this.#file : null);
  }

  #show() {
    const isPending = this.#standing === 'pending';
    if (isPending || !this.#file) {
      this.#link.removeAttribute('href');
    } else if (this.#link.getAttribute('href') !== this.#file.url || this.#link.download !== this.#file.name) {
      this.#link.href = this.#file.url;
      this.#link.download = this.#file.name;
    }
    this.#buttons.label('download', this.#standing === 'earlier' ? earlier(this.#file?.format ?? null) : t('job.download'));
    this.#buttons.label('prepare', t(this.isAwaited ? 'job.preparing-file' : 'job.download'));
    this.#buttons.disable('prepare', this.isAwaited);
  }
}

/** @param {string | null} format null for a matte */
const earlier = (format) => (format === null ? t('job.download.earlier-matte') : t('job.download.earlier', { format }));
