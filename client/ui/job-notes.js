import { sentences } from '../messages/format.js';
import { withWords } from '../messages/index.js';
import { t } from '../messages/work.js';
import { part, setText } from './dom.js';
import { element } from './element.js';

/** What each list is to show. @type {WeakMap<HTMLElement, import('../shared/protocol.js').Note[]>} */
const wanted = new WeakMap();

/**
 * What a photo's owner would want to know of it, below its state. The words for it are loaded where there is something to say.
 * @param {HTMLElement} list
 * @param {import('../shared/protocol.js').Note[]} notes
 */
export function showNotes(list, notes) {
  wanted.set(list, notes);
  const put = (/** @type {string[]} */ words) => {
    // Others may have come meanwhile.
    if (wanted.get(list) !== notes) return;
    list.hidden = words.length === 0;
    list.replaceChildren(...words.map((one, i) => element('li', { 'data-note': notes[i].code }, one)));
  };
  if (notes.length === 0) put([]);
  else withWords(import('./note-words.js')).then(({ noteWords }) => put(notes.map(noteWords)), () => put([]));
}

/**
 * That a photo is to be checked, and why.
 * @param {HTMLElement} card
 * @param {string[] | null} reasons none where a person wants to check it; null where nobody has to
 */
export function showCheck(card, reasons) {
  const line = part(card, 'check', HTMLElement);
  line.hidden = reasons === null;
  if (reasons) setText(line, reasons.length > 0 ? t('job.check.because', { reasons: sentences(...reasons) }) : t('job.check'));
}

/** @param {HTMLElement} card of the photo @param {string} words in what it is wanted otherwise than the others, empty where it is not */
export function showOwn(card, words) {
  const mark = card.querySelector('[data-part="own"]');
  if (words === '') mark?.remove();
  else if (mark) setText(mark, words);
  else part(card, 'notes', HTMLElement).before(element('p', { class: 'job-own', 'data-part': 'own' }, words));
}
