import { lookUp } from '../messages/index.js';
import { t } from '../messages/words.js';
import { MatteboxError } from '../shared/errors.js';
import { part, setText, showButtons } from './dom.js';
import { drawing, element } from './element.js';
import { failure } from './failure.js';
import { WordsPictures } from './words-pictures.js';
import { WordsQuestion } from './words-question.js';
import { isOnItsWay, WordsProgress } from './words-progress.js';
import { cannotWords } from './words-words.js';

/**
 * @typedef {object} Offer what makes pictures, and what it takes on this device
 * @property {string} id
 * @property {string} title
 * @property {{ spdx: string, title: string, isRestricted: boolean, url: string | null }} licence `isRestricted`: it forbids some use; `url` of its text, on this
 *   site, where it was installed with the model
 * @property {boolean} canStart whether pictures can begin with another one
 * @property {number} bytes that are still to come
 * @property {{ role: string, bytes: number, have: number, isStored: boolean }[]} parts
 * @property {{ code: string, detail: Record<string, unknown> } | null} why it cannot run here
 *
 * @typedef {{ image: Blob, id: number, origin: import('../finish/choices.js').Origin, isCut?: boolean }} Picture `isCut`: its words
 *   were longer than the model reads
 * @typedef {{ stage: 'downloading', part: string, loaded: number, total: number } | { stage: 'preparing', part: string }
 *   | { stage: 'running', part: string, step: number, of: number }} Progress
 *
 * @typedef {object} Shown
 * @property {'idle' | 'looking' | 'asking' | 'making'} phase
 * @property {Offer} offer
 * @property {string} prompt
 * @property {boolean} isStarting pictures are to begin with a photo's own background
 * @property {boolean} isStartless there is none yet
 * @property {{ seeds: readonly number[] } | null} wish
 * @property {number} done
 * @property {Progress | null} progress
 * @property {readonly Picture[]} pictures
 * @property {unknown} trouble
 * @property {Picture | null} chosen the one that is the background
 *
 * @typedef {object} Actions
 * @property {(prompt: string) => void} onWrite
 * @property {(isStarting: boolean) => void} onStart
 * @property {() => void} onMake
 * @property {() => void} onMore
 * @property {() => void} onStop
 * @property {() => void} onAccept the download, and the licence where that is a question
 * @property {() => void} onDecline
 * @property {(picture: Picture) => void} onChoose
 */

