/**
 * The photo that is open: from the moment it is asked for, until what was done to it has been told.
 *
 * @typedef {import('../document/document.js').Document} Document
 * @typedef {import('../document/edits.js').Edit} Edit
 * @typedef {object} Photo that is finished
 * @property {string} id
 * @property {string} name
 * @property {Document} document
 * @property {Blob} picture of what it has become, at the size of a screen
 * @property {boolean} isPlain the picture shows the whole photo and nothing behind it
 * @property {import('../shared/protocol-edit.js').OutputOptions['background'] & {}} background it is to stand on
 *
 * @typedef {object} Page what the editor asks of the page
 * @property {() => Photo[]} photos that are finished, in their order
 * @property {(document: Document, signal: AbortSignal) => Promise<import('./edited-photo.js').Opened>} open
 * @property {(photo: Photo, longest: number, signal: AbortSignal) => Promise<Blob>} preview the whole photo with nothing behind it
 * @property {(document: Document, box: import('../document/edits.js').Box, signal: AbortSignal) => Promise<import('../document/edits.js').Look | null>} look null where the model sees nothing there
 * @property {import('./segmented.js').Segmenter} segmenter
 * @property {(id: string, edits: readonly Edit[]) => void} onEdited all that hold now
 * @property {(id: string) => void} onOpen another photo is open
 * @property {(id: string) => void} onClose
 * @typedef {object} Hooks
 * @property {() => void} onChange what is known of it, or whether it can be worked on, is another
 * @property {(changed: import('../shared/protocol-edit.js').Changed) => void} onEdit what is seen, and how much can be undone, is another
 * @property {(edits: readonly Edit[]) => void} onEdits all that hold now
 * @property {() => void} onPicture there is more to draw
 * @property {(error: unknown) => void} onFail it cannot be gone on with
 */
import { EditedPhoto } from './edited-photo.js';

/** So long after an edit the page is told of it: what is made anew then takes the processor that the next stroke needs. */
const REST_MS = 5000;
/** Pixels of the longer side of what is shown at once, and of what the photo stands on. */
const SCREEN = 1600;

export class OpenPhoto {
  photo;
  edited;
  /** What the person chose for it to stand on. @type {{ colour: string | null, image: ImageBitmap | null }} */
  chosen = { colour: null, image: null };
  #page;
  #hooks;
  #abort = new AbortController();
  /** @type {readonly Edit[]} */
  #edits;
  #isTold = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {Photo} photo @param {Page} page @param {Hooks} hooks */
  constructor(photo, page, hooks) {
    this.photo = photo;
    this.#page = page;
    this.#hooks = hooks;
    this.#edits = photo.document.edits;
    const { signal } = this.#abort;
    const opening = page.open(photo.document, signal);
    this.edited = new EditedPhoto(photo.document, opening, {
      onChange: (changed) => hooks.onEdit(changed),
      onPicture: () => hooks.onPicture(),
      onFail: (error) => { if (!signal.aborted) hooks.onFail(error); },
    });
    void this.#show(signal);
    opening.then(() => this.#opened(), (error) => { if (!signal.aborted) hooks.onFail(error); });
    const { background } = photo;
    if (background.kind === 'colour') this.chosen.colour = background.colour;
  }

  /** @returns {boolean} there is something to stand on that the person chose */
  get hasChosen() {
    return this.chosen.colour !== null || this.chosen.image !== null;
  }

  /** An edit has been made, undone or done again. */
  async changed() {
    const edits = await this.edited.edits();
    this.#edits = edits;
    this.#isTold = false;
    this.#hooks.onEdits(edits);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), REST_MS);
  }

  /** Tell what there is to tell, and give all of it back. */
  async close() {
    clearTimeout(this.#timer);
    try {
      // A stroke may still be on its way.
      if (this.edited.isOpen && !this.#abort.signal.aborted) {
        const edits = await this.edited.edits();
        if (edits.length !== this.#edits.length) this.#isTold = false;
        this.#edits = edits;
      }
    } catch {
      // What was told last is what is left of it.
    }
    this.#tell();
    this.#abort.abort();
    this.edited.close();
    this.chosen.image?.close();
    this.chosen.image = null;
  }

  #tell() {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#page.onEdited(this.photo.id, this.#edits);
  }

  /** What is seen until there are pictures of it. @param {AbortSignal} signal */
  async #show(signal) {
    try {
      const picture = await this.#page.preview(this.photo, SCREEN, signal);
      const bitmap = await createImageBitmap(picture);
      if (signal.aborted) bitmap.close();
      else this.edited.tiles.lay('cutout', bitmap);
      this.#hooks.onPicture();
    } catch {
      // The pictures themselves come, or say why not.
    }
  }

  async #opened() {
    this.#hooks.onChange();
    this.#hooks.onEdits(this.#edits);
    const { kind } = this.photo.background;
    if (kind === 'none' || kind === 'colour') return;
    const ground = await this.edited.ground(SCREEN).catch(() => null);
    if (!ground) return;
    if (this.#abort.signal.aborted) ground.close();
    else this.chosen.image = ground;
    this.#hooks.onPicture();
    this.#hooks.onChange();
  }
}
