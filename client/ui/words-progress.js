import { t } from '../messages/words.js';
import { part, setText } from './dom.js';
import { element } from './element.js';
import { makingShare, makingWords } from './words-words.js';

/** @typedef {Pick<import('./words-panel.js').Shown, 'phase' | 'progress' | 'done' | 'wish'>} Way */

/** @param {Way} way @returns {boolean} whether pictures are on their way */
export const isOnItsWay = ({ phase }) => phase === 'looking' || phase === 'making';

/** How far pictures are: a line and a bar. */
export class WordsProgress {
  #bar = element('div', { 'class': 'bar words-bar', 'role': 'progressbar', 'aria-label': t('background.words'), 'data-part': 'bar' }, element('span', { 'class': 'bar-fill', 'data-part': 'fill' }));
  #line = element('p', { class: 'words-line' });
  root = element('div', { class: 'words-way', hidden: true }, this.#line, this.#bar);

  /** @param {Way} way */
  show(way) {
    this.root.hidden = !isOnItsWay(way);
    if (this.root.hidden) return;
    const { progress, done, wish } = way;
    const words = makingWords(progress, done + 1, wish?.seeds.length ?? 0);
    setText(this.#line, words);
    const share = makingShare(progress);
    this.#bar.toggleAttribute('data-sweep', share === null);
    this.#bar.setAttribute('aria-valuetext', words);
    if (share === null) this.#bar.removeAttribute('aria-valuenow');
    else this.#bar.setAttribute('aria-valuenow', String(Math.round(share * 100)));
    part(this.#bar, 'fill', HTMLElement).style.setProperty('transform', share === null ? '' : `scaleX(${share.toFixed(4)})`);
  }
}

/** The same above the photos, with a way to stop, while the panel shows something else or is out of sight. */
export class WordsElsewhere {
  #progress = new WordsProgress();
  #root = element('div', { 'class': 'words-elsewhere', 'role': 'group', 'aria-label': t('background.words'), 'data-part': 'words-elsewhere', 'hidden': true });
  #isSeen = true;
  #isWorking = false;

  /**
   * @param {HTMLElement} row of the panel, which says the same
   * @param {HTMLElement} below what it stands above
   * @param {() => void} onStop
   */
  constructor(row, below, onStop) {
    const stop = element('button', { 'class': 'button', 'type': 'button', 'data-part': 'words-stop-elsewhere' }, t('words.stop'));
    stop.addEventListener('click', () => {
      onStop();
      // The button is gone.
      document.getElementById('photos-title')?.focus();
    });
    this.#root.append(element('strong', {}, t('background.words')), this.#progress.root, stop);
    below.before(this.#root);
    new IntersectionObserver((entries) => {
      this.#isSeen = entries[entries.length - 1].isIntersecting;
      this.#update();
    }).observe(row);
  }

  /** @param {Way} way */
  show(way) {
    this.#isWorking = isOnItsWay(way);
    this.#progress.show(way);
    this.#update();
  }

  #update() {
    this.#root.hidden = this.#isSeen || !this.#isWorking;
  }
}
