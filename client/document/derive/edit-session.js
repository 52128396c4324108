/**
 * A document that is being edited: its photo and its matte at full size, what was done to it and can be undone, and what is seen.
 *
 * What is seen while a stroke is drawn has the foreground's colours as they were before it; with the stroke's end they are found anew.
 *
 * @typedef {import('../edits.js').Box} Box
 * @typedef {import('../edits.js').Edit} Edit
 * @typedef {import('../edits.js').Stroke} Stroke
 * @typedef {import('../../shared/protocol-edit.js').EditCalls} EditCalls
 * @typedef {import('../../shared/protocol-edit.js').Changed} Changed
 * @typedef {import('../../shared/protocol-edit.js').Look} Look
 * @typedef {import('../../image/read/decode.js').Pixels} Pixels
 * @typedef {import('./edit-history.js').Entry} Entry
 */
import { withoutAlpha } from '../../image/matte/transparency.js';
import { effective } from '../edits.js';
import { EditColours } from './edit-colours.js';
import { EditHistory } from './edit-history.js';
import { EditMatte } from './edit-matte.js';
import { aligned, pictureOf, withRim } from './edit-picture.js';
import { union } from './edits/boxes.js';
import { piecesOf } from './edits/parts.js';
import { applyStep } from './edits/replay.js';
import { LiveStroke } from './edits/stroke.js';
import { patchBetween } from './edits/tiles.js';
import { fullMatte } from './full-matte.js';
import { openPhoto } from './photo.js';

/** Bytes of patches: some thousands of strokes, or what changes 2.7 times all of 12 megapixels. */
const PATCHES = 64 * 2 ** 20;

export class EditSession {
  #photo;
  #matte;
  #colours;
  /** @type {import('./edit-picture.js').View} */
  #view;
  #history;
  #output;
  /** The stroke that is being drawn. @type {{ stroke: Omit<Stroke, 'points'>, points: number[], live: LiveStroke | null } | null} */
  #drawing = null;

  /**
   * @param {EditCalls['open']['args']} document
   * @returns {Promise<EditSession>}
   * @throws {import('../../shared/errors.js').MatteboxError} see `decode`
   */
  static async open({ source, matte, size, edits, output }) {
    const { pixels, own } = await openPhoto(source, { size });
    const base = fullMatte({ pixels, own }, matte, matte !== null && output.refine !== false);
    const session = new EditSession({ pixels, own }, base, edits, output);
    if (output.matchLight) session.#view.light = await (await import('./edit-light.js')).lightFor(session.#view, output.background);
    return session;
  }

  /**
   * @param {Pick<import('./photo.js').Photo, 'pixels' | 'own'>} photo
   * @param {Uint16Array<ArrayBuffer>} base its full matte; no longer the caller's
   * @param {readonly Edit[]} edits made before
   * @param {import('../../shared/protocol.js').OutputOptions} output
   * @param {number} [patches] bytes of them that are kept
   */
  constructor(photo, base, edits, output, patches = PATCHES) {
    const { pixels, own } = photo;
    this.#history = new EditHistory(patches);
    this.#photo = photo;
    this.#output = output;
    this.#matte = new EditMatte(photo, base, output.refine !== false);
    this.#history.done = edits.map((edit) => ({ edit, patch: undefined }));
    if (edits.length > 0) this.#replay();
    this.#matte.update(edits.length > 0 ? this.#matte.whole : null, effective(edits));
    this.#colours = new EditColours(pixels, this.#matte.solid, output.decontaminate === false);
    const colours = this.#colours;
    const fill = (/** @type {Pixels} */ part, /** @type {Uint16Array} */ matte, /** @type {Box} */ at) => colours.fill(part, own ? withoutAlpha(matte, part) : matte, at);
    this.#view = { pixels, isOpaque: own === null, matte: this.#matte.seen, fill, light: null, hidden: output.hidden === 'keep' ? null : colours.mean };
  }

  /** @returns {EditCalls['open']['result']} */
  get facts() {
    const { pixels: { width, height }, own } = this.#photo;
    return { size: { width, height }, hasAlpha: own !== null };
  }

  /** @returns {Edit[]} that hold */
  get edits() {
    return this.#history.edits;
  }

  /** @returns {Uint16Array} the matte as it is seen, 0..65535; not the caller's */
  get seen() {
    return this.#matte.seen;
  }