/** "Made from words" among the backgrounds: its chip, and what stands below the chips while it is chosen. */
export class WordsPanel {
  #radio = element('input', { class: 'chip-radio', type: 'radio', name: 'background', value: 'words' });
  chip = element('label', { class: 'chip chip-words' }, this.#radio, element('span', { 'class': 'well well-image', 'aria-hidden': 'true' }, sparks()), t('background.words'));
  #prompt = element('textarea', { 'class': 'words-prompt', 'id': 'words-prompt', 'rows': 2, 'maxlength': 2000, 'dir': 'auto', 'lang': 'en', 'spellcheck': 'true', 'aria-describedby': 'words-hint', 'enterkeyhint': 'done' });
  #empty = element('p', { class: 'words-empty', role: 'alert', hidden: true }, t('words.prompt.empty'));
  #make = element('button', { 'class': 'button primary', 'type': 'button', 'data-part': 'words-make' }, t('words.make'));
  #more = element('button', { 'class': 'button', 'type': 'button', 'data-part': 'words-more' }, t('words.more'));
  #stop = element('button', { 'class': 'button', 'type': 'button', 'data-part': 'words-stop' }, t('words.stop'));
  #tick = element('input', { 'type': 'checkbox', 'aria-describedby': 'words-start', 'data-part': 'words-start' });
  #start = element('div', { class: 'words-start tick-more', hidden: true }, element('label', { class: 'tick' }, this.#tick, t('words.start')), element('p', { class: 'finish-hint', id: 'words-start' }, t('words.start.hint')));
  #startless = element('p', { class: 'words-empty', role: 'alert', hidden: true }, t('words.start.none'));
  #way = new WordsProgress();
  #note = element('p', { class: 'finish-hint' });
  #cannot = element('div', { 'class': 'words-cannot', 'data-part': 'words-cannot', 'hidden': true });
  #trouble = element('div', { hidden: true });
  #question;
  #pictures;
  #body;
  root;
  /** @type {Shown | null} */
  #shown = null;
  #setting;

  /**
   * @param {readonly { id: string, prompt: string }[]} examples
   * @param {{ isKept: boolean, isSecure: boolean, isAccepted: (offer: Offer) => boolean }} setting
   * @param {Actions} actions
   */
  constructor(examples, setting, actions) {
    this.#setting = setting;
    this.#question = new WordsQuestion({
      onAccept: () => {
        actions.onAccept();
        this.#stop.focus();
      },
      onDecline: () => {
        actions.onDecline();
        this.#make.focus();
      },
    });
    this.#pictures = new WordsPictures(actions.onChoose);
    const chips = element('div', { class: 'words-examples', role: 'group', 'aria-label': t('words.examples') }, ...examples.map(({ id, prompt }) => {
      const chip = element('button', { 'class': 'words-example', 'type': 'button', 'title': prompt, 'data-example': id }, lookUp(`words.example.${id}`));
      chip.addEventListener('click', () => this.#write(prompt, actions));
      return chip;
    }));
    this.#body = element('div', { class: 'words-body' },
      element('label', { class: 'finish-label', for: 'words-prompt' }, t('words.prompt')), this.#prompt, this.#empty,
      element('p', { class: 'finish-hint', id: 'words-hint' }, t('words.prompt.hint')), chips, this.#start, this.#startless,
      element('div', { class: 'finish-controls' }, this.#make, this.#more, this.#stop), this.#question.root, this.#way.root, this.#trouble);
    this.root = element('div', { 'class': 'finish-row words', 'role': 'group', 'aria-label': t('background.words'), 'data-when': 'background=words format!=matte' }, this.#cannot, this.#body, this.#pictures.root, this.#note);
    this.#listen(actions);
  }

  /** @param {Actions} actions */
  #listen({ onWrite, onStart, onMake, onMore, onStop }) {
    const make = () => {
      const isEmpty = this.#prompt.value.trim() === '';
      this.#empty.hidden = !isEmpty;
      if (isEmpty) this.#prompt.focus();
      else onMake();
    };
    this.#prompt.addEventListener('input', () => {
      this.#empty.hidden = true;
      onWrite(this.#prompt.value);
    });
    this.#prompt.addEventListener('keydown', (event) => {
      // Of a keyboard for Japanese or Chinese, Enter may only end a word.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      make();
    });
    this.#tick.addEventListener('change', () => onStart(this.#tick.checked));
    this.#make.addEventListener('click', make);
    this.#more.addEventListener('click', onMore);
    this.#stop.addEventListener('click', onStop);
  }

  /** @param {string} prompt @param {Actions} actions */
  #write(prompt, { onWrite }) {
    this.#prompt.value = prompt;
    this.#empty.hidden = true;
    onWrite(prompt);
  }

  focus() {
    this.#prompt.focus();
  }

  /** @param {Shown} shown */
  show(shown) {
    const before = this.#shown;
    this.#shown = shown;
    const { phase, offer, pictures, chosen, prompt } = shown;
    if (this.#prompt.value !== prompt) this.#prompt.value = prompt;
    this.#tick.checked = shown.isStarting;
    this.#start.hidden = !offer.canStart;
    this.#startless.hidden = !shown.isStartless;
    this.#showCannot(offer);
    const isFree = phase === 'idle';
    showButtons([this.#make, this.#more, this.#stop], [...(isFree ? ['words-make'] : []), ...(isFree && pictures.length > 0 ? ['words-more'] : []), ...(isOnItsWay(shown) ? ['words-stop'] : [])]);
    if (phase !== 'asking') this.#question.close();
    else if (before?.phase !== 'asking') this.#question.ask(offer, { isKept: this.#setting.isKept, isAccepted: this.#setting.isAccepted(offer) });
    this.#way.show(shown);
    this.#showTrouble(shown.trouble, before?.trouble ?? null);
    this.#pictures.show(pictures, chosen);
    setText(this.#note, pictures.some(({ isCut }) => isCut) ? t('words.cut') : '');
  }

  /** @param {Offer} offer what can be mended leaves the words where they are */
  #showCannot({ why }) {
    this.#cannot.hidden = why === null;
    this.#body.hidden = why !== null && why.code !== 'storage-full';
    if (!why) return;
    const { what, advice } = cannotWords(why, this.#setting.isSecure);
    this.#cannot.replaceChildren(element('p', {}, what), element('p', { class: 'finish-hint' }, advice));
  }

  /** @param {unknown} trouble @param {unknown} before */
  #showTrouble(trouble, before) {
    this.#trouble.hidden = trouble === null;
    if (trouble === null) this.#trouble.replaceChildren();
    else if (trouble !== before) this.#trouble.replaceChildren(element('p', {}, t('words.failed')), failed(trouble));
  }
}

/** @param {unknown} trouble */
function failed(trouble) {
  const told = failure(trouble);
  // The page's own advice is about photos.
  if (MatteboxError.from(trouble).code === 'out-of-memory') setText(part(told, 'advice', HTMLElement), t('words.failed.memory'));
  return told;
}

/** A picture that comes of nothing but words. */
const sparks = () => drawing('svg', { class: 'icon', focusable: 'false', viewBox: '0 0 20 20' }, drawing('path', { d: 'M8 4l1.400 3.600L13 9l-3.600 1.400L8 14l-1.400-3.600L3 9l3.600-1.400zM15 12l.8 2.200L18 15l-2.200.8L15 18l-.8-2.200L12 15l2.200-.8z' }));
