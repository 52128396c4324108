/**
 * Photos of this page, kept on this device from one visit to the next, in IndexedDB: what it takes to bring them back without a model.
 *
 * What one tab keeps is a *desk*. A tab holds a lock for each desk of its own for as long as it lives, so no two write to the same one. A
 * tab that is reloaded, or brought back by its browser, finds its desk again; a new one takes over those that nobody holds any more.
 *
 * @typedef {import('idb').IDBPDatabase} Database
 * @typedef {typeof import('idb')} Library
 * @typedef {import('./tables.js').Desk} Desk
 * @typedef {import('./tables.js').Key} Key
 * @typedef {import('./tables.js').Kept} Kept
 * @typedef {{ getItem: (key: string) => string | null, setItem: (key: string, value: string) => void }} SessionStorage
 */
import { MatteboxError } from '../../shared/errors.js';
import { withPatience } from '../../shared/patience.js';
import { isKeptHere, NAME } from './kept-here.js';
import { create, putGroundRow, removeDesks, rowsOf, TABLES, troubleOf, VERSION } from './tables.js';

/** An open request can wait for ever: for another tab, or for a database that is damaged. */
const PATIENCE_MS = 5000;
/** Until a page that is gone has let go of its locks. */
const HANDOVER_MS = 2000;

/** @param {string} desk */
const lockOf = (desk) => `${NAME} ${desk}`;

export class PhotoStore {
  /** Those of this tab, the one that new photos go to first. @type {string[]} */
  #desks = [];
  /** @type {Promise<Database> | null} */
  #database = null;
  #order = 0;
  /** @type {import('./tables.js').GroundRow | null} */
  #ground = null;
  #given;

  /**
   * @param {object} [given]
   * @param {() => Promise<Library>} [given.library]
   * @param {LockManager | undefined} [given.locks]
   * @param {SessionStorage | null} [given.session]
   * @param {() => number} [given.now] ms since the epoch
   * @param {number} [given.patienceMs]
   * @param {number} [given.handoverMs]
   */
  constructor({ library = () => import('../../vendor/idb/index.js'), locks = navigator.locks, session = sessionHere(), now = Date.now, patienceMs = PATIENCE_MS, handoverMs = HANDOVER_MS } = {}) {
    this.#given = { library, locks, session, now, patienceMs, handoverMs };
  }

  /**
   * Take what is this tab's, or else what is nobody's. What nobody's tab has been open for too long goes.
   * @param {number | null} lastingMs for which photos of tabs that are closed are kept; null where nothing is to be kept, and all of it goes
   * @returns {Promise<Kept[]>} in the order they were added
   * @throws {MatteboxError} `storage-failed` with a `Trouble` as `reason`
   */
  async open(lastingMs) {
    // Where nothing is to be kept and nothing is, nothing is made.
    if (lastingMs === null && !(await isKeptHere())) return [];
    return this.#ask(async (database) => {
      const { locks, now, handoverMs } = this.#given;
      const own = this.#readOwn();
      const desks = /** @type {Desk[]} */ (await database.getAll('desks')).toSorted((a, b) => a.madeAt - b.madeAt);
      const back = await this.#take(desks.filter(({ id }) => own.includes(id)), handoverMs);
      const held = new Set((await /** @type {LockManager} */ (locks).query()).held?.map(({ name }) => name));
      const others = desks.filter(({ id }) => !held.has(lockOf(id)));
      const areGone = (/** @type {Desk} */ { aliveAt }) => lastingMs === null || now() - aliveAt > lastingMs;
      const gone = lastingMs === null ? [...back, ...others] : others.filter(areGone);
      if (gone.length > 0) await removeDesks(database, gone.map(({ id }) => id));
      this.#desks = (back.length > 0 ? back : await this.#take(others.filter((desk) => !areGone(desk)))).map(({ id }) => id);
      if (lastingMs === null) return [];
      if (this.#desks.length === 0) await this.#begin(database);
      this.#remember();
      const { kept, grounds } = await rowsOf(database, this.#desks);
      this.#ground = grounds[0] ?? null;
      this.#order = kept.reduce((most, { key: [, order] }) => Math.max(most, order), 0);
      // Nobody waits for it.
      void this.#touch(database).catch(() => {});
      return kept;
    });
  }