  /**
   * @param {Box} box
   * @param {number} level
   * @param {Look} look
   * @returns {{ box: Box, level: number, pixels: Pixels }} at least of the box
   */
  picture(box, level, look) {
    const whole = aligned(box, level, this.#photo.pixels);
    return { box: whole, level, pixels: pictureOf(this.#view, whole, level, look) };
  }

  /**
   * @param {Pick<EditCalls['paint']['args'], 'brush' | 'size' | 'hardness' | 'points' | 'isLast'>} paint
   * @returns {Changed}
   */
  paint({ brush, size, hardness, points, isLast }) {
    const drawing = this.#drawing ?? this.#begin({ kind: 'stroke', brush, size, hardness });
    for (const value of points) drawing.points.push(value);
    const drawn = this.#show(drawing.live?.extend(points) ?? null);
    if (!isLast) return this.#told(drawn);
    this.#drawing = null;
    const edit = { ...drawing.stroke, points: Float32Array.from(drawing.points) };
    if (!drawing.live) return this.apply(edit);
    const patch = drawing.live.patch();
    this.#history.add({ edit, patch });
    return this.#told(union(drawn, this.#settle(patch.box)));
  }

  /** The stroke that is being drawn has not been begun. @returns {Changed} */
  giveUp() {
    const changed = this.#drawing?.live?.giveUp() ?? null;
    this.#drawing = null;
    return this.#told(this.#show(changed));
  }

  /**
   * @param {Edit} edit whole
   * @returns {Changed}
   */
  apply(edit) {
    const { changed } = this.giveUp();
    const patch = this.#run(edit);
    this.#history.add({ edit, patch });
    return this.#told(union(changed, this.#settle(patch?.box ?? null)));
  }

  /** @returns {Changed} */
  undo() {
    const { changed } = this.giveUp();
    const entry = this.#history.done.pop();
    if (!entry) return this.#told(changed);
    this.#history.undone.push(entry);
    const box = entry.patch === undefined ? this.#replay() : (entry.patch?.exchange(this.#matte.matte) ?? null);
    this.#history.trim();
    return this.#told(union(changed, this.#settle(box)));
  }

  /** @returns {Changed} */
  redo() {
    const { changed } = this.giveUp();
    const entry = this.#history.undone.pop();
    if (!entry) return this.#told(changed);
    let box = entry.patch?.exchange(this.#matte.matte) ?? null;
    if (entry.patch === undefined) {
      entry.patch = this.#run(entry.edit);
      box = entry.patch?.box ?? null;
    }
    this.#history.done.push(entry);
    this.#history.trim();
    return this.#told(union(changed, this.#settle(box)));
  }

  /** @returns {ReturnType<typeof piecesOf>} of the matte, before what is done to all edges */
  pieces() {
    const { matte, base, whole } = this.#matte;
    return piecesOf(matte, base, whole);
  }

  /** @param {number} longest @returns {Promise<Pixels | null>} see `groundOf` */
  async ground(longest) {
    const { groundOf } = await import('./ground.js');
    return groundOf(this.#photo.pixels, this.#matte.seen, this.#output.background, longest);
  }

  /** @param {Omit<Stroke, 'points'>} stroke */
  #begin(stroke) {
    const { matte, ceiling } = this.#matte;
    // What is solved is not solved before all of it is known.
    const live = stroke.brush === 'edge' ? null : new LiveStroke(matte, this.#photo.pixels, stroke, ceiling);
    this.#drawing = { stroke, points: [], live };
    return this.#drawing;
  }

  /**
   * @param {Edit} edit
   * @returns {import('./edits/tiles.js').Patch | null} what the matte was before it
   */
  #run(edit) {
    if (edit.kind === 'adjust') return null;
    const { matte, base, canvas, ceiling, whole } = this.#matte;
    if (edit.kind === 'stroke' && edit.brush !== 'edge') {
      // It knows by itself what was before it.
      const live = new LiveStroke(matte, whole, edit, ceiling);
      live.extend(edit.points);
      return live.patch();
    }
    const before = matte.slice();
    try {
      if (edit.kind === 'reset') matte.set(base);
      const box = edit.kind === 'reset' ? whole : applyStep(canvas, edit);
      return box && patchBetween(before, matte, whole, box);
    } catch (thrown) {
      matte.set(before);
      throw thrown;
    }
  }

  /** Make the matte of what is done anew, and what can be kept of the way there. @returns {Box} */
  #replay() {
    const { matte, base, whole } = this.#matte;
    const { done } = this.#history;
    matte.set(base);
    const first = done.findLastIndex(({ edit }) => edit.kind === 'reset') + 1;
    for (const [i, entry] of done.entries()) {
      entry.patch = i < first && entry.edit.kind !== 'adjust' ? undefined : this.#run(entry.edit);
      this.#history.trim();
    }
    return whole;
  }

  /**
   * @param {Box | null} changed where the matte is another now
   * @returns {Box | null} where what is seen is another, with the colours that were known
   */
  #show(changed) {
    const box = this.#matte.update(changed, effective(this.#history.edits));
    this.#view.matte = this.#matte.seen;
    return box && withRim(box, this.#photo.pixels);
  }

  /**
   * @param {Box | null} changed where the matte is another now
   * @returns {Box | null} where what is seen is another, with its own colours
   */
  #settle(changed) {
    const box = this.#show(changed);
    if (!box) return null;
    const recoloured = this.#colours.renew(this.#matte.solid, box);
    if (this.#view.hidden !== null) this.#view.hidden = this.#colours.mean;
    return union(box, recoloured);
  }

  /** @param {Box | null} changed @returns {Changed} */
  #told(changed) {
    return { changed, done: this.#history.done.length, undone: this.#history.undone.length };
  }
}
