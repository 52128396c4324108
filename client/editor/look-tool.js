/**
 * *Look here*: a box around what is meant, in which the model looks again. It looks as soon as a box has been drawn; one that was moved or
 * resized, or set with the keyboard, is looked at when that is asked for.
 *
 * @typedef {import('./box.js').Box} Box
 * @typedef {import('./tools.js').ToolHost} ToolHost
 * @typedef {import('./pointer.js').StagePoint} StagePoint
 * @typedef {object} Hooks
 * @property {(box: Box, signal: AbortSignal) => Promise<import('../document/edits.js').Look | null>} look null where nothing stands out
 * @property {(box: Box, isOnly: boolean) => void} onAll the same box for all photos
 * @property {(words: string | null, onStop?: () => void) => void} onBusy what takes a while; null once nothing does
 */
import { t } from '../messages/editor.js';
import { formatSize } from '../messages/format.js';
import { element } from '../ui/element.js';
import { boxBetween, firstBox, gripAt, LEAST, moved, resized } from './box.js';
import { hint, textButton, tick } from './controls.js';
import { ARROWS } from './keys.js';
import { ACCENT, strokeMark } from './marks.js';
import { toPhoto, toStage } from './viewport.js';

/** CSS pixels from a corner at which it is held, by a mouse and by a finger. */
const REACH = { mouse: 10, touch: 24 };
/** CSS pixels that an arrow key moves. */
const STEP = 8;
const HANDLE = 5;

export class LookTool {
  cursor = 'crosshair';
  options;
  #host;
  #hooks;
  /** @type {Box | null} */
  #box = null;
  /** @type {{ grip: import('./box.js').Grip, from: import('./viewport.js').Point, box: Box | null } | null} */
  #held = null;
  /** @type {AbortController | null} */
  #looking = null;
  #only = tick(t('editor.look.only'), () => {}, t('editor.look.only.hint'));
  #installable = hint(t('editor.look.install'));
  #note = element('p', { class: 'editor-note', role: 'alert' });
  #where = element('p', { class: 'editor-value' });
  #again = textButton(t('editor.look.again'), () => void this.#look());
  #all = textButton(t('editor.look.all'), () => this.#box && this.#hooks.onAll(this.#box, this.#only.input.checked));