  /** @param {Desk[]} desks @param {number} [waitMs] for a page that is going @returns {Promise<Desk[]>} those that are this tab's now */
  async #take(desks, waitMs) {
    const taken = await Promise.all(desks.map(({ id }) => this.#hold(id, waitMs)));
    return desks.filter((_, i) => taken[i]);
  }

  /** @returns {Key} of another photo */
  newKey() {
    this.#order += 1;
    return [this.#desks[0] ?? '', this.#order];
  }

  /**
   * @param {Key} key
   * @param {unknown} value can be cloned
   * @param {Blob | null} file null where it is kept already
   * @throws {MatteboxError} `storage-failed`
   */
  put([desk, order], value, file) {
    return this.#ask(async (database) => {
      if (!this.#desks.includes(desk)) await this.#begin(database, desk);
      const writing = database.transaction(TABLES, 'readwrite');
      const writes = [writing.objectStore('photos').put({ desk, order, value })];
      if (file) writes.push(writing.objectStore('files').put({ desk, order, file }));
      await Promise.all([...writes, writing.done]);
    });
  }

  /** @param {Key} key */
  remove(key) {
    return this.#ask(async (database) => {
      const writing = database.transaction(TABLES, 'readwrite');
      await Promise.all([...TABLES.map((table) => writing.objectStore(table).delete(key)), writing.done]);
    });
  }

  /** @returns {{ file: Blob, value: unknown } | null} the picture that this tab's photos stood on when they were read; null for none */
  get ground() {
    return this.#ground;
  }

  /** @param {{ file: Blob, value: unknown } | null} ground whose value can be cloned; null for none any more */
  putGround(ground) {
    return this.#ask((database) => Promise.all(this.#desks.map((id, i) => putGroundRow(database, id, i === 0 ? ground : null))));
  }

  /** Let go of all that this tab keeps. */
  clear() {
    return this.#ask((database) => removeDesks(database, this.#desks, true));
  }

  /** This tab is still open. */
  touch() {
    return this.#ask((database) => this.#touch(database));
  }

  /** @param {Database} database */
  async #touch(database) {
    const writing = database.transaction('desks', 'readwrite');
    for (const id of this.#desks) {
      const desk = /** @type {Desk | undefined} */ (await writing.store.get(id));
      if (desk) await writing.store.put({ ...desk, aliveAt: this.#given.now() });
    }
    await writing.done;
  }

  /** @param {Database} database @param {string} [id] of one that is this tab's and has nothing on the device any more */
  async #begin(database, id = [...crypto.getRandomValues(new Uint32Array(2))].map((part) => part.toString(36)).join('')) {
    if (!this.#desks.includes(id)) {
      await this.#hold(id);
      this.#desks.push(id);
    }
    const at = this.#given.now();
    await database.put('desks', { id, madeAt: at, aliveAt: at });
  }

  /** @returns {string[]} */
  #readOwn() {
    try {
      const own = JSON.parse(this.#given.session?.getItem(NAME) ?? '[]');
      return Array.isArray(own) ? own : [];
    } catch {
      return [];
    }
  }

  /** For a page that this tab is reloaded into, or brought back with. */
  #remember() {
    try {
      this.#given.session?.setItem(NAME, JSON.stringify(this.#desks));
    } catch {
      // Then its desks are found as a new tab finds them.
    }
  }

  /** @param {string} desk @param {number} [waitMs] until another page lets go of it @returns {Promise<boolean>} whether it is this tab's from now on */
  #hold(desk, waitMs) {
    return new Promise((resolve) => {
      const how = waitMs === undefined ? { ifAvailable: true } : { signal: AbortSignal.timeout(waitMs) };
      const holding = /** @type {LockManager} */ (this.#given.locks).request(lockOf(desk), how, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise(() => {});
      });
      holding.catch(() => resolve(false));
    });
  }

  /**
   * @template T
   * @param {(database: Database) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async #ask(work) {
    const { locks, patienceMs } = this.#given;
    try {
      if (!locks) throw new MatteboxError('storage-failed', { reason: 'no-locks' });
      if (!globalThis.indexedDB) throw new MatteboxError('storage-failed', { reason: 'no-indexeddb' });
      return await withPatience(this.#connect().then(work), patienceMs);
    } catch (thrown) {
      this.#close();
      throw troubleOf(thrown);
    }
  }

  #connect() {
    this.#database ??= this.#given.library().then(({ openDB }) => openDB(NAME, VERSION, {
      upgrade: create,
      // A newer version of this page, in another tab, must not wait for this one.
      blocking: () => this.#close(),
      terminated: () => this.#close(),
    }));
    return this.#database;
  }

  #close() {
    this.#database?.then((database) => database.close(), () => {});
    this.#database = null;
  }
}

/** @returns {SessionStorage | null} null where it is blocked */
function sessionHere() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
