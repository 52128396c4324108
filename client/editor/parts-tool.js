/**
 * *Parts*: the pieces of the matte that hang together with nothing else, each of which can go or come back; and specks, all at once.
 *
 * @typedef {import('./tools.js').ToolHost} ToolHost
 * @typedef {import('../shared/protocol-edit.js').Piece} Piece
 * @typedef {{ piece: Piece, path: Path2D }} Shown
 */
import { t } from '../messages/editor.js';
import { element } from '../ui/element.js';
import { hint } from './controls.js';
import { ACCENT, markPath, pathOf, REMOVED } from './marks.js';
import { PartsList } from './parts-list.js';
import { Specks } from './specks.js';
import { toPhoto } from './viewport.js';

export class PartsTool {
  cursor = 'pointer';
  options;
  #host;
  /** @type {Shown[]} */
  #shown = [];
  #isChosen = false;
  /** What is known of the pieces is of the matte as it is. */
  #isKnown = false;
  #isAsking = false;
  /** @type {Shown | null} */
  #pointed = null;
  #specks;
  #list;
  #note = element('p', { class: 'editor-hint', role: 'status' });
  #measure = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext('2d'));

  /** @param {ToolHost} host */
  constructor(host) {
    this.#host = host;
    this.#list = new PartsList({ onPoint: (index) => this.#point(this.#shown[index ?? -1] ?? null), onKeep: (index, isKept) => void this.#keep(this.#shown[index], isKept) });
    this.#specks = new Specks({ onChange: () => this.#sort(), onRemove: (smaller) => void this.#removeSpecks(smaller) });
    this.options = element('div', { class: 'editor-options' }, hint(t('editor.hint.parts')), this.#note, this.#list.element, this.#specks.element);
  }

  enter() {
    this.#isChosen = true;
    void this.#ask();
  }

  leave() {
    this.#isChosen = false;
    this.#pointed = null;
  }

  changed() {
    this.#isKnown = false;
    if (this.#isChosen) void this.#ask();
  }

  /** Another photo is open. */
  renew() {
    this.#take([]);
    this.changed();
  }

  /** @param {import('./pointer.js').Press} press */
  press({ at }) {
    this.#point(this.#at(at));
  }

  drag() {}

  release() {
    if (this.#pointed) void this.#keep(this.#pointed, !this.#pointed.piece.isKept);
  }

  cancel() {
    return false;
  }

  /** @param {import('./pointer.js').StagePoint | null} at */
  hover(at) {
    this.#point(at && this.#at(at));
  }

  /** @param {CanvasRenderingContext2D} context @param {import('./viewport.js').View} view */
  draw(context, view) {
    const density = this.#host.density();
    for (const { piece, path } of this.#shown) {
      const isSpeck = piece.area < this.#specks.smaller;
      if (isSpeck && piece.isKept && this.#specks.isPreviewed) markPath(context, view, path, density, { colour: REMOVED, fill: 'rgb(255 107 94 / 60%)' });
      else if (!isSpeck && !piece.isKept) markPath(context, view, path, density, { colour: REMOVED, width: 1, dash: [4, 4] });
    }
    if (!this.#pointed) return;
    const { piece, path } = this.#pointed;
    markPath(context, view, path, density, piece.isKept ? { colour: ACCENT, fill: 'rgb(79 208 138 / 22%)', width: 2 } : { colour: REMOVED, fill: 'rgb(255 107 94 / 22%)', width: 2 });
  }

  async #ask() {
    if (this.#isAsking) return;
    const photo = this.#host.photo();
    if (!photo) return;
    this.#isAsking = true;
    if (this.#shown.length === 0) this.#note.textContent = t('editor.parts.looking');
    try {
      while (!this.#isKnown && this.#isChosen && this.#host.photo() === photo) {
        this.#isKnown = true;
        const { pieces, outlines } = await photo.pieces();
        if (this.#host.photo() === photo) this.#take(pieces.map((piece, i) => ({ piece, path: pathOf(outlines[i]) })));
      }
    } catch (error) {
      this.#note.textContent = '';
      if (this.#host.photo() === photo) this.#host.fail(error);
    } finally {
      this.#isAsking = false;
    }
    if (this.#isChosen && !this.#isKnown && this.#host.photo()) void this.#ask();
  }

  /** @param {Shown[]} shown */
  #take(shown) {
    this.#shown = shown;
    this.#pointed = null;
    this.#specks.show(shown.map(({ piece }) => piece), this.#host.photo()?.size ?? { width: 1, height: 1 });
    this.#sort();
  }

  /** What is a part, and what a speck. */
  #sort() {
    const pieces = this.#shown.map(({ piece }) => piece);
    const { smaller } = this.#specks;
    this.#note.textContent = pieces.length === 0 ? '' : t('editor.parts.count', { count: pieces.filter(({ area, isKept }) => isKept && area >= smaller).length });
    this.#list.show(pieces, smaller);
    this.#host.redraw();
  }

  /** @param {Shown | null} shown */
  #point(shown) {
    if (shown === this.#pointed) return;
    this.#pointed = shown;
    this.#list.mark(shown ? this.#shown.indexOf(shown) : null);
    this.#host.redraw();
  }

  /** @param {import('./viewport.js').Point} at on the stage @returns {Shown | null} the smallest piece there */
  #at(at) {
    const { x, y } = toPhoto(this.#host.view(), at);
    return this.#shown.findLast(({ piece: { box }, path }) => x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height
      && this.#measure.isPointInPath(path, x, y, 'evenodd')) ?? null;
  }

  /** @param {Shown} shown @param {boolean} isKept */
  async #keep({ piece }, isKept) {
    const photo = this.#host.photo();
    if (photo && await this.#host.commit(photo.apply({ kind: 'part', at: piece.at, isKept }))) this.#host.say(t(isKept ? 'editor.parts.kept' : 'editor.parts.removed'));
  }

  /** @param {number} smaller */
  async #removeSpecks(smaller) {
    const photo = this.#host.photo();
    const count = this.#shown.filter(({ piece }) => piece.isKept && piece.area < smaller).length;
    if (photo && await this.#host.commit(photo.apply({ kind: 'specks', smaller }))) this.#host.say(t('editor.specks.removed', { count }));
  }
}
