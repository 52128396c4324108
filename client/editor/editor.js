/**
 * The editor: a window over the page in which a person puts right what the model got wrong.
 *
 * @typedef {import('./tools.js').ToolName} ToolName
 * @typedef {import('./open-photo.js').Photo} Photo
 * @typedef {import('./open-photo.js').Page} Page
 */
import { effective } from '../document/edits.js';
import { t } from '../messages/editor.js';
import { MatteboxError } from '../shared/errors.js';
import { AdjustPanel } from './adjust-panel.js';
import { commandsOf } from './commands.js';
import { Frame } from './frame.js';
import { armKeyboard } from './keyboard.js';
import { lookInAll } from './look-in-all.js';
import { OpenPhoto } from './open-photo.js';
import { Stage } from './stage.js';
import { StatusLine } from './status-line.js';
import { Strip } from './strip.js';
import { ToolBar } from './tool-bar.js';
import { Toolbox } from './toolbox.js';
import { TopBar } from './top-bar.js';
import { ViewBar } from './view-bar.js';

export class Editor {
  #page;
  /** @type {OpenPhoto | null} */
  #open = null;
  #stop = new AbortController();
  #status = new StatusLine();
  #strip = new Strip((id) => void this.open(id));
  /** @type {Omit<import('./stage.js').Shown, 'chosen'>} */
  #look = { look: 'cutout', isOriginal: false, ground: 'checks' };
  #bar = new TopBar({ onClose: () => void this.close(), onUndo: () => void this.#step('undo'), onRedo: () => void this.#step('redo'), onReset: () => this.#reset(), onHelp: () => this.#frame.showHelp() });
  #view = new ViewBar({
    onOriginal: (isOriginal) => this.#see({ isOriginal }),
    onLook: (look) => this.#see({ look }),
    onGround: (ground) => this.#see({ ground }),
    onZoom: (direction) => this.#stage.step(direction),
    onScale: () => this.#stage.toggle(),
  });
  #stage = new Stage({
    shown: () => ({ ...this.#look, chosen: this.#open?.chosen ?? { colour: null, image: null } }),
    tool: () => this.#tools.tool,
    onScale: (scale) => this.#view.showScale(scale),
  }, this.#stop.signal);
  #tools = new Toolbox({
    photo: () => this.#open?.edited ?? null,
    view: () => this.#stage.view,
    seen: () => this.#stage.seen,
    density: () => this.#stage.density,
    redraw: () => this.#stage.redrawOver(),
    commit: (work) => this.#commit(work),
    reveal: (box) => this.#stage.reveal(box),
    say: (words) => this.#status.say(words),
    fail: (error) => this.#status.showFailure(error),
  }, {
    look: (box, signal) => this.#page.look(this.#opened.photo.document, box, signal),
    onAll: (box, isOnly) => void lookInAll(this.#opened.photo, { box, isOnly }, this.#page, this.#status),
    onBusy: (words, onStop) => this.#status.showBusy(words, onStop),
    document: () => this.#open?.photo.document ?? null,
    segmenter: () => this.#page.segmenter,
  });
  #toolBar = new ToolBar((tool) => this.#choose(tool));
  #adjust = new AdjustPanel(({ feather, shift }) => this.#commit(this.#opened.edited.apply({ kind: 'adjust', feather, shift })));
  #commands = commandsOf({
    stage: this.#stage,
    step: (direction) => void this.#step(direction),
    see: (of) => this.#see(of(this.#look)),
    ground: () => this.#view.nextGround(),
    turn: (direction) => this.#turn(direction),
    help: () => this.#frame.showHelp(),
  });
  #frame = new Frame({ bar: this.#bar.element, tools: this.#toolBar.element, stage: this.#stage.element, overlay: this.#tools.overlay, view: this.#view.element, status: this.#status.element, panel: [this.#tools.element, this.#adjust.element], strip: this.#strip.element, hasTool: (tool) => this.#toolBar.has(tool) });

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    armKeyboard(this.#frame.dialog, this.#stage.element, {
      onCommand: (command) => this.#command(command),
      onStageKey: (event) => (this.#tools.tool.key?.(event) ?? false) || this.#stage.key(event),
      onSpace: (isHeld) => this.#stage.holdSpace(isHeld),
      onOriginal: (isOriginal) => this.#see({ isOriginal }),
      onEscape: () => this.#escape(),
    });
    this.#choose('restore');
  }

  /** @returns {string | null} the photo that is open */
  get openId() {
    return this.#open?.photo.id ?? null;
  }

  /** @param {string} id of a photo that is finished; anything else opens nothing @param {ToolName} [tool] to begin with */
  async open(id, tool) {
    if (id === this.openId) return;
    const photo = this.#page.photos().find((one) => one.id === id);
    if (!photo) return;
    const before = this.#open;
    this.#stage.cancel();
    this.#open = new OpenPhoto(photo, this.#page, {
      onChange: () => this.#show(),
      onEdit: ({ changed }) => (this.#showHistory(), changed && this.#stage.redraw(changed)),
      onEdits: (edits) => this.#adjust.show(effective(edits)),
      onPicture: () => this.#stage.redraw(),
      onFail: (error) => this.#fail(error),
    });
    this.#status.clear();
    if (tool) this.#choose(tool);
    if (!this.#frame.dialog.open) this.#frame.show();
    this.#stage.show(this.#open.edited);
    this.#adjust.show({ feather: 0, shift: 0 });
    this.#tools.renew(photo.document.size);
    void this.#offer();
    this.showPhotos();
    this.#see({ isOriginal: false, ground: this.#look.ground === 'chosen' && !this.#open.hasChosen ? 'checks' : this.#look.ground });
    this.#page.onOpen(id);
    await before?.close();
  }

  async close() {
    const open = this.#open;
    if (!open) return;
    this.#stage.cancel();
    this.#open = null;
    this.#stage.show(null);
    this.#tools.close();
    this.#strip.close();
    this.#frame.dialog.close();
    this.#page.onClose(open.photo.id);
    await open.close();
  }

  /** The photos that are finished are others. */
  showPhotos() {
    if (!this.#open) return;
    const photos = this.#page.photos();
    this.#strip.show(photos, this.#open.photo.id);
    this.#tools.showCount(photos.length);
    this.#bar.showName(this.#open.photo.name, photos.findIndex(({ id }) => id === this.openId), photos.length);
  }

  /** Not everywhere is there a model to select with. */
  async #offer() {
    const offer = await this.#page.segmenter.offered().catch(() => null);
    this.#toolBar.offer('select', offer !== null);
    this.#tools.offer(offer !== null);
  }

  get #opened() {
    if (!this.#open) throw new TypeError('no photo is open');
    return this.#open;
  }

  #show() {
    const { edited, hasChosen } = this.#open ?? { edited: null, hasChosen: false };
    const isOpen = edited?.isOpen ?? false;
    this.#showHistory();
    this.#adjust.disable(!isOpen);
    this.#view.show({ ...this.#look, hasChosen });
    this.#frame.showOpening(edited !== null && !isOpen);
    this.#status.showBusy(edited && !isOpen ? t('editor.opening') : null);
    this.#stage.showLook();
  }

  #showHistory() {
    const { done, undone, isOpen } = this.#open?.edited ?? { done: 0, undone: 0, isOpen: false };
    this.#bar.show({ canUndo: done > 0, canRedo: undone > 0, isOpen });
  }

  /** @param {Partial<Omit<import('./stage.js').Shown, 'chosen'>>} change */
  #see(change) {
    this.#look = { ...this.#look, ...change };
    this.#show();
  }

  /** @param {ToolName} tool */
  #choose(tool) {
    if (!this.#toolBar.has(tool)) return;
    this.#stage.cancel();
    this.#tools.choose(tool);
    this.#toolBar.show(tool);
    this.#stage.showTool();
  }

  /** @param {Promise<unknown>} work */
  async #commit(work) {
    const open = this.#open;
    try {
      await work;
      await open?.changed();
    } catch (error) {
      if (open && open === this.#open) this.#fail(error);
      return false;
    }
    if (open !== this.#open) return false;
    this.#tools.changed();
    return true;
  }

  /** @param {'undo' | 'redo'} direction */
  async #step(direction) {
    if (!this.#open?.edited.isOpen) return;
    this.#stage.cancel();
    const step = this.#opened.edited[direction]();
    if (await this.#commit(step) && await step) this.#status.say(t(direction === 'undo' ? 'editor.undone' : 'editor.redone'));
  }

  #reset() {
    if (this.#open?.edited.isOpen) void this.#commit(this.#opened.edited.apply({ kind: 'reset' })).then((isDone) => isDone && this.#status.say(t('editor.was-reset')));
  }

  /** @param {unknown} error that its worker met, or that it is gone with */
  #fail(error) {
    const { id } = this.#opened.photo;
    const isGone = !this.#opened.edited.isOpen || MatteboxError.from(error).code === 'worker-crashed';
    this.#status.showBusy(null);
    this.#status.showFailure(error, isGone ? { label: t('editor.open-again'), act: () => void this.#again(id) } : null);
  }

  /** @param {string} id */
  async #again(id) {
    const open = this.#open;
    this.#open = null;
    await open?.close();
    await this.open(id);
  }

  /** @param {import('./keys.js').Command} command @returns {boolean} it meant something */
  #command(command) {
    const act = command.startsWith('tool:') ? () => this.#choose(/** @type {ToolName} */ (command.slice(5))) : this.#commands[command];
    if (this.#tools.tool.command?.(command)) return true;
    act?.();
    return act !== undefined;
  }

  /** One thing at a time: what the tool is doing, then the options that lie over the photo, then the editor. */
  #escape() {
    if (this.#tools.tool.cancel()) return;
    if (!this.#frame.hideOptions()) void this.close();
  }

  /** @param {-1 | 1} direction */
  #turn(direction) {
    const photos = this.#page.photos();
    const next = photos[photos.findIndex(({ id }) => id === this.openId) + direction];
    if (next) void this.open(next.id);
  }
}
