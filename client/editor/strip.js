import { t } from '../messages/editor.js';
import { element } from '../ui/element.js';

/** @typedef {{ id: string, name: string, picture: Blob }} Thumbnail */

/** The photos that are finished: one is open, and any other is a press or an arrow key away. */
export class Strip {
  element = element('div', { class: 'editor-strip', role: 'radiogroup', 'aria-label': t('editor.photos') });
  /** @type {Map<string, { label: HTMLElement, input: HTMLInputElement, image: HTMLImageElement, picture: Blob, url: string }>} */
  #rows = new Map();
  #onOpen;

  /** @param {(id: string) => void} onOpen */
  constructor(onOpen) {
    this.#onOpen = onOpen;
  }

  /** @param {readonly Thumbnail[]} photos in their order @param {string} open */
  show(photos, open) {
    for (const [id, row] of this.#rows) if (!photos.some((photo) => photo.id === id)) this.#drop(id, row);
    for (const photo of photos) this.#put(photo);
    const row = this.#rows.get(open);
    if (row) {
      row.input.checked = true;
      row.label.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    this.element.hidden = photos.length < 2;
  }

  close() {
    for (const [id, row] of this.#rows) this.#drop(id, row);
  }

  /** @param {Thumbnail} photo */
  #put({ id, name, picture }) {
    const row = this.#rows.get(id) ?? this.#make(id, name);
    if (row.picture === picture) return;
    URL.revokeObjectURL(row.url);
    row.picture = picture;
    row.url = URL.createObjectURL(picture);
    row.image.src = row.url;
  }

  /** @param {string} id @param {string} name */
  #make(id, name) {
    const input = element('input', { type: 'radio', name: 'editor-photo', value: id, 'aria-label': name });
    input.addEventListener('change', () => this.#onOpen(id));
    const image = element('img', { alt: '', decoding: 'async', loading: 'lazy', draggable: 'false' });
    const label = element('label', { class: 'editor-thumbnail', title: name }, input, image);
    const row = { label, input, image, picture: new Blob(), url: '' };
    this.#rows.set(id, row);
    this.element.append(label);
    return row;
  }

  /** @param {string} id @param {{ label: HTMLElement, url: string }} row */
  #drop(id, { label, url }) {
    URL.revokeObjectURL(url);
    label.remove();
    this.#rows.delete(id);
  }
}
