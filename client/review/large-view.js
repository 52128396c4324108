/**
 * A result, large, over the page: one after the other, compared with the photo, and judged by a person.
 *
 * @typedef {import('../shared/protocol.js').Doubt} Doubt
 * @typedef {import('../ui/to-check.js').Mark} Mark
 * @typedef {{ width: number, height: number }} Size in pixels
 *
 * @typedef {object} Photo that is done
 * @property {string} id
 * @property {string} name
 * @property {Blob} picture what there is to show of it
 * @property {Size} size of its file, or of the picture where that is not known
 * @property {boolean} isCurrent the picture is all that there is to see
 * @property {Blob} original
 * @property {Size} originalSize
 * @property {boolean} isWhole the picture is no crop of the original
 * @property {string} facts about its file
 * @property {Mark} mark
 * @property {string[]} reasons for which it should be looked at
 * @property {boolean} isEmpty nothing was found in it
 *
 * @typedef {object} Page
 * @property {() => Photo[]} photos in the order in which they are seen
 * @property {(id: string, longest: number, signal: AbortSignal) => Promise<Blob | null>} larger picture of it, so many pixels across at most; null where there is none
 * @property {(id: string, tool: 'look' | undefined) => void} onTouchUp
 * @property {(id: string) => void} onDownload
 * @property {(id: string) => Promise<{ blob: Blob, name: string } | null>} file once it is as it is wanted
 * @property {(id: string, mark: Mark) => void} onMark
 * @property {(id: string) => void} onClose the photo that was seen last
 */
import { formatPercent, sentences } from '../messages/format.js';
import { t } from '../messages/review.js';
import { setText } from '../ui/dom.js';
import { element } from '../ui/element.js';
import { canCopy, canShare, copyPicture, shareFile } from '../ui/take-away.js';
import { LargeButtons } from './large-buttons.js';
import { commandOf, movesRange } from './keys.js';
import { Picture } from './picture.js';
import { shownOf } from './shown.js';