  /** @param {ToolHost} host @param {Hooks} hooks */
  constructor(host, hooks) {
    this.#host = host;
    this.#hooks = hooks;
    this.options = element('div', { class: 'editor-options' }, hint(t('editor.hint.look')), this.#installable, this.#only.element, this.#note, this.#where, element('div', { class: 'editor-buttons' }, this.#again, this.#all));
    this.#installable.hidden = true;
    this.#show();
  }

  /** @param {boolean} isMissing what selects by a press could be had here, and is not */
  showInstallable(isMissing) {
    this.#installable.hidden = !isMissing;
  }

  /** @param {number} count of photos */
  showCount(count) {
    this.#all.hidden = count < 2;
  }

  enter() {
    this.#show();
  }

  leave() {
    this.#looking?.abort();
    this.#held = null;
  }

  /** Another photo is open. */
  renew() {
    this.leave();
    this.#set(null);
  }

  /** @param {import('./pointer.js').Press} press */
  press({ at, isTouch }) {
    if (!this.#host.photo()?.isOpen) return;
    const point = toPhoto(this.#host.view(), at);
    const reach = (isTouch ? REACH.touch : REACH.mouse) * this.#host.density() / this.#host.view().scale;
    this.#held = { grip: gripAt(this.#box, point, reach), from: point, box: this.#box };
  }

  /** @param {StagePoint[]} points */
  drag(points) {
    const [held, photo, last] = [this.#held, this.#host.photo(), points.at(-1)];
    if (!held || !photo || !last) return;
    const to = toPhoto(this.#host.view(), last);
    const [x, y] = [to.x - held.from.x, to.y - held.from.y];
    if (held.grip === 'new') this.#set(boxBetween(held.from, to, photo.size));
    else if (held.box) this.#set(held.grip === 'move' ? moved(held.box, x, y, photo.size) : resized(held.box, held.grip, x, y, photo.size));
  }

  release() {
    const held = this.#held;
    this.#held = null;
    if (held?.grip !== 'new') return;
    // A press that did not become a box leaves the one before.
    if (!this.#box || this.#box.width < LEAST || this.#box.height < LEAST) this.#set(held.box);
    else void this.#look();
  }

  cancel() {
    if (this.#held) {
      this.#set(this.#held.box);
      this.#held = null;
      return true;
    }
    if (this.#looking) {
      this.#looking.abort();
      return true;
    }
    if (!this.#box) return false;
    this.#set(null);
    return true;
  }

  /** @param {KeyboardEvent} event */
  key({ key, shiftKey, ctrlKey, metaKey, altKey }) {
    const photo = this.#host.photo();
    if (!photo?.isOpen || ctrlKey || metaKey || altKey) return false;
    if (key in ARROWS) {
      const step = Math.max(1, (STEP * this.#host.density()) / this.#host.view().scale);
      const [x, y] = ARROWS[key].map((direction) => direction * step);
      if (!this.#box) this.#set(firstBox(photo.size));
      else this.#set(shiftKey ? resized(this.#box, { x: 1, y: 1 }, x, y, photo.size) : moved(this.#box, x, y, photo.size));
      if (this.#box) this.#host.reveal(this.#box);
      this.#host.say(this.#words());
      return true;
    }
    if (key === 'Enter' && this.#box) void this.#look();
    else if ((key === 'Delete' || key === 'Backspace') && this.#box) this.#set(null);
    else return false;
    return true;
  }

  /** @param {CanvasRenderingContext2D} context @param {import('./viewport.js').View} view */
  draw(context, view) {
    if (!this.#box) return;
    const density = this.#host.density();
    const { x, y } = toStage(view, this.#box);
    const [width, height] = [this.#box.width * view.scale, this.#box.height * view.scale];
    context.beginPath();
    context.rect(x, y, width, height);
    strokeMark(context, density, { colour: ACCENT, width: 1.5 });
    context.beginPath();
    const half = HANDLE * density;
    for (const handleX of [x, x + width]) for (const handleY of [y, y + height]) context.rect(handleX - half, handleY - half, 2 * half, 2 * half);
    context.fillStyle = '#fff';
    context.fill();
    strokeMark(context, density, { colour: ACCENT, width: 1.5 });
  }

  /** @param {Box | null} box */
  #set(box) {
    this.#box = box;
    this.#note.textContent = '';
    this.#show();
    this.#host.redraw();
  }

  #show() {
    this.#where.textContent = this.#words();
    for (const button of [this.#again, this.#all]) button.disabled = this.#box === null;
  }

  #words() {
    return this.#box ? t('editor.look.box', { size: formatSize(this.#box), x: this.#box.x, y: this.#box.y }) : t('editor.look.none');
  }

  async #look() {
    const [box, photo] = [this.#box, this.#host.photo()];
    if (!box || !photo) return;
    this.#looking?.abort();
    const looking = new AbortController();
    this.#looking = looking;
    this.#hooks.onBusy(t('editor.look.busy'), () => looking.abort());
    try {
      const edit = await this.#hooks.look(box, looking.signal);
      if (looking.signal.aborted || this.#host.photo() !== photo) return;
      this.#note.textContent = edit ? '' : t('editor.look.nothing');
      if (edit && await this.#host.commit(photo.apply({ ...edit, isOnly: this.#only.input.checked }))) this.#host.say(t('editor.look.done'));
    } catch (error) {
      if (!looking.signal.aborted) this.#host.fail(error);
    } finally {
      if (this.#looking === looking) {
        this.#looking = null;
        this.#hooks.onBusy(null);
      }
    }
  }
}
