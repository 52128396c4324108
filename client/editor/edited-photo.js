/**
 * One photo that is opened to be edited: the calls of its worker, in an order in which strokes do not wait for pictures, and what is seen
 * of it.
 *
 * @typedef {import('../shared/protocol-edit.js').EditCalls} EditCalls
 * @typedef {import('../shared/protocol-edit.js').Changed} Changed
 * @typedef {import('../document/edits.js').Edit} Edit
 * @typedef {object} Opened what the engine gives: its worker's calls
 * @property {(wish: EditCalls['picture']['args']) => Promise<EditCalls['picture']['result']>} picture
 * @property {(stroke: EditCalls['paint']['args']) => Promise<EditCalls['paint']['result']>} paint
 * @property {() => Promise<Changed>} giveUp
 * @property {(edit: Edit) => Promise<Changed>} apply
 * @property {() => Promise<Changed>} undo
 * @property {() => Promise<Changed>} redo
 * @property {() => Promise<Edit[]>} edits
 * @property {() => Promise<EditCalls['pieces']['result']>} pieces
 * @property {(longest: number) => Promise<ImageBitmap | null>} ground
 * @property {() => void} end
 */
import { Stroke } from './stroke.js';
import { Tiles } from './tiles.js';
import { Turns } from './turns.js';

export class EditedPhoto {
  tiles;
  /** How many edits hold, and how many can be done again. */
  done;
  undone = 0;
  /** It can be worked on. */
  isOpen = false;
  size;
  #opening;
  #turns = new Turns();
  /** Until this, a stroke is being drawn or its end is on its way. @type {Promise<unknown>} */
  #strokes = Promise.resolve();
  #onChange;

  /**
   * @param {import('../document/document.js').Document} document
   * @param {Promise<Opened>} opening what is asked for meanwhile waits for it
   * @param {object} hooks
   * @param {(changed: Changed) => void} hooks.onChange after each call that may change something
   * @param {() => void} hooks.onPicture there is more to draw
   * @param {(error: unknown) => void} hooks.onFail no picture can be had
   */
  constructor({ size, edits }, opening, { onChange, onPicture, onFail }) {
    this.size = size;
    this.done = edits.length;
    this.#opening = opening;
    this.#onChange = onChange;
    this.tiles = new Tiles(size, (wish) => this.#turns.enter(async () => (await opening).picture(wish)), (error) => (error ? onFail(error) : onPicture()));
    opening.then(() => {
      this.isOpen = true;
    }, () => {});
  }

  /**
   * A stroke that has begun. What is asked for meanwhile waits until it has been finished or given up.
   * @param {{ brush: import('../document/edits.js').Brush, size: number, hardness: number }} brush
   * @param {() => import('./stroke.js').Seen} seen
   */
  begin(brush, seen) {
    const before = this.#strokes;
    return new Stroke(brush, async (args) => {
      await before;
      await this.#paint(args);
    }, seen);
  }

  /** @param {Stroke} stroke @returns {Promise<void>} when it is an edit */
  finish(stroke) {
    const finished = stroke.finish();
    this.#strokes = finished.catch(() => {});
    return finished;
  }

  /** @param {Stroke} stroke @returns {Promise<void>} when it is as if it had not been begun */
  giveUp(stroke) {
    const givenUp = stroke.giveUp().then((hasBegun) => (hasBegun ? this.#change((opened) => opened.giveUp()) : undefined));
    this.#strokes = givenUp.catch(() => {});
    return givenUp;
  }

  /** @param {Edit} edit */
  async apply(edit) {
    await this.#strokes;
    await this.#change((opened) => opened.apply(edit));
  }

  /** @returns {Promise<boolean>} false where there is nothing to undo */
  async undo() {
    await this.#strokes;
    if (this.done === 0) return false;
    await this.#change((opened) => opened.undo());
    return true;
  }

  /** @returns {Promise<boolean>} false where there is nothing to do again */
  async redo() {
    await this.#strokes;
    if (this.undone === 0) return false;
    await this.#change((opened) => opened.redo());
    return true;
  }

  /** @returns {Promise<Edit[]>} all that hold now */
  async edits() {
    await this.#strokes;
    return this.#call((opened) => opened.edits());
  }

  async pieces() {
    await this.#strokes;
    return this.#call((opened) => opened.pieces());
  }

  /** @param {number} longest */
  ground(longest) {
    return this.#call((opened) => opened.ground(longest));
  }

  close() {
    this.tiles.close();
    this.#opening.then((opened) => opened.end(), () => {});
  }

  /** @param {EditCalls['paint']['args']} args */
  async #paint(args) {
    const { picture, ...changed } = await this.#call((opened) => opened.paint(args));
    this.tiles.change(changed.changed, picture && { picture, look: args.look });
    this.#count(changed);
  }

  /** @param {(opened: Opened) => Promise<Changed>} change */
  async #change(change) {
    const changed = await this.#call(change);
    this.tiles.change(changed.changed);
    this.#count(changed);
  }

  /** @param {Changed} changed */
  #count(changed) {
    this.done = changed.done;
    this.undone = changed.undone;
    this.#onChange(changed);
  }

  /**
   * @template T
   * @param {(opened: Opened) => Promise<T>} call
   * @returns {Promise<T>}
   */
  #call(call) {
    return this.#turns.enter(async () => call(await this.#opening), { isUrgent: true });
  }
}