export class LargeView {
  #page;
  #id = '';
  #isOriginal = false;
  /** The original is beside it: so from photo to photo. */
  #isSplit = false;
  #stop = new AbortController();
  #heading = element('h2', { id: 'large-title', class: 'large-name', translate: 'no' });
  #place = element('p', { class: 'large-place' });
  #reasons = element('p', { class: 'large-reasons' });
  #said = element('p', { class: 'large-said', role: 'status' });
  #picture = new Picture({ onScale: (scale) => this.#showScale(scale), onSwipe: (step) => this.#turn(step) });
  #buttons = new LargeButtons((command) => this.#commands[command]());
  #dialog;
  /** The picture is larger than what it was opened with. */
  #isLarger = false;
  /** @type {Record<import('./large-buttons.js').Command | import('./keys.js').Command, () => void>} */
  #commands = {
    previous: () => this.#turn(-1),
    next: () => this.#turn(1),
    first: () => this.#goTo(0),
    last: () => this.#goTo(this.#photos.length - 1),
    'zoom-in': () => this.#picture.step(1),
    'zoom-out': () => this.#picture.step(-1),
    fit: () => this.#picture.fit(),
    toggle: () => this.#picture.toggle(),
    left: () => this.#picture.pan(1, 0),
    right: () => this.#picture.pan(-1, 0),
    up: () => this.#picture.pan(0, 1),
    down: () => this.#picture.pan(0, -1),
    original: () => this.#showOriginal(!this.#isOriginal),
    split: () => this.#showSplit(!this.#isSplit),
    'touch-up': () => this.#leaveFor((id) => this.#page.onTouchUp(id, undefined)),
    look: () => this.#leaveFor((id) => this.#page.onTouchUp(id, 'look')),
    download: () => this.#page.onDownload(this.#id),
    copy: () => { if (canCopy()) void this.#takeAway((file) => copyPicture(file.then(({ blob }) => blob)), t('review.copied')); },
    share: () => void this.#takeAway(async (file) => { const { blob, name } = await file; await shareFile(new File([blob], name, { type: blob.type })); }, ''),
    fine: () => this.#mark('fine'),
    check: () => this.#mark('check'),
    close: () => this.#dialog.close(),
  };

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    const { close, view, actions } = this.#buttons;
    this.#dialog = element('dialog', { 'class': 'window large', 'aria-labelledby': 'large-title' },
      element('div', { class: 'large-bar' }, close, element('div', { class: 'large-title' }, this.#heading, this.#place), view),
      this.#picture.element,
      element('div', { class: 'large-foot' }, element('div', { class: 'large-words' }, this.#reasons, this.#said), actions));
    document.body.append(this.#dialog);
    this.#dialog.addEventListener('keydown', (event) => this.#key(event));
    this.#dialog.addEventListener('close', () => this.#end());
    this.#buttons.offer({ copy: canCopy(), share: canShare() });
  }

  /** @param {string} id of a photo that is done; anything else opens nothing */
  open(id) {
    if (!this.#photos.some((photo) => photo.id === id)) return;
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#see(id);
    this.#picture.element.focus({ preventScroll: true });
  }

  /** Photos have become others. */
  follow() {
    if (!this.#dialog.open) return;
    if (this.#photo) this.#show(false);
    else if (this.#photos.length > 0) this.#goTo(0);
    else this.#dialog.close();
  }

  get #photos() {
    return this.#page.photos();
  }

  get #photo() {
    return this.#photos.find(({ id }) => id === this.#id);
  }

  /** @param {string} id */
  #see(id) {
    this.#id = id;
    this.#isOriginal = false;
    setText(this.#said, '');
    this.#show(true);
  }

  /** @param {-1 | 1} step around the end to the beginning */
  #turn(step) {
    const at = this.#photos.findIndex(({ id }) => id === this.#id);
    this.#goTo((at + step + this.#photos.length) % this.#photos.length);
  }

  /** @param {number} at */
  #goTo(at) {
    const next = this.#photos[at];
    if (next && next.id !== this.#id) this.#see(next.id);
  }

  /** @param {boolean} isOther another photo than before */
  #show(isOther) {
    const photos = this.#photos;
    const at = photos.findIndex(({ id }) => id === this.#id);
    const photo = photos[at];
    if (!photo) return;
    setText(this.#heading, photo.name);
    setText(this.#place, t('review.place', { number: at + 1, total: photos.length, facts: photo.facts }));
    this.#showMark(photo);
    this.#buttons.showPlace(photos.length > 1);
    this.#showPicture(photo, isOther);
  }

  /** @param {Photo} photo */
  #showMark({ mark, reasons, isEmpty }) {
    const isAsked = mark === 'check' || (mark === '' && reasons.length > 0);
    this.#buttons.showMark(mark, isAsked);
    this.#buttons.offer({ look: isEmpty });
    setText(this.#reasons, mark === 'fine' ? '' : reasons.length > 0 ? t('review.reasons', { reasons: sentences(...reasons) }) : mark === 'check' ? t('review.marked') : '');
  }

  /** @param {Photo} photo @param {boolean} isOther */
  #showPicture(photo, isOther) {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#isLarger = false;
    this.#buttons.press({ original: this.#isOriginal, split: this.#isSplit && !this.#isOriginal });
    this.#buttons.offer({ split: photo.isWhole });
    this.#picture.showPlain(this.#isOriginal);
    this.#picture.show(shownOf(photo, this.#look), isOther);
    if (!this.#isOriginal) void this.#showLarger(photo);
  }

  /** What there is at first has the size of a card. @param {Photo} photo */
  async #showLarger(photo) {
    if (photo.isCurrent || this.#isLarger) return;
    this.#isLarger = true;
    const { signal } = this.#stop;
    const image = await this.#page.larger(photo.id, this.#picture.longest, signal).catch(() => null);
    if (image && !signal.aborted) this.#picture.show(shownOf(photo, this.#look, image), false);
  }

  /** @param {boolean} isOriginal */
  #showOriginal(isOriginal) {
    this.#isOriginal = isOriginal;
    this.#show(false);
  }

  /** @param {boolean} isSplit */
  #showSplit(isSplit) {
    if (!this.#photo?.isWhole) return;
    this.#isSplit = isSplit;
    this.#showOriginal(false);
  }

  get #look() { return { isOriginal: this.#isOriginal, isSplit: this.#isSplit }; }

  /** @param {number} scale */
  #showScale(scale) {
    this.#buttons.showScale(formatPercent(scale));
  }

  /** @param {'fine' | 'check'} mark pressed once more, it is taken back */
  #mark(mark) {
    this.#page.onMark(this.#id, this.#photo?.mark === mark ? '' : mark);
    if (this.#photo) this.#showMark(this.#photo);
  }

  /**
   * @param {(file: Promise<{ blob: Blob, name: string }>) => Promise<unknown>} take
   * @param {string} words once it is done
   */
  async #takeAway(take, words) {
    const id = this.#id;
    try {
      await take(this.#page.file(id).then((file) => file ?? Promise.reject(new Error(id))));
      if (id === this.#id) setText(this.#said, words);
    } catch {
      if (id === this.#id) setText(this.#said, t('review.not-taken'));
    }
  }

  /** @param {(id: string) => void} act behind it */
  #leaveFor(act) {
    const id = this.#id;
    this.#dialog.close();
    act(id);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isButton = event.target instanceof HTMLButtonElement;
    // A button's own keys are its own, and so are those of the line between original and result.
    if (isButton && ['Enter', ' '].includes(event.key)) return;
    if (event.target instanceof HTMLInputElement && movesRange(event)) return;
    const command = commandOf(event, document.documentElement.dir === 'rtl');
    if (!command) return;
    event.preventDefault();
    this.#commands[command]();
  }

  #end() {
    const id = this.#id;
    this.#stop.abort();
    this.#picture.clear();
    this.#id = '';
    this.#page.onClose(id);
  }
}
