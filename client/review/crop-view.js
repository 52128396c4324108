/**
 * Where an ID photo is cut out of its photo: the frame with the outline of a head, over all of the photo.
 *
 * @typedef {import('../shared/head-frame.js').Head} Head
 * @typedef {import('../shared/head-frame.js').Placing} Placing
 * @typedef {{ width: number, height: number }} Size in pixels
 *
 * @typedef {object} Opened photo
 * @property {Blob} image all of it, on its background
 * @property {Size} size
 * @property {string} ground CSS colour beyond it
 * @property {import('../finish/id-formats.js').IdFormat} format
 * @property {import('../shared/head-frame.js').Fit} fit of a head in it
 * @property {{ width: number, density: number }} print pixels across that its file has, and dots per inch
 * @property {Placing} suggested
 * @property {Head | null} head where a person placed it
 *
 * @typedef {object} Page
 * @property {(id: string, longest: number, signal: AbortSignal) => Promise<Opened | null>} open null where there is nothing to be placed
 * @property {(id: string, head: Head | null) => void} onPlace null: as it is suggested
 * @property {() => void} onClose
 */
import { sentences } from '../messages/format.js';
import { lookUp } from '../messages/index.js';
import { t } from '../messages/review.js';
import { frameAround, headIn, inParts, inPixels, lacks } from '../shared/head-frame.js';
import { setText } from '../ui/dom.js';
import { element } from '../ui/element.js';
import { told } from './crop.js';
import { CropStage } from './crop-stage.js';

/** How long a person may go on moving before it is read out. */
const SAY_AFTER_MS = 400;

export class CropView {
  #page;
  #heading = element('h2', { id: 'crop-title', class: 'large-name', translate: 'no' });
  #place = element('p', { class: 'large-place' });
  #words = element('p', { id: 'crop-words', class: 'crop-words' });
  #said = element('p', { class: 'visually-hidden', role: 'status' });
  #stage = new CropStage((frame) => this.#move(frame));
  #others = element('div', { class: 'large-group' }, this.#button(t('crop.previous'), '', () => this.#turn(-1)), this.#button(t('crop.next'), '', () => this.#turn(1)));
  #reset = this.#button(t('crop.reset'), '', () => this.#suggest());
  #dialog;
  #stop = new AbortController();
  /** @type {{ id: string, name: string }[]} */
  #photos = [];
  #at = 0;
  /** @type {Opened | null} */
  #opened = null;
  /** What a person chose since the photo was opened; undefined for nothing. @type {Head | null | undefined} */
  #chosen;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    const zoom = element('div', { class: 'large-group' }, this.#button(t('crop.smaller'), '', () => this.#stage.step(-1)), this.#button(t('crop.larger'), '', () => this.#stage.step(1)));
    this.#dialog = element('dialog', { 'class': 'window large crop', 'aria-labelledby': 'crop-title' },
      element('div', { class: 'large-bar' }, element('div', { class: 'large-title' }, this.#heading, this.#place), this.#others),
      this.#stage.element,
      element('div', { class: 'large-foot' }, element('div', { class: 'large-words' }, this.#words, this.#said),
        element('div', { class: 'large-actions' }, zoom, this.#reset, this.#button(t('crop.done'), 'primary', () => this.#dialog.close()))));
    document.body.append(this.#dialog);
    this.#dialog.addEventListener('close', () => this.#end());
  }

  /** @param {{ id: string, name: string }[]} photos that can be placed @param {number} at which of them is shown */
  open(photos, at) {
    if (photos.length === 0) return;
    this.#photos = photos;
    this.#others.hidden = photos.length < 2;
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#see(at);
    this.#stage.element.focus({ preventScroll: true });
  }

  /** @param {number} step around the end to the beginning */
  #turn(step) {
    this.#keep();
    this.#see((this.#at + step + this.#photos.length) % this.#photos.length);
  }

  /** @param {number} at */
  #see(at) {
    this.#at = at;
    this.#opened = null;
    const { name } = this.#photos[at];
    setText(this.#heading, name);
    setText(this.#place, t('crop.place', { number: at + 1, total: this.#photos.length }));
    setText(this.#words, t('crop.opening'));
    this.#stage.clear();
    void this.#load();
  }

  async #load() {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const { id, name } = this.#photos[this.#at];
    const opened = await this.#page.open(id, this.#stage.longest, signal).catch(() => 'failed');
    if (signal.aborted) return;
    this.#reset.disabled = true;
    if (opened === null || typeof opened === 'string') {
      setText(this.#words, t(opened === null ? 'crop.nothing' : 'crop.failed'));
      return;
    }
    this.#opened = opened;
    this.#stage.show(opened.image, opened.size, opened.ground, t('crop.photo', { name }));
    this.#stage.guide(opened.format, opened.fit);
    this.#put(opened.head ?? opened.suggested.head);
    this.#reset.disabled = opened.head === null;
  }

  /** @param {Head} head in parts of the photo */
  #put(head) {
    if (!this.#opened) return;
    const frame = frameAround(inPixels(head, this.#opened.size), this.#opened.fit);
    this.#stage.put(frame);
    setText(this.#words, this.#describe(frame));
  }

  /** @param {import('./crop.js').Box} frame */
  #move(frame) {
    if (!this.#opened) return;
    this.#chosen = inParts(headIn(frame, this.#opened.fit), this.#opened.size);
    this.#reset.disabled = false;
    setText(this.#words, this.#describe(frame));
    this.#sayLater();
  }

  #suggest() {
    if (!this.#opened) return;
    this.#chosen = null;
    this.#put(this.#opened.suggested.head);
    // The button is pressed once.
    this.#stage.element.focus({ preventScroll: true });
    this.#reset.disabled = true;
    this.#sayLater();
  }

  #sayLater() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => setText(this.#said, this.#words.textContent), SAY_AFTER_MS);
  }

  /** @param {import('./crop.js').Box} frame @returns {string} what comes of it in print */
  #describe(frame) {
    const { format, print, suggested, size } = /** @type {Opened} */ (this.#opened);
    const { tall, size: fits, top, aside } = told(frame, inPixels(suggested.head, size), format);
    const { dpi, isCoarse, ends } = lacks(frame, size, suggested.touches, print);
    const [least, most] = format.head.map((length) => Math.round(length * 10) / 10);
    const head = suggested.isFound ? [t(`crop.head.${fits}`, { tall, least, most }), t(aside === 0 ? 'crop.head.middle' : aside < 0 ? 'crop.head.left' : 'crop.head.right', { top, aside: Math.abs(aside) })] : [t('crop.head.unknown')];
    return sentences(...head, t(isCoarse ? 'crop.prints.coarsely' : 'crop.prints', { dpi, wanted: print.density }), ...ends.map((end) => lookUp(`note.photo-ends.${end}`)));
  }

  /** What was chosen of the photo that is seen holds. */
  #keep() {
    if (this.#chosen !== undefined) this.#page.onPlace(this.#photos[this.#at].id, this.#chosen);
    this.#chosen = undefined;
  }

  #end() {
    this.#stop.abort();
    clearTimeout(this.#timer);
    setText(this.#said, '');
    this.#stage.clear();
    this.#keep();
    this.#page.onClose();
  }

  /** @param {string} words @param {string} kind @param {() => void} act */
  #button(words, kind, act) {
    const button = element('button', { class: `button ${kind}`, type: 'button' }, words);
    button.addEventListener('click', act);
    return button;
  }
}
