/**
 * The last runs on this device, kept in IndexedDB for the person who wants to look at them; nothing is ever sent. Where they
 * cannot be kept, this page remembers its own.
 *
 * Nobody has to wait for it and nothing here rejects: a photo is worth more than its report.
 *
 * @typedef {import('./diagnostics-entry.js').Entry} Entry
 * @typedef {import('idb').IDBPDatabase} Database
 * @typedef {typeof import('idb')} Library
 * @typedef {'no-indexeddb' | 'storage-full' | 'storage-slow' | 'storage-failed'} Trouble
 */
import { withPatience } from '../shared/patience.js';
import { soundEntry } from './diagnostics-entry.js';

const DATABASE = 'mattebox-diagnostics';
const STORE = 'entries';
const VERSION = 1;
const KEPT = 200;
/** An open request can wait for ever: for another tab, or for a database that is damaged (seen in WebKit and in Chromium). */
const PATIENCE_MS = 3000;
/** How a connection fails that was closed under us: by the browser, or for another tab's newer version. */
const CLOSED = ['InvalidStateError', 'AbortError'];

export class Diagnostics {
  /** What could not be stored, oldest first. @type {Entry[]} */
  #memory = [];
  /** @type {Promise<Database> | null} */
  #database = null;
  /** Calls take turns: what was added before is listed. @type {Promise<unknown>} */
  #lane = Promise.resolve();
  /** @type {Trouble | null} */
  #trouble = null;
  #library;
  #patienceMs;

  /**
   * @param {object} [given]
   * @param {() => Promise<Library>} [given.library] loaded with the first entry, so that no page waits for it
   * @param {number} [given.patienceMs]
   */
  constructor({ library = () => import('../vendor/idb/index.js'), patienceMs = PATIENCE_MS } = {}) {
    this.#library = library;
    this.#patienceMs = patienceMs;
  }

  /** @returns {Trouble | null} why entries are in this page's memory only */
  get trouble() {
    return this.#trouble;
  }

  /**
   * @param {Entry} entry of which only what the schema names is kept, as it is now
   * @returns {Promise<void>}
   */
  add(entry) {
    const sound = soundOrNull(entry);
    return this.#inTurn(async () => {
      if (!sound) return;
      const isStored = await this.#ask((database) => append(database, sound), false);
      if (!isStored) this.#memory = [...this.#memory, sound].slice(-KEPT);
    });
  }

  /** Fetch and open what is needed, so that nothing is fetched any more while photos are worked on. Never rejects. */
  prepare() {
    return this.#inTurn(() => this.#ask(async () => {}, undefined));
  }

  /** @returns {Promise<Entry[]>} newest first */
  list() {
    return this.#inTurn(async () => {
      const stored = await this.#ask((database) => database.getAll(STORE), []);
      const all = [...stored.flatMap((entry) => soundOrNull(entry) ?? []), ...this.#memory];
      return all.toReversed().toSorted((a, b) => b.at - a.at).slice(0, KEPT);
    });
  }

  /** @returns {Promise<boolean>} whether nothing is kept any more; false when what is stored cannot be reached */
  clear() {
    return this.#inTurn(async () => {
      this.#memory = [];
      const isCleared = await this.#ask((database) => database.clear(STORE).then(() => true), false);
      return isCleared || this.#trouble === 'no-indexeddb';
    });
  }

  /**
   * @template T
   * @param {() => Promise<T>} work that does not reject
   * @returns {Promise<T>}
   */
  #inTurn(work) {
    const turn = this.#lane.then(work);
    this.#lane = turn;
    return turn;
  }

  /**
   * @template T
   * @param {(database: Database) => Promise<T>} work
   * @param {T} otherwise
   * @returns {Promise<T>}
   */
  async #ask(work, otherwise) {
    // Each try would wait as long again, and what is late may still come true.
    if (this.#trouble === 'storage-slow') return otherwise;
    for (let retries = 1; ; retries--) {
      try {
        const asked = this.#open().then(work);
        const result = await withPatience(asked, this.#patienceMs);
        this.#trouble = null;
        return result;
      } catch (thrown) {
        this.#close();
        if (retries > 0 && CLOSED.includes(nameOf(thrown))) continue;
        this.#trouble = troubleOf(thrown);
        return otherwise;
      }
    }
  }

  /** @returns {Promise<Database>} */
  #open() {
    if (this.#database) return this.#database;
    if (!isThere()) return Promise.reject(new DOMException('', 'NotSupportedError'));
    const opening = this.#library().then(({ openDB }) =>
      openDB(DATABASE, VERSION, {
        upgrade: (database) => void database.createObjectStore(STORE, { autoIncrement: true }),
        // A newer version of this page, in another tab, must not wait for this one.
        blocking: () => this.#close(),
        terminated: () => this.#close(),
      }),
    );
    this.#database = opening;
    return opening;
  }

  #close() {
    this.#database?.then((database) => database.close(), () => {});
    this.#database = null;
  }
}

/**
 * In one transaction, so that tabs that write at once lose nothing and keep to the limit together.
 * @param {Database} database
 * @param {Entry} entry
 */
async function append(database, entry) {
  const transaction = database.transaction(STORE, 'readwrite');
  const { store } = transaction;
  const work = async () => {
    await store.add(entry);
    const surplus = (await store.count()) - KEPT;
    if (surplus > 0) await store.delete(IDBKeyRange.upperBound((await store.getAllKeys(null, surplus)).at(-1)));
  };
  // A transaction that is aborted knows why, its requests do not.
  const [worked, done] = await Promise.allSettled([work(), transaction.done]);
  if (done.status === 'rejected') throw done.reason;
  if (worked.status === 'rejected') throw worked.reason;
  return true;
}

/** @param {unknown} value */
function soundOrNull(value) {
  try {
    return soundEntry(value);
  } catch {
    // Something that cannot even be read.
    return null;
  }
}

/** Some browsers throw where storage is blocked. */
function isThere() {
  try {
    return Boolean(globalThis.indexedDB);
  } catch {
    return false;
  }
}

/** @param {unknown} thrown */
const nameOf = (thrown) => (thrown instanceof Error ? thrown.name : '');

/** @type {Record<string, Trouble>} by the error's name */
const TROUBLES = { NotSupportedError: 'no-indexeddb', QuotaExceededError: 'storage-full', TimeoutError: 'storage-slow' };

/**
 * @param {unknown} thrown
 * @returns {Trouble}
 */
const troubleOf = (thrown) => TROUBLES[nameOf(thrown)] ?? 'storage-failed';
