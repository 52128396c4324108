import { sentences } from '../messages/format.js';
import { t } from '../messages/work.js';
import { part, setText } from './dom.js';
import { element } from './element.js';
import { noteWords } from './note-words.js';

/**
 * What a photo's owner would want to know of it, below its state.
 * @param {HTMLElement} list
 * @param {import('../shared/protocol.js').Note[]} notes
 */
export function showNotes(list, notes) {
  list.hidden = notes.length === 0;
  list.replaceChildren(...notes.map((note) => {
    const item = document.createElement('li');
    item.dataset.note = note.code;
    item.textContent = noteWords(note);
    return item;
  }));
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
