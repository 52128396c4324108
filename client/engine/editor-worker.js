/**
 * The page's end of the editor's worker: one opened document, what is done to it, and pictures of it.
 *
 * @typedef {import('../shared/protocol-edit.js').EditCalls} EditCalls
 * @typedef {import('../shared/protocol.js').PixelCalls} PixelCalls
 * @typedef {import('../document/document.js').Document} Document
 * @typedef {import('./engine.js').Watch} Watch
 */
import { matteOf } from '../document/document.js';
import { Channel } from '../shared/channel.js';
import { MatteboxError } from '../shared/errors.js';
import { ownScript } from '../shared/trusted.js';
import { PixelWorker } from './pixel-worker.js';
import { blankReport } from './report.js';

export class Editor {
  /** @type {Channel<EditCalls & Pick<PixelCalls, 'inspect' | 'load'>>} */
  #channel;
  #facts = { size: { width: 0, height: 0 }, hasAlpha: false };

  /** @param {Worker} worker */
  constructor(worker) {
    this.#channel = new Channel(worker, 'inference', 'editor');
  }

  /**
   * @param {Document} document
   * @param {import('../shared/protocol.js').OutputOptions} output
   * @param {import('./supplies.js').Supplies} supplies
   * @param {Watch} watch
   * @returns {Promise<Editor>}
   * @throws {MatteboxError} those of decoding, and delivery's
   */
  static async open(document, output, supplies, watch) {
    const { file, size, edits } = document;
    const editor = new Editor(new Worker(ownScript(new URL('../workers/editor.js', import.meta.url)), { type: 'module', name: 'mattebox-editor' }));
    try {
      const channel = editor.#channel;
      // What writes a file is not needed here.
      const { transfer, source, output: { background } } = await new PixelWorker(channel, supplies).ready(file, { ...output, content: 'matte' }, true, watch, blankReport());
      const args = { source, matte: await matteOf(document), size, edits: [...edits], output: { ...output, background } };
      editor.#facts = await channel.call('open', args, { signal: watch.signal, transfer });
      return editor;
    } catch (thrown) {
      editor.end();
      throw thrown;
    }
  }

  /** @returns {{ width: number, height: number }} of the photo in pixels */
  get size() {
    return this.#facts.size;
  }

  /** @returns {boolean} whether the photo is not opaque by itself */
  get hasAlpha() {
    return this.#facts.hasAlpha;
  }

  /** @returns {boolean} false once it was ended, or its worker is gone */
  get isAlive() {
    return this.#channel.isAlive;
  }

  /**
   * @param {EditCalls['picture']['args']} wish
   * @param {{ signal?: AbortSignal }} [watch]
   */
  picture(wish, { signal } = {}) {
    return this.#channel.call('picture', wish, { signal });
  }

  /** @param {EditCalls['paint']['args']} paint its points are no longer the caller's */
  paint(paint) {
    return this.#channel.call('paint', paint, { transfer: [paint.points.buffer] });
  }

  /** The stroke that is being drawn has not been begun. */
  giveUp() {
    return this.#channel.call('giveUp', {});
  }

  /** @param {import('../document/edits.js').Edit} edit */
  apply(edit) {
    return this.#channel.call('apply', { edit });
  }

  undo() {
    return this.#channel.call('undo', {});
  }

  redo() {
    return this.#channel.call('redo', {});
  }

  /** @returns {Promise<import('../document/edits.js').Edit[]>} that hold now */
  async edits() {
    return (await this.#channel.call('edits', {})).edits;
  }

  pieces() {
    return this.#channel.call('pieces', {});
  }

  /** @param {number} longest pixels of the longer side, at most */
  async ground(longest) {
    return (await this.#channel.call('ground', { longest }))?.bitmap ?? null;
  }

  /** Give all its memory back; whatever is not answered yet is rejected with `cancelled`. */
  end() {
    this.#channel.end(new MatteboxError('cancelled'));
  }
}
