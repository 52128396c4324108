import { t } from '../messages/later.js';
import { armConfirm } from './confirm.js';
import { part, setText, stamp } from './dom.js';
import { failure } from './failure.js';
import { storedRows, total } from './stored-rows.js';
import { askAll, askRow, exactSize, factsOf, keepingWords, nameOf, sizeOf, usageWords } from './stored-words.js';

/** @typedef {import('./stored-rows.js').StoredFile} StoredFile */
/** @typedef {import('./stored-rows.js').StoredRow} StoredRow */
/** @typedef {{ files: StoredFile[], usage: number | null, quota: number | null, persisted: boolean | null }} Contents */
/**
 * @typedef {object} Storekeeper
 * @property {() => Promise<Contents>} stored
 * @property {(file: { sha256?: string }) => Promise<void>} forget everything when no digest is given
 * @property {() => Promise<boolean | null>} persist asks the browser to keep what is stored
 */

/** "Stored on this device": what, how much, since when, and the way to be rid of it. */
export class StoredPanel {
  #dialog = part(document, 'stored', HTMLDialogElement);
  #heading = part(this.#dialog, 'heading', HTMLElement);
  #usage = part(this.#dialog, 'usage', HTMLElement);
  #promise = part(this.#dialog, 'keeping', HTMLElement);
  #persist = part(this.#dialog, 'persist', HTMLButtonElement);
  #list = part(this.#dialog, 'files', HTMLElement);
  #empty = part(this.#dialog, 'empty', HTMLElement);
  #failure = part(this.#dialog, 'failure', HTMLElement);
  #all = part(this.#dialog, 'all', HTMLElement);
  #allConfirm;
  #store;
  #kept;
  #findModel;
  #onForget;
  /** @type {StoredRow[]} */
  #rows = [];
  /** Whether it was asked elsewhere on the page. */
  #wasAskedBefore;
  #wasAskedHere = false;

  /**
   * @param {Storekeeper} store
   * @param {object} setting
   * @param {boolean} setting.kept whether this browser can store anything
   * @param {() => boolean} setting.wasAsked whether it was asked to keep what is stored
   * @param {(id: string) => { title: string, bytes: number } | null} setting.findModel
   * @param {{ before: () => void, after: () => void }} setting.onForget
   */
  constructor(store, { kept, wasAsked, findModel, onForget }) {
    this.#store = store;
    this.#kept = kept;
    this.#findModel = findModel;
    this.#onForget = onForget;
    this.#wasAskedBefore = wasAsked;
    part(this.#dialog, 'close', HTMLButtonElement).addEventListener('click', () => this.#dialog.close());
    // A press on the dialog itself is one beside its content.
    this.#dialog.addEventListener('click', (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
    this.#persist.addEventListener('click', () => void this.#askToKeep());
    this.#allConfirm = armConfirm(this.#all, () => askAll(this.#bytes(), total(this.#rows)), () => void this.#forget([{}]));
  }

  get #wasAsked() {
    return this.#wasAskedHere || this.#wasAskedBefore();
  }

  open() {
    setText(this.#usage, t('stored.checking'));
    this.#failure.replaceChildren();
    this.#dialog.showModal();
    this.#heading.focus();
    void this.#load();
  }

  async #load() {
    try {
      this.#show(await this.#store.stored());
    } catch (error) {
      setText(this.#usage, '');
      this.#failure.replaceChildren(failure(error));
    }
  }

  /** @param {Contents} contents */
  #show({ files, usage, quota, persisted }) {
    this.#rows = storedRows(files, (file) => this.#nameOf(file));
    setText(this.#usage, this.#kept ? usageWords(this.#bytes(), usage, quota) : '');
    setText(this.#promise, this.#kept ? keepingWords(persisted, this.#wasAsked) : '');
    this.#persist.hidden = !this.#kept || persisted !== false || this.#wasAsked;
    setText(this.#empty, t(this.#kept ? 'stored.empty' : 'stored.cannot'));
    this.#empty.hidden = files.length > 0;
    this.#list.replaceChildren(...this.#rows.map((row) => this.#row(row)));
    this.#allConfirm.reset();
    this.#all.hidden = this.#rows.length < 2;
  }

  /** On this device, of what the list shows. */
  #bytes() {
    return this.#rows.reduce((sum, { have }) => sum + have, 0);
  }

  /** @param {StoredFile} file */
  #nameOf({ role, name, models }) {
    const known = role === 'model' ? models.flatMap((id) => this.#findModel(id) ?? []) : [];
    const title = known.map((model) => model.title).join(', ');
    // A file that two models share says nothing about what else either of them needs.
    return { title: title || nameOf(role, name), bytes: known.length === 1 ? known[0].bytes : null };
  }

  /** @param {StoredRow} row */
  #row(row) {
    const element = stamp('stored-template');
    element.dataset.role = row.role;
    setText(part(element, 'name', HTMLElement), row.title);
    setText(part(element, 'facts', HTMLElement), factsOf(row, Date.now()));
    const size = part(element, 'size', HTMLElement);
    setText(size, sizeOf(row));
    size.title = exactSize(row);
    part(element, 'delete', HTMLElement).setAttribute('aria-label', t('stored.delete', { name: row.title }));
    armConfirm(element, () => askRow(row), () => void this.#forget(row.digests.map((sha256) => ({ sha256 }))));
    return element;
  }

  /** @param {{ sha256?: string }[]} files */
  async #forget(files) {
    this.#failure.replaceChildren();
    this.#onForget.before();
    try {
      for (const file of files) await this.#store.forget(file);
    } catch (error) {
      this.#failure.replaceChildren(failure(error));
    }
    await this.#load();
    // The pressed button is gone.
    this.#heading.focus();
    this.#onForget.after();
  }

  async #askToKeep() {
    this.#persist.disabled = true;
    try {
      await this.#store.persist();
      this.#wasAskedHere = true;
    } catch (error) {
      this.#failure.replaceChildren(failure(error));
    }
    this.#persist.disabled = false;
    await this.#load();
    if (this.#persist.hidden) this.#heading.focus();
  }
}
