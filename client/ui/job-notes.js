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
