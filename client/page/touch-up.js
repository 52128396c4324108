/**
 * From the page to the editor and back: what it works on, what came of it, and the address, which Back leaves and which can be returned to.
 *
 * @typedef {import('../ui/job-card.js').Result} Result
 * @typedef {import('../jobs/jobs.js').Tracked<Result>} Job
 * @typedef {import('../editor/open-photo.js').Photo} Photo
 * @typedef {object} Hooks
 * @property {() => Job[]} jobs all there are
 * @property {(id: string) => import('../api.js').OutputOptions} output that a photo is wanted as
 * @property {() => import('../api.js').PreloadOptions} choice model and backend
 * @property {(id: string, edits: readonly import('../document/edits.js').Edit[]) => void} onEdited
 * @property {(id: string) => void} onClose it is not edited any more, and the keyboard goes on from its card
 */
import { withWords } from '../messages/index.js';
import { dropFragment, EDIT } from '../ui/shortcuts.js';

export class TouchUp {
  #engine;
  #hooks;
  #editor;

  /**
   * @param {typeof import('../api.js')} engine
   * @param {Hooks} hooks
   */
  static async load(engine, hooks) {
    const styles = ['../ui/window.css', '../editor/editor.css', '../editor/stage.css', '../editor/panel.css', '../editor/strip.css', '../editor/little-room.css', '../ui/divider.css'].map((name) => new URL(name, import.meta.url));
    const styled = import('../ui/load-style.js').then(({ loadStyle }) => Promise.all(styles.map(loadStyle)));
    const [{ Editor }] = await Promise.all([withWords(import('../editor/editor.js')), styled]);
    return new TouchUp(engine, hooks, Editor);
  }

  /**
   * @param {typeof import('../api.js')} engine
   * @param {Hooks} hooks
   * @param {typeof import('../editor/editor.js').Editor} Editor
   */
  constructor(engine, hooks, Editor) {
    this.#engine = engine;
    this.#hooks = hooks;
    this.#editor = new Editor({
      photos: () => this.#photos(),
      open: (document, signal) => engine.openEditor(document, { output: this.#outputOf(document), signal }),
      preview: (photo, longest, signal) => this.#preview(photo, longest, signal),
      look: async (document, box, signal) => {
        const { edit, report } = await engine.lookAt(document, box, { ...hooks.choice(), signal });
        return report.notes.some(({ code }) => code === 'nothing-found') ? null : edit;
      },
      segmenter: engine.segmenter(),
      onEdited: (id, edits) => hooks.onEdited(id, edits),
      onOpen: (id) => this.#showAddress(id),
      onClose: (id) => this.#leaveAddress(id),
    });
    addEventListener('popstate', () => this.#followAddress());
  }

  /** @param {string} id of a photo that is done @param {import('../editor/tools.js').ToolName} [tool] to begin with */
  open(id, tool) {
    void this.#editor.open(id, tool);
  }

  /** Photos have become others. */
  follow() {
    this.#editor.showPhotos();
  }

  /** @returns {Photo[]} */
  #photos() {
    return this.#hooks.jobs().flatMap(({ id, name, state, input, reduce, result }) => {
      if (state !== 'done' || !result) return [];
      const { preview, document } = result;
      const { background, shadow } = this.#hooks.output(id);
      const isPlain = preview.isWhole && !preview.isMatte && !shadow && (background?.kind ?? 'none') === 'none';
      // The photo may have been copied since.
      return [{ id, name, document: { ...document, file: input, reduce }, picture: preview.image, isPlain, background: background ?? { kind: 'none' } }];
    });
  }

  /** @param {Photo['document']} document @returns {import('../api.js').OutputOptions} */
  #outputOf({ id }) {
    return this.#hooks.output(this.#hooks.jobs().find(({ result }) => result?.document.id === id)?.id ?? '');
  }

  /**
   * @param {Photo} photo
   * @param {number} longest
   * @param {AbortSignal} signal
   */
  async #preview({ id, document, picture, isPlain }, longest, signal) {
    if (isPlain) return picture;
    const { refine, decontaminate } = this.#hooks.output(id);
    return (await this.#engine.previewDocument(document, { output: { refine, decontaminate }, longest, signal })).image;
  }

  /** @param {string} id of the photo that is open now: one step back leaves the editor, however many were open */
  #showAddress(id) {
    const address = `${location.pathname}${location.search}${EDIT}${id}`;
    if (location.hash === `${EDIT}${id}`) return;
    if (location.hash.startsWith(EDIT)) history.replaceState(history.state, '', address);
    else history.pushState({ isEdit: true }, '', address);
  }

  /** @param {string} id of the photo that was open */
  #leaveAddress(id) {
    // Where the address was given from elsewhere, a step back would leave the page.
    if (location.hash.startsWith(EDIT)) {
      if (history.state?.isEdit) history.back();
      else dropFragment();
    }
    this.#hooks.onClose(id);
  }

  #followAddress() {
    const { hash } = location;
    if (hash.startsWith(EDIT)) void this.#editor.open(hash.slice(EDIT.length));
    else void this.#editor.close();
  }
}
